package dev.outbound.client;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;

/** Is told what a call does. */
interface CallListener {

    /**
     * A request is about to be sent.
     * @return the request to send
     */
    Request sending(Request request, SendReason reason);

    /** What came of it. */
    void sent(@Nullable ResponseHead response, @Nullable RequestException failure);

    /** The call is over, its delivered body included. Once for each. */
    void closed(@Nullable ResponseHead response, @Nullable Throwable failure);

}
