package dev.outbound.client.retry;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.NetworkException;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.TotalTimeoutException;

/**
 * Which attempts are to be repeated.
 *
 * <pre class="code">
 * RetryOn.transientFailure().or(RetryOn.status(429, 503));
 * RetryOn.exception(SQLTransientException.class).and(RetryOn.message("busy").negate());
 * RetryOn notReady = RetryOn.response((response) -&gt; "pending".equals(response.first("X-State")));
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RetryOn {

    /**
     * Return whether this attempt is to be repeated.
     * @param attempt an attempt that has ended
     * @return whether it is
     */
    boolean matches(Attempt attempt);

    /**
     * Repeat every attempt, also a good one.
     * @return always
     */
    static RetryOn always() {
        return (attempt) -> true;
    }

    /**
     * Repeat no attempt.
     * @return never
     */
    static RetryOn never() {
        return (attempt) -> false;
    }

    /**
     * Repeat what a policy repeats unless told otherwise: a
     * {@linkplain #transientFailure() transient failure}, and a response of status 429,
     * 502, 503 or 504.
     * @return the condition
     */
    static RetryOn defaults() {
        return transientFailure().or(status(429, 502, 503, 504));
    }

    /**
     * Repeat after failures that may be gone the next time: timeouts (but not that of the
     * whole call), a connection that cannot be opened or is lost, a proxy that fails.
     * @return the condition
     */
    static RetryOn transientFailure() {
        return exception((failure) -> (failure instanceof ClientTimeoutException || failure instanceof NetworkException
                || (failure instanceof ProxyException proxy && !proxy.isRefusal()))
                && !(failure instanceof TotalTimeoutException || failure instanceof CancelledException
                        || failure instanceof BlockedAddressException));
    }

    /**
     * Repeat after a response of one of these statuses, be it the result or carried by a
     * {@link dev.outbound.client.http.StatusException}.
     * @param statuses the codes
     * @return the condition
     */
    static RetryOn status(Integer... statuses) {
        Set<Integer> codes = Set.copyOf(Arrays.asList(statuses));
        return response((response) -> codes.contains(response.statusCode()));
    }

    /**
     * Repeat after a response that fits.
     * @param responses is shown status and field lines; the body was not read
     * @return the condition
     */
    static RetryOn response(Predicate<? super ResponseHead> responses) {
        Assert.notNull(responses, "responses must not be null");
        return (attempt) -> {
            ResponseHead response = attempt.response();
            return response != null && responses.test(response);
        };
    }

    /**
     * Repeat after a result that fits. The result of a client's attempt is a
     * {@link ResponseHead}.
     * @param results is shown what was returned, which may be {@code null}
     * @return the condition; never holds for a failure
     */
    static RetryOn result(Predicate<? super @Nullable Object> results) {
        Assert.notNull(results, "results must not be null");
        return (attempt) -> attempt.failure() == null && results.test(attempt.result());
    }

    /**
     * Repeat after failures of these types.
     * @param types the types; none for any failure
     * @return the condition
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static RetryOn exception(Class<? extends Throwable>... types) {
        Class<? extends Throwable>[] copy = types.clone();
        return exception((failure) -> isOneOf(copy, failure));
    }

    /**
     * Repeat after failures that fit.
     * @param failures is shown the failure
     * @return the condition
     */
    static RetryOn exception(Predicate<? super Throwable> failures) {
        Assert.notNull(failures, "failures must not be null");
        return (attempt) -> {
            Throwable failure = attempt.failure();
            return failure != null && failures.test(failure);
        };
    }

    /**
     * Repeat after failures whose cause, or the cause of that, is of one of these types.
     * @param types the types; none for any cause
     * @return the condition
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static RetryOn cause(Class<? extends Throwable>... types) {
        Class<? extends Throwable>[] copy = types.clone();
        return exception((failure) -> {
            Throwable cause = failure.getCause();
            // A chain of causes can be a circle.
            for (int depth = 0; cause != null && depth < 100; depth++) {
                if (isOneOf(copy, cause)) {
                    return true;
                }
                cause = cause.getCause();
            }
            return false;
        });
    }

    /**
     * Repeat after failures with this message.
     * @param message the whole message, for a {@link ClientException} its
     * {@linkplain ClientException#detail() detail}; a failure without one has an empty
     * one
     * @return the condition
     */
    static RetryOn message(String message) {
        Assert.notNull(message, "message must not be null");
        return exception((failure) -> message.equals(messageOf(failure)));
    }

    /**
     * Repeat after failures whose message begins with what a pattern matches.
     * @param messages the pattern
     * @return the condition
     */
    static RetryOn message(Pattern messages) {
        Assert.notNull(messages, "messages must not be null");
        return exception((failure) -> messages.matcher(messageOf(failure)).lookingAt());
    }

    /**
     * Repeat when this or another condition holds.
     * @param other is asked only when this one does not hold
     * @return the condition
     */
    default RetryOn or(RetryOn other) {
        Assert.notNull(other, "other must not be null");
        return (attempt) -> matches(attempt) || other.matches(attempt);
    }

    /**
     * Repeat when this and another condition hold.
     * @param other is asked only when this one holds
     * @return the condition
     */
    default RetryOn and(RetryOn other) {
        Assert.notNull(other, "other must not be null");
        return (attempt) -> matches(attempt) && other.matches(attempt);
    }

    /**
     * Repeat when this condition does not hold. What excludes a failure repeats good
     * results then: {@code exception().and(condition.negate())} does not.
     * @return the condition
     */
    default RetryOn negate() {
        return (attempt) -> !matches(attempt);
    }

    private static boolean isOneOf(Class<? extends Throwable>[] types, Throwable failure) {
        return types.length == 0 || Arrays.stream(types).anyMatch((type) -> type.isInstance(failure));
    }

    private static String messageOf(Throwable failure) {
        String message = (failure instanceof ClientException ex) ? ex.detail() : failure.getMessage();
        return (message != null) ? message : "";
    }

}
