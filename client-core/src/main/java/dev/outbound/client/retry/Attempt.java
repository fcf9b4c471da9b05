package dev.outbound.client.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.StatusException;

/**
 * One attempt and what came of it: a result or a failure. Before an attempt there is
 * neither.
 * <p>
 * The result of an attempt of a client is the head of a response. The result of other
 * code (see {@code dev.outbound.client.Retries}) is whatever it returned.
 *
 * @since 0.1
 */
public final class Attempt {

    private final int number;

    private final @Nullable Request request;

    private final @Nullable Object result;

    private final @Nullable Throwable failure;

    private final Duration elapsed;

    private final Duration waited;

    private final Instant now;

    private final DoubleSupplier random;

    /**
     * Create an attempt that was made, to test a policy with.
     * @param number which attempt it was, from 1
     * @param request what was sent
     * @param response the response, or {@code null} when the attempt failed
     * @param failure why there is no response, or {@code null} when there is one
     * @param elapsed the time since the call began
     * @param now the time of day
     * @param random the number from 0 (inclusive) to 1 (exclusive) that {@link #random()}
     * draws
     */
    public Attempt(int number, Request request, @Nullable ResponseHead response, @Nullable Throwable failure,
            Duration elapsed, Instant now, double random) {
        this(number, request, response, failure, elapsed, Duration.ZERO, now, () -> random);
    }

    Attempt(int number, @Nullable Request request, @Nullable Object result, @Nullable Throwable failure,
            Duration elapsed, Duration waited, Instant now, DoubleSupplier random) {
        this.number = number;
        this.request = request;
        this.result = result;
        this.failure = failure;
        this.elapsed = elapsed;
        this.waited = waited;
        this.now = now;
        this.random = random;
    }

    /**
     * Return which attempt it is.
     * @return 1 for the first
     */
    public int number() {
        return this.number;
    }

    /**
     * Return the request of this attempt.
     * @return what was sent last, after redirects; {@code null} for other code than a
     * client's
     */
    public @Nullable Request request() {
        return this.request;
    }

    /**
     * Return what the attempt gave.
     * @return the result; {@code null} when there is none, or it was {@code null}
     */
    public @Nullable Object result() {
        return this.result;
    }

    /**
     * Return the response that the attempt got: its result, or the one that a
     * {@link StatusException} carries.
     * @return the head of the response, or {@code null} when there is none
     */
    public @Nullable ResponseHead response() {
        Object outcome = (this.failure instanceof StatusException ex) ? ex.response() : this.result;
        if (outcome instanceof AbstractResponse response) {
            return new HeadOf(response);
        }
        return (outcome instanceof ResponseHead head) ? head : null;
    }

    /**
     * Return what the attempt failed with.
     * @return the failure, or {@code null} when it did not fail
     */
    public @Nullable Throwable failure() {
        return this.failure;
    }

    /**
     * Return the time since the call began, waits included.
     * @return zero or more
     */
    public Duration elapsed() {
        return this.elapsed;
    }

    /**
     * Return how much of {@link #elapsed()} was waited between attempts.
     * @return zero or more
     */
    public Duration waited() {
        return this.waited;
    }

    /**
     * Return the time of day.
     * @return the time when the attempt ended
     */
    public Instant now() {
        return this.now;
    }

    /**
     * Draw a random number, another one each time.
     * @return 0 (inclusive) to 1 (exclusive)
     */
    public double random() {
        return this.random.getAsDouble();
    }

    @Override
    public String toString() {
        ResponseHead response = response();
        String outcome = (this.failure != null) ? this.failure.getClass().getSimpleName()
                : (response != null) ? "status " + response.statusCode() : "result";
        return "attempt " + this.number + ": " + outcome + " after " + this.elapsed;
    }

}
