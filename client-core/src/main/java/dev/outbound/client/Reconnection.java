package dev.outbound.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.EventDecoder;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.NetworkException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.TotalTimeoutException;

/**
 * Decides, for server-sent events that are followed over many connections, whether to
 * connect again, when, and from where (WHATWG HTML, section 9.2.3). Where a browser gives
 * up at any status but 200, what proxies say while a server restarts is waited out here.
 * <p>
 * Does no I/O and reads no clock: a driver connects, reads and waits, and tells what came
 * of it. Not thread-safe.
 */
final class Reconnection {

    private static final Duration USUAL = Duration.ofSeconds(1);

    /** Lest a server makes us spin. */
    private static final Duration LEAST = Duration.ofMillis(100);

    /** What back-off grows to; a server may ask for more. */
    private static final Duration MOST = Duration.ofSeconds(30);

    /** More is taken for a mistake of the server. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    /** What to do with a response. */
    enum Answer {

        /** Read its events. */
        READ,

        /** Leave it, and wait for the next connection. */
        LEAVE,

        /** Leave it: there are no more events. */
        STOP,

        /** Fail with it. */
        REFUSE

    }

    private Request original;

    private final long maxSize;

    private final DoubleSupplier random;

    private EventDecoder decoder;

    private @Nullable Duration retry;

    private boolean connected;

    private boolean over;

    private int fruitless;

    /**
     * Create the state of one subscription.
     * @param original the request, without {@code Last-Event-ID} unless the caller goes
     * on from an earlier one
     * @param maxSize how many characters an event may have
     * @param random gives numbers from 0 to 1
     */
    Reconnection(Request original, long maxSize, DoubleSupplier random) {
        this.maxSize = maxSize;
        this.random = random;
        this.original = forEvents(original);
        this.decoder = new EventDecoder(maxSize);
    }

    private static Request forEvents(Request request) {
        return withDefault(withDefault(request, "Accept", "text/event-stream"), "Cache-Control", "no-cache");
    }

    private static Request withDefault(Request request, String name, String value) {
        String own = request.fields().first(name);
        return (own == null || own.equals("*/*")) ? request.withHeader(name, value) : request;
    }

    /**
     * Send another request from now on: the client's settings have changed.
     * @param original the request, as the constructor takes it
     */
    void restate(Request original) {
        this.original = forEvents(original);
    }

    /**
     * Return what to send.
     * @throws LocalProtocolException if the identifier to go on from cannot be sent
     */
    Request request() {
        String id = this.decoder.lastEventId();
        if (id.isEmpty()) {
            return this.original;
        }
        if (id.chars().anyMatch((c) -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new LocalProtocolException("the identifier of the last event has a control character, so that"
                    + " it cannot be sent back as Last-Event-ID", null);
        }
        // Fields are written as ISO-8859-1, and this one is UTF-8.
        return this.original.withHeader("Last-Event-ID",
                new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /** The head of a response is there. */
    Answer responded(int statusCode) {
        if (statusCode == 204) {
            this.over = true;
            return Answer.STOP;
        }
        if (statusCode == 200) {
            return Answer.READ;
        }
        return (this.connected && PASSING.contains(statusCode)) ? Answer.LEAVE : Answer.REFUSE;
    }

    /** Return why a response with a status of success is refused. */
    static ClientException notEvents(AbstractResponse response) {
        return new ConversionException("the response is no stream of server-sent events to follow: it has status "
                + response.statusCode() + ", and a stream has 200", null)
            .in(response.context());
    }

    /** Return what reads the events of a response, anew for each connection. */
    EventDecoder read() {
        this.connected = true;
        this.decoder = new EventDecoder(this.maxSize, this.decoder.lastEventId());
        return this.decoder;
    }

    /** An event is there. */
    void received() {
        this.fruitless = 0;
    }

    /**
     * A connection could not be made, or has failed.
     * @return whether to wait for the next one; else the failure stands
     */
    boolean failed(ClientException failure) {
        if (failure instanceof StatusException status) {
            return responded(status.statusCode()) == Answer.LEAVE;
        }
        return this.connected && mayPass(failure);
    }

    private static boolean mayPass(ClientException failure) {
        if (failure instanceof TotalTimeoutException) {
            // That of the body was set to end the events.
            return failure.phase() != Phase.BODY;
        }
        return failure instanceof NetworkException || failure instanceof ClientTimeoutException
                || failure instanceof ProxyException || failure instanceof RetriesExhaustedException;
    }

    /** Return whether the server has said that there are no more events. */
    boolean isOver() {
        return this.over;
    }

    /**
     * Return how long to wait for the next connection. Once for each that has ended.
     */
    Duration pause() {
        Duration asked = this.decoder.retry();
        if (asked != null) {
            this.retry = asked;
        }
        Duration base = (this.retry != null) ? this.retry : USUAL;
        base = longest(LEAST, (base.compareTo(LONGEST) > 0) ? LONGEST : base);
        Duration most = longest(MOST, base);
        Duration grown = base;
        for (int i = 0; i < this.fruitless && grown.compareTo(most) < 0; i++) {
            grown = grown.multipliedBy(2);
        }
        grown = (grown.compareTo(most) > 0) ? most : grown;
        this.fruitless++;
        // Upwards only: the server has asked for no less.
        return grown.plusNanos((long) (grown.toNanos() / 2 * this.random.getAsDouble()));
    }

    private static Duration longest(Duration first, Duration second) {
        return (first.compareTo(second) > 0) ? first : second;
    }

}
