package dev.outbound.client;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.ResponseHead;

/** Is told once when a call is over, its delivered body included. */
interface CallEnd {

    void closed(@Nullable ResponseHead response, @Nullable Throwable failure);

}
