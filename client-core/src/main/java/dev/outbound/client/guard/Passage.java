package dev.outbound.client.guard;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.BulkheadFullException;
import dev.outbound.client.http.CircuitOpenException;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.RateLimitedException;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.TransportException;

/**
 * The way of one call's requests through the {@link Guard}, one after the other: in by
 * the circuit breaker, the rate limiter and the bulkhead, in this order, and out again,
 * whatever became of them. Each request gives back what it was given once.
 * <p>
 * Times are nanoseconds of one clock. Not thread-safe: one thing after the other.
 *
 * @since 0.1
 */
public final class Passage {

    private final Guard guard;

    private Stage stage = Stage.OUTSIDE;

    private CircuitBreaker.@Nullable Permission permission;

    private Bulkhead.@Nullable Place place;

    private long sentAt;

    private long headAt;

    private int status;

    public Passage(Guard guard) {
        this.guard = guard;
    }

    /**
     * Ask to send a request; the one before has ended.
     * @param now the time
     * @param remaining how long the call may take, in nanoseconds
     * @return what to do
     */
    public Ruling enter(long now, long remaining) {
        leave(null, now);
        CircuitBreaker breaker = this.guard.circuitBreaker();
        if (breaker != null) {
            this.permission = breaker.acquire(now);
            if (this.permission == null) {
                return new Ruling.Refuse(circuitOpen(breaker));
            }
        }
        RateLimiter limiter = this.guard.rateLimiter();
        if (limiter != null) {
            long wait = limiter.reserve(now, Math.min(remaining, nanos(limiter.settings().maxWait())));
            if (wait == RateLimiter.REFUSED) {
                leave(null, now);
                return new Ruling.Refuse(rateLimited(limiter, remaining));
            }
            if (wait > 0) {
                this.stage = Stage.LIMITED;
                return new Ruling.Pause(wait);
            }
        }
        return takePlace(now, remaining);
    }

    /**
     * Return whether an answer was to ask again.
     * @return whether {@link #again} is next
     */
    public boolean isWaiting() {
        return this.stage == Stage.LIMITED || this.stage == Stage.QUEUED;
    }

    /**
     * Ask again after a wait.
     * @param now the time
     * @param remaining how long the call may take, in nanoseconds
     * @return what to do
     */
    public Ruling again(long now, long remaining) {
        if (this.stage == Stage.LIMITED) {
            return takePlace(now, remaining);
        }
        Bulkhead.Place place = this.place;
        Bulkhead bulkhead = this.guard.bulkhead();
        if (place == null || bulkhead == null || place.isTaken()) {
            return pass(now);
        }
        leave(null, now);
        return refuse(bulkhead);
    }

    private Ruling takePlace(long now, long remaining) {
        Bulkhead bulkhead = this.guard.bulkhead();
        if (bulkhead == null) {
            return pass(now);
        }
        Bulkhead.Place place = bulkhead.enter();
        this.place = place;
        if (place.isTaken()) {
            return pass(now);
        }
        long wait = Math.min(remaining, nanos(bulkhead.settings().maxWait()));
        if (wait <= 0) {
            leave(null, now);
            return refuse(bulkhead);
        }
        this.stage = Stage.QUEUED;
        return new Ruling.Queue(place.arrival(), wait);
    }

    private Ruling pass(long now) {
        this.stage = Stage.SENT;
        this.sentAt = now;
        this.headAt = now;
        this.status = 0;
        return Ruling.Pass.INSTANCE;
    }

    /**
     * See the head of the response.
     * @param status its status
     * @param now the time
     */
    public void responded(int status, long now) {
        this.status = status;
        this.headAt = now;
    }

    /**
     * See that the body of the response was read to its end.
     * @param now the time
     */
    public void buffered(long now) {
        this.headAt = now;
        leave(null, now);
    }

    /**
     * See that the request has ended: its response is not used any longer, or there is
     * none. Does nothing when it has ended already.
     * @param failure what ended it, or {@code null}
     * @param now the time
     */
    public void leave(@Nullable Throwable failure, long now) {
        CircuitBreaker.Permission permission = this.permission;
        Bulkhead.Place place = this.place;
        this.permission = null;
        this.place = null;
        boolean sent = this.stage == Stage.SENT;
        this.stage = Stage.OUTSIDE;
        try {
            if (permission != null) {
                tell(permission, sent, failure, now);
            }
        }
        finally {
            if (place != null) {
                place.leave();
            }
        }
    }

    private void tell(CircuitBreaker.Permission permission, boolean sent, @Nullable Throwable failure, long now) {
        CircuitBreaker breaker = this.guard.circuitBreaker();
        boolean bad = breaker != null && this.status != 0 && breaker.settings().isFailure(this.status);
        if (sent && (bad || isFailure(failure))) {
            permission.ended(true, now - this.sentAt, now);
        }
        else if (sent && this.status != 0 && (failure == null || failure instanceof StatusException)) {
            // A stream is as slow as its reader; only what the upstream takes counts.
            permission.ended(false, this.headAt - this.sentAt, now);
        }
        else {
            permission.release(now);
        }
    }

    /** Whether it speaks against the upstream. */
    private static boolean isFailure(@Nullable Throwable failure) {
        return failure instanceof TransportException && !(failure instanceof PoolTimeoutException
                || failure instanceof BlockedAddressException || failure instanceof LocalProtocolException);
    }

    private static CircuitOpenException circuitOpen(CircuitBreaker breaker) {
        Duration remaining = breaker.remaining();
        return switch (breaker.state()) {
            case FORCED_OPEN ->
                new CircuitOpenException("the circuit breaker was opened by hand; close it again", null);
            case HALF_OPEN -> new CircuitOpenException("the circuit breaker lets " + breaker.settings().trialCalls()
                    + " requests through to see whether the upstream is back, and they are on their way", null);
            case OPEN,
                    CLOSED ->
                new CircuitOpenException("the circuit breaker is open, because too many requests of"
                        + " late have failed" + ((breaker.settings().slowCall() != null) ? " or were slow" : "")
                        + ((remaining != null) ? "; it lets the next one through in " + seconds(remaining) : ""),
                        remaining);
        };
    }

    private static RateLimitedException rateLimited(RateLimiter limiter, long remaining) {
        RateLimiterSettings settings = limiter.settings();
        boolean deadline = remaining < nanos(settings.maxWait());
        return new RateLimitedException("the limit of " + settings.permits() + " requests in "
                + seconds(settings.period()) + " has no permit left within "
                + (deadline ? "the time that is left for the call" : "the max-wait of " + seconds(settings.maxWait())),
                null);
    }

    private static Ruling refuse(Bulkhead bulkhead) {
        bulkhead.reject();
        BulkheadSettings settings = bulkhead.settings();
        return new Ruling.Refuse(new BulkheadFullException(
                "all of the " + settings.maxCalls() + " requests that the bulkhead allows are on their way"
                        + (settings.maxWait().isZero() ? "" : ", and none ended in time"),
                null));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
    }

    private static long nanos(Duration duration) {
        return (duration.getSeconds() < Long.MAX_VALUE / 1_000_000_000) ? duration.toNanos() : Long.MAX_VALUE;
    }

    /** Where the request is. */
    private enum Stage {

        OUTSIDE, LIMITED, QUEUED, SENT

    }

}
