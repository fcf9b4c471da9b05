package dev.outbound.client.http;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * An attempt that was to be repeated.
 *
 * @param number which attempt it was, from 1
 * @param result what it gave: of a client's attempt the {@link ResponseHead}, of the last
 * one the {@link Response} if it was read; {@code null} when it failed
 * @param failure what it failed with, or {@code null} when it gave a result
 * @param elapsed the time from the beginning of the call to the end of the attempt
 * @since 0.1
 */
public record FailedAttempt(int number, @Nullable Object result, @Nullable Throwable failure, Duration elapsed) {

    /**
     * Return this attempt with another result.
     * @param result the result
     * @return another attempt
     */
    public FailedAttempt withResult(Object result) {
        return new FailedAttempt(this.number, result, this.failure, this.elapsed);
    }

    /** Say what came of it; results of other code than a client's are not shown. */
    String describe() {
        if (this.failure instanceof StatusException ex) {
            return "status " + ex.statusCode();
        }
        if (this.failure != null) {
            return this.failure.getClass().getSimpleName();
        }
        if (this.result instanceof ResponseHead head) {
            return "status " + head.statusCode();
        }
        return (this.result instanceof AbstractResponse response) ? "status " + response.statusCode()
                : "a result that was to be retried";
    }

    @Override
    public String toString() {
        return "attempt " + this.number + ": " + describe() + " after " + this.elapsed;
    }

}
