package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

/**
 * Reads server-sent events as their bytes arrive, strictly as the WHATWG's HTML standard
 * says (section 9.2.6): lines end with LF, CR or CRLF, the text is UTF-8 whatever is
 * declared, several lines of data are one text, comments and unknown fields are left out,
 * and an event without data or without its empty line is none.
 * <p>
 * {@link ServerSentEvent#id()} is the last one that was seen, in this event or before, as
 * browsers have it; {@link ServerSentEvent#event()} and {@link ServerSentEvent#retry()}
 * are {@code null} where the event does not say. Not thread-safe; one for each
 * connection.
 *
 * @since 0.1
 */
public final class EventDecoder {

    private static final char BYTE_ORDER_MARK = '\ufeff';

    /** More milliseconds than any wait, and few enough to calculate with. */
    private static final int MAX_DIGITS = 12;

    private final long maxSize;

    private final TextDecoder text = new TextDecoder(StandardCharsets.UTF_8);

    private final LineDecoder lines = LineDecoder.strict();

    private final StringBuilder data = new StringBuilder();

    private boolean begun;

    private String type = "";

    private @Nullable Duration ownRetry;

    private String id;

    private String lastId;

    private @Nullable Duration retry;

    /**
     * Create a decoder.
     * @param maxSize how many characters an event may have
     */
    public EventDecoder(long maxSize) {
        this(maxSize, "");
    }

    /**
     * Create a decoder for a connection that follows on another one.
     * @param maxSize how many characters an event may have
     * @param lastEventId where the last connection has ended, or an empty text
     */
    public EventDecoder(long maxSize, String lastEventId) {
        Assert.isTrue(maxSize > 0, () -> "maxSize must be positive, but is " + maxSize);
        Assert.notNull(lastEventId, "lastEventId must not be null");
        this.maxSize = maxSize;
        this.id = lastEventId;
        this.lastId = lastEventId;
    }

    /**
     * Decode further bytes.
     * @param bytes are read to their end
     * @param events is given those that are complete
     * @throws LimitExceededException if one is too large
     */
    public void decode(ByteBuffer bytes, Consumer<? super ServerSentEvent<String>> events) {
        String decoded = this.text.decode(bytes);
        if (!this.begun && !decoded.isEmpty()) {
            this.begun = true;
            decoded = (decoded.charAt(0) == BYTE_ORDER_MARK) ? decoded.substring(1) : decoded;
        }
        for (String line : this.lines.decode(decoded)) {
            checkSize(line.length());
            if (line.isEmpty()) {
                dispatch(events);
            }
            else {
                read(line);
            }
        }
        checkSize(this.lines.pending());
    }

    /**
     * Return the identifier to go on from after the connection was lost, that of the last
     * event or of a later block that was no event.
     * @return the identifier, or an empty text where there is none
     */
    public String lastEventId() {
        return this.lastId;
    }

    /**
     * Return how long the server wants clients to wait before they connect again.
     * @return the last time it has given, or {@code null}
     */
    public @Nullable Duration retry() {
        return this.retry;
    }

    private void read(String line) {
        int colon = line.indexOf(':');
        String field = (colon >= 0) ? line.substring(0, colon) : line;
        int start = (colon >= 0) ? colon + 1 : line.length();
        start += (start < line.length() && line.charAt(start) == ' ') ? 1 : 0;
        switch (field) {
            case "event" -> this.type = line.substring(start);
            case "data" -> this.data.append(line, start, line.length()).append('\n');
            case "id" -> this.id = (line.indexOf('\0', start) < 0) ? line.substring(start) : this.id;
            case "retry" -> readRetry(line.substring(start));
            default -> {
                // A comment, or a field of later days.
            }
        }
    }

    private void readRetry(String value) {
        if (!value.isEmpty() && value.chars().allMatch((c) -> c >= '0' && c <= '9')) {
            String digits = (value.length() > MAX_DIGITS) ? "9".repeat(MAX_DIGITS) : value;
            this.retry = Duration.ofMillis(Long.parseLong(digits));
            this.ownRetry = this.retry;
        }
    }

    private void dispatch(Consumer<? super ServerSentEvent<String>> events) {
        this.lastId = this.id;
        if (!this.data.isEmpty()) {
            this.data.setLength(this.data.length() - 1);
            ServerSentEvent.Builder<String> event = ServerSentEvent.builder(this.data.toString());
            if (!this.lastId.isEmpty()) {
                event.id(this.lastId);
            }
            if (!this.type.isEmpty()) {
                event.event(this.type);
            }
            if (this.ownRetry != null) {
                event.retry(this.ownRetry);
            }
            events.accept(event.build());
        }
        this.data.setLength(0);
        this.type = "";
        this.ownRetry = null;
    }

    private void checkSize(int line) {
        if ((long) this.data.length() + line > this.maxSize) {
            throw new LimitExceededException(Phase.BODY, "a server-sent event is larger than the limit of "
                    + this.maxSize + " characters; raise limits.response-body", null);
        }
    }

}
