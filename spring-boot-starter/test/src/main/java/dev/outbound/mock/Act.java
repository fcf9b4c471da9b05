package dev.outbound.mock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.TransportSettings;

/**
 * One thing that an upstream does for a request. What a reply does is decided here; the
 * transports only do it.
 */
sealed interface Act {

    /** Return what happens before the head, in order. */
    static List<Act> beforeHead(Reply reply, SentRequest request) {
        List<Act> acts = new ArrayList<>();
        Fault fault = reply.fault();
        for (Phase phase : List.of(Phase.CONNECT, Phase.TLS, Phase.HEAD)) {
            Duration delay = reply.delay(phase);
            if (delay != null) {
                acts.add(new Pause(phase, delay));
            }
        }
        if (fault != null && fault.isInsteadOfHead()) {
            acts.add(fault.act(request));
        }
        return acts;
    }

    /** Return what happens behind the head, in order. */
    static List<Act> body(Reply reply, SentRequest request) {
        if (!hasBody(reply, request)) {
            return List.of();
        }
        List<Act> acts = new ArrayList<>();
        Duration delay = reply.delay(Phase.BODY);
        if (delay != null) {
            acts.add(new Pause(Phase.BODY, delay));
        }
        byte[] body = reply.body();
        Fault fault = reply.fault();
        int length = (fault != null && !fault.isInsteadOfHead()) ? Math.min(fault.after(), body.length) : body.length;
        if (length > 0) {
            acts.add(new Bytes((length < body.length) ? Arrays.copyOf(body, length) : body));
        }
        if (fault != null && !fault.isInsteadOfHead()) {
            acts.add(fault.act(request));
        }
        else if (reply.announcedLength() > body.length) {
            acts.add(Fault.truncateAfter(body.length).act(request));
        }
        return acts;
    }

    /** RFC 9112, section 6.3: other lengths tell what a body would have. */
    private static boolean hasBody(Reply reply, SentRequest request) {
        return !request.method().equals(HttpMethod.HEAD) && reply.status() != 204 && reply.status() != 304;
    }

    /**
     * Let time pass.
     *
     * @param phase what takes the time
     * @param duration how long, or {@code null} for ever
     */
    record Pause(Phase phase, @Nullable Duration duration) implements Act {

        /**
         * Return how the pause ends.
         * @param request the request that waits
         * @param settings those of the client's engine
         * @param deadline when its call must have ended
         * @param now the time
         */
        Wait wait(SentRequest request, TransportSettings settings, long deadline, long now) {
            long wanted = (this.duration != null) ? this.duration.toNanos() : Long.MAX_VALUE;
            Duration limit = limit(request.request().timeouts());
            long allowed = (limit != null) ? limit.toNanos() : Long.MAX_VALUE;
            long remaining = (deadline != Cancellation.NO_DEADLINE) ? Math.max(0, deadline - now) : Long.MAX_VALUE;
            if (wanted == Long.MAX_VALUE && allowed == Long.MAX_VALUE && remaining == Long.MAX_VALUE) {
                throw new AssertionError("The mock upstream stalls for ever (" + this.phase + ") and " + request
                        + " has neither a limit for it nor a total one: the call would never end. "
                        + "Give the client timeouts, or the reply a delay");
            }
            if (wanted <= Math.min(allowed, remaining)) {
                return new Wait(Duration.ofNanos(wanted), null);
            }
            if (allowed <= remaining) {
                return new Wait(Duration.ofNanos(allowed), timeout(request, settings, limit));
            }
            return new Wait(Duration.ofNanos(remaining),
                    new TotalTimeoutException(this.phase, "the time for the whole call ran out", null));
        }

        private RequestException timeout(SentRequest request, TransportSettings settings, @Nullable Duration limit) {
            return (this.phase == Phase.POOL) ? Failures.poolTimeout(settings, limit, null)
                    : Failures.timeout(this.phase, request.url(), limit, null);
        }

        private @Nullable Duration limit(Timeouts timeouts) {
            return switch (this.phase) {
                case POOL -> timeouts.pool();
                case LOOKUP, CONNECT -> timeouts.connect();
                case TLS -> timeouts.tls();
                case WRITE -> timeouts.write();
                case HEAD, BODY -> timeouts.read();
                case PREPARE, PAUSE -> null;
            };
        }

    }

    /**
     * Fail.
     *
     * @param failure what is thrown
     */
    record Fail(RuntimeException failure) implements Act {
    }

    /**
     * Send some of the body.
     *
     * @param bytes the bytes
     */
    record Bytes(byte[] bytes) implements Act {
    }

    /**
     * What a pause comes to.
     *
     * @param duration how long it takes
     * @param failure how the request ends then, or {@code null} if it goes on
     */
    record Wait(Duration duration, @Nullable RequestException failure) {
    }

}
