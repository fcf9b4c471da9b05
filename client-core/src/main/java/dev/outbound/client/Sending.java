package dev.outbound.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;

/**
 * A request that was sent, and what came of it.
 *
 * @param request what was sent, with cookies and credentials
 * @param reason why it was sent
 * @param number which request of the call it was, from 1
 * @param response the head of the response, or {@code null} when there was none
 * @param failure why there was none, or {@code null} when there was one, and when what
 * the transport threw is no failure of a request but a bug
 * @param elapsed the time from sending it to the head of the response or the failure
 * @since 0.1
 */
public record Sending(Request request, SendReason reason, int number, @Nullable ResponseHead response,
        @Nullable RequestException failure, Duration elapsed) {
}
