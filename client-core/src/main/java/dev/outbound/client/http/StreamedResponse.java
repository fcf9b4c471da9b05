package dev.outbound.client.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

/**
 * A response whose body is read while it arrives. It holds a connection, and who opened
 * it closes it:
 *
 * <pre class="code">
 * try (StreamedResponse zip = github.stream(GET, "/zipball")) {
 *     zip.writeTo(path);
 * }
 * </pre>
 *
 * The body can be read once, in one of the forms that are offered here; a second time,
 * and after closing, that is an {@link IllegalStateException}. What is given as a
 * {@link Stream} is read while that is consumed.
 * <p>
 * Closing in the middle of the body is cheap: what is left is read only if it is little,
 * else the connection is given up. To be used by one thread at a time; {@link #close()}
 * may be called from any. Reading fails with a {@link RequestException} of the kind the
 * fault has, never with an {@link IOException} of the engine.
 *
 * @since 0.1
 */
public final class StreamedResponse extends AbstractResponse implements AutoCloseable {

    private final BodySource source;

    private final OnceOnly body = new OnceOnly();

    private volatile boolean closed;

    private byte[] beginning = {};

    private @Nullable InputStream given;

    private @Nullable Response read;

    /**
     * Create a response. Drivers do.
     * @param head status and field lines
     * @param source the body
     * @param request the request that was answered
     * @param context the call
     * @param history earlier responses, oldest first
     * @param next makes the request that follows, or {@code null}
     * @param reading how the body is read
     */
    public StreamedResponse(ResponseHead head, BodySource source, Request request, CallContext context,
            List<Response> history, @Nullable Supplier<Request> next, BodyReading reading) {
        super(head, request, context, history, next, reading);
        this.source = source;
    }

    /**
     * Return this response, or close it and throw when its status is not one of success
     * (2xx). The exception shows the beginning of the body, as far as it comes within a
     * second.
     * @return this response
     * @throws StatusException for every status outside 200-299
     */
    public StreamedResponse raiseForStatus() {
        if (isSuccess()) {
            return this;
        }
        StatusException failure = statusFailure();
        this.source.reject(failure);
        try {
            if (!this.closed && this.body.tryTake()) {
                readBeginning(failure);
            }
        }
        finally {
            close();
        }
        throw failure;
    }

    private void readBeginning(StatusException failure) {
        byte[] bytes = new byte[Excerpt.MAX_BYTES + 1];
        int length = 0;
        try {
            InputStream content = this.source.content();
            int count = content.read(bytes);
            while (count >= 0 && length + count < bytes.length) {
                length += count;
                count = content.read(bytes, length, bytes.length - length);
            }
            length += Math.max(count, 0);
        }
        catch (RequestException ex) {
            failure.addSuppressed(ex);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        finally {
            this.beginning = Arrays.copyOf(bytes, length);
            failure.explain();
        }
    }

    /**
     * Read the whole body, and keep it: this is the way back from streaming to a response
     * that needs no closing.
     * @return a response with the body, the same each time
     * @throws LimitExceededException if the body is larger than the client allows for one
     * in memory
     */
    public Response read() {
        Response read = this.read;
        if (read == null) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes().forEach((piece) -> {
                checkLimit((long) bytes.size() + piece.length);
                bytes.writeBytes(piece);
            });
            read = new Response(head(), bytes.toByteArray(), request(), context(), history(), next(), reading());
            this.read = read;
        }
        return read;
    }

    /**
     * Return the content as a stream.
     * @return the stream, always the same; closing it closes this response
     */
    public InputStream body() {
        if (this.given == null) {
            this.given = content();
        }
        return this.given;
    }

    private InputStream content() {
        take();
        return this.source.content();
    }

    /**
     * Return the content in pieces, as it arrives.
     * @return the pieces, none of them empty
     */
    public Stream<byte[]> bytes() {
        return pieces(Cutter.bytes(0));
    }

    /**
     * Return the content in pieces of one size.
     * @param size the number of bytes; only the last piece may have fewer
     * @return the pieces
     */
    public Stream<byte[]> bytes(int size) {
        return pieces(Cutter.bytes(positive(size)));
    }

    /**
     * Return the body as it is received, its content codings not undone.
     * @return the pieces, none of them empty
     * @throws IllegalStateException also if the authentication has read the body, so that
     * it is there in decoded form only
     */
    public Stream<byte[]> raw() {
        return raw(Cutter.bytes(0));
    }

    /**
     * Return the body as it is received, in pieces of one size.
     * @param size the number of bytes; only the last piece may have fewer
     * @return the pieces
     * @throws IllegalStateException also if the authentication has read the body, so that
     * it is there in decoded form only
     */
    public Stream<byte[]> raw(int size) {
        return raw(Cutter.bytes(positive(size)));
    }

    /**
     * Return the content as text, as it arrives, in the {@linkplain #charset() character
     * set} of this response.
     * @return the pieces, none of them empty; no character is torn, and what cannot be
     * decoded is replaced by U+FFFD
     */
    public Stream<String> text() {
        return text(charset());
    }

    /**
     * Return the content as text in a character set, whatever the response declares.
     * @param charset the character set
     * @return the pieces, as it arrives
     */
    public Stream<String> text(Charset charset) {
        Assert.notNull(charset, "charset must not be null");
        return pieces(Cutter.text(charset, 0));
    }

    /**
     * Return the content as text, in pieces of one size.
     * @param size the number of characters, in Unicode code points; only the last piece
     * may have fewer
     * @return the pieces
     */
    public Stream<String> text(int size) {
        return pieces(Cutter.text(charset(), positive(size)));
    }

    /**
     * Return the lines of the content, in the {@linkplain #charset() character set} of
     * this response. Lines end with LF, CR or CRLF, and as in HTTPX with the others that
     * Unicode has: VT, FF, FS, GS, RS, NEL, U+2028 and U+2029. JSON and events may
     * contain those: {@link #jsonLines} and {@link #events} are cut at the first three
     * only.
     * @return the lines, without their ends; one that is longer than the client allows a
     * body in memory to be fails with a {@link LimitExceededException}
     */
    public Stream<String> lines() {
        return lines(charset());
    }

    /**
     * Return the lines of the content in a character set, whatever the response declares.
     * @param charset the character set
     * @return the lines, without their ends
     */
    public Stream<String> lines(Charset charset) {
        Assert.notNull(charset, "charset must not be null");
        return pieces(Cutter.lines(charset, reading().limit()));
    }

    /**
     * Return the content as server-sent events (WHATWG HTML, section 9.2). To go on when
     * the connection is lost, use the client's {@code events(…)}.
     * @return the events; one that is larger than the client allows a body in memory to
     * be fails with a {@link LimitExceededException}
     * @throws ConversionException if the response is not a {@code text/event-stream}
     */
    public Stream<ServerSentEvent<String>> events() {
        return events(new EventDecoder(reading().limit()));
    }

    /**
     * Return the content as server-sent events, by a decoder that can be asked afterwards
     * where the events ended.
     * @param decoder a new decoder
     * @return the events
     * @throws ConversionException if the response is not a {@code text/event-stream}
     */
    public Stream<ServerSentEvent<String>> events(EventDecoder decoder) {
        Assert.notNull(decoder, "decoder must not be null");
        checkEvents();
        return pieces(Cutter.events(decoder));
    }

    /**
     * Return the values of newline-delimited JSON (NDJSON, JSON Lines), whatever type the
     * response declares. Empty lines are left out.
     * @param type the type of each value
     * @return the values; a line that is not JSON, or does not fit the type, fails with a
     * {@link ConversionException}
     */
    public <T> Stream<T> jsonLines(Class<T> type) {
        Assert.notNull(type, "type must not be null");
        return json(type);
    }

    /**
     * Return the values of newline-delimited JSON of a generic type.
     * @param type the type of each value
     * @return the values
     */
    public <T> Stream<T> jsonLines(ParameterizedTypeReference<T> type) {
        Assert.notNull(type, "type must not be null");
        return json(type.getType());
    }

    private <T> Stream<T> json(Type type) {
        return pieces(Cutter.json(type, reading().json(), reading().limit()));
    }

    /**
     * Write the content to a file, replacing one that is there. When that fails the file
     * has what was written before.
     * @param file the file
     * @return the number of bytes written
     * @throws IOException if the file cannot be written
     */
    public long writeTo(Path file) throws IOException {
        Assert.notNull(file, "file must not be null");
        InputStream content = content();
        try (OutputStream out = Files.newOutputStream(file)) {
            return content.transferTo(out);
        }
    }

    /**
     * Write the content to a stream, which stays open.
     * @param out the stream
     * @return the number of bytes written
     * @throws IOException if the stream cannot be written
     */
    public long writeTo(OutputStream out) throws IOException {
        Assert.notNull(out, "out must not be null");
        return content().transferTo(out);
    }

    /**
     * Return how many bytes of the body were received so far, before content codings are
     * undone: what {@code Content-Length} counts.
     * @return the number of bytes
     */
    public long bytesReceived() {
        return this.source.received();
    }

    /**
     * Return whether the body was taken, to be read in one way or another.
     * @return whether it is there to be read no more
     */
    public boolean isConsumed() {
        return this.body.isTaken();
    }

    /**
     * Return whether the connection was released: by {@link #close()}, or because the
     * body was read to its end.
     * @return whether there is nothing left to close
     */
    public boolean isClosed() {
        return this.source.isOver();
    }

    private <T> Stream<T> pieces(Cutter<T> cutter) {
        return Pieces.of(content(), cutter, context()).onClose(this::close);
    }

    private Stream<byte[]> raw(Cutter<byte[]> cutter) {
        take();
        return Pieces.of(this.source.raw(), cutter, context()).onClose(this::close);
    }

    private void take() {
        if (this.closed) {
            throw new IllegalStateException("The response was closed; read it before");
        }
        this.body.take();
    }

    @Override
    String excerpt() {
        return Excerpt.of(this.beginning, head().first("Content-Type"), charset(), request());
    }

    /**
     * Release the connection. May be called more than once.
     */
    @Override
    public void close() {
        this.closed = true;
        this.source.close();
    }

}
