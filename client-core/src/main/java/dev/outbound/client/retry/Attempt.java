package dev.outbound.client.retry;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;

/**
 * One attempt and what came of it: a response or a failure.
 *
 * @param number which attempt it was, from 1
 * @param request what was sent
 * @param response the response, or {@code null} when the attempt failed
 * @param failure why there is no response, or {@code null} when there is one
 * @param elapsed the time since the call began
 * @param now the time of day
 * @param random a number from 0 (inclusive) to 1 (exclusive), for jitter
 * @since 0.1
 */
public record Attempt(int number, Request request, @Nullable ResponseHead response, @Nullable RequestException failure,
        Duration elapsed, Instant now, double random) {
}
