package dev.outbound.client.http;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The last attempt was to be repeated, and there was no further one. Thrown only where a
 * retry policy asks for it; otherwise the last response, or the last failure, is handed
 * out.
 * <p>
 * Its cause is what the last attempt failed with; there is none when that gave a
 * response.
 *
 * @since 0.1
 */
public final class RetriesExhaustedException extends RequestException {

    private static final long serialVersionUID = 1L;

    private final transient List<FailedAttempt> attempts;

    /**
     * Create an exception.
     * @param attempts all attempts, in order
     * @param reason why there was no further one: a clause without a full stop
     */
    public RetriesExhaustedException(List<FailedAttempt> attempts, String reason) {
        super(describe(attempts, reason), attempts.get(attempts.size() - 1).failure());
        this.attempts = List.copyOf(attempts);
    }

    private static String describe(List<FailedAttempt> attempts, String reason) {
        Assert.notEmpty(attempts, "attempts must not be empty");
        FailedAttempt last = attempts.get(attempts.size() - 1);
        return "given up after " + last.number() + ((last.number() == 1) ? " attempt" : " attempts") + ", because "
                + reason + "; the last one: " + last.describe();
    }

    /**
     * Return all attempts.
     * @return the attempts in order, at least one
     */
    public List<FailedAttempt> attempts() {
        return this.attempts;
    }

    /**
     * Return the last attempt.
     * @return the last of {@link #attempts()}
     */
    public FailedAttempt last() {
        return this.attempts.get(this.attempts.size() - 1);
    }

    @Override
    public @Nullable Phase phase() {
        return (getCause() instanceof ClientException ex) ? ex.phase() : null;
    }

}
