package dev.outbound.client.http;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

/**
 * A response whose body is a stream of buffers. It exists while the function that was
 * given to {@code stream} runs its publisher, and is released when that ends, fails or is
 * cancelled.
 * <p>
 * The body can be read once, in one of the forms that are offered here, each of which
 * means the same as in {@link StreamedResponse}. The second subscription, and one after
 * the release, fails with an {@link IllegalStateException}.
 *
 * @since 0.1
 */
public final class ReactiveStreamedResponse extends AbstractResponse {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** As much as transports drain, so that the connection can be used again. */
    private static final int MAX_DRAIN = 64 * 1024;

    private final ReactiveBodySource source;

    private final OnceOnly body = new OnceOnly();

    private volatile byte[] beginning = {};

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
    public ReactiveStreamedResponse(ResponseHead head, ReactiveBodySource source, Request request, CallContext context,
            List<Response> history, @Nullable Supplier<Request> next, BodyReading reading) {
        super(head, request, context, history, next, reading);
        this.source = source;
    }

    /**
     * Return this response, or throw when its status is not one of success (2xx). The
     * exception gets the beginning of the body, as far as it comes within a second, on
     * its way through {@code stream}: when it leaves the publisher that the function
     * made.
     * @return this response
     * @throws StatusException for every status outside 200-299
     */
    public ReactiveStreamedResponse raiseForStatus() {
        if (!isSuccess()) {
            throw statusFailure();
        }
        return this;
    }

    /**
     * Give this response to a function, and complete what {@link #raiseForStatus()}
     * throws there. Drivers do, before they release the response.
     * @param reader makes a publisher of this response
     * @return what that publisher gives
     */
    public <T> Flux<T> readBy(Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        return Flux.defer(() -> reader.apply(this)).onErrorResume(StatusException.class, this::explain);
    }

    private <T> Mono<T> explain(StatusException failure) {
        if (failure.response() != this) {
            return Mono.error(failure);
        }
        this.source.reject(failure);
        if (!this.body.tryTake()) {
            return Mono.error(failure);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return this.source.content()
            .map(ReactiveStreamedResponse::copy)
            .doOnNext(bytes::writeBytes)
            .takeUntil((piece) -> bytes.size() >= MAX_DRAIN)
            .take(PATIENCE)
            .then()
            .onErrorResume(RequestException.class, (ex) -> {
                failure.addSuppressed(ex);
                return Mono.empty();
            })
            .then(Mono.defer(() -> {
                byte[] read = bytes.toByteArray();
                this.beginning = Arrays.copyOf(read, Math.min(read.length, Excerpt.MAX_BYTES + 1));
                failure.explain();
                return Mono.error(failure);
            }));
    }

    /**
     * Read the whole body: this is the way back from streaming to a response that can be
     * kept.
     * @return a response with the body; fails with a {@link LimitExceededException} if
     * the body is larger than the client allows for one in memory
     */
    public Mono<Response> read() {
        return bytes().collect(ByteArrayOutputStream::new, (bytes, piece) -> {
            checkLimit((long) bytes.size() + piece.length);
            bytes.writeBytes(piece);
        })
            .map((bytes) -> new Response(head(), bytes.toByteArray(), request(), context(), history(), next(),
                    reading()));
    }

    /**
     * Return the content as buffers. Who takes a buffer releases it.
     * @return the buffers
     */
    public Flux<DataBuffer> body() {
        return once(this.source::content);
    }

    /**
     * Return the content in pieces, one for each buffer that arrives.
     * @return the pieces, none of them empty
     */
    public Flux<byte[]> bytes() {
        return pieces(() -> Cutter.bytes(0));
    }

    /**
     * Return the content in pieces of one size.
     * @param size the number of bytes; only the last piece may have fewer
     * @return the pieces
     */
    public Flux<byte[]> bytes(int size) {
        positive(size);
        return pieces(() -> Cutter.bytes(size));
    }

    /**
     * Return the body as it is received, its content codings not undone.
     * @return the pieces, none of them empty; fails with an {@link IllegalStateException}
     * also if the authentication has read the body, so that it is there in decoded form
     * only
     */
    public Flux<byte[]> raw() {
        return raw(() -> Cutter.bytes(0));
    }

    /**
     * Return the body as it is received, in pieces of one size.
     * @param size the number of bytes; only the last piece may have fewer
     * @return the pieces
     */
    public Flux<byte[]> raw(int size) {
        positive(size);
        return raw(() -> Cutter.bytes(size));
    }

    /**
     * Return the content as text, as it arrives, in the {@linkplain #charset() character
     * set} of this response.
     * @return the pieces, none of them empty; no character is torn, and what cannot be
     * decoded is replaced by U+FFFD
     */
    public Flux<String> text() {
        return text(charset());
    }

    /**
     * Return the content as text in a character set, whatever the response declares.
     * @param charset the character set
     * @return the pieces, as it arrives
     */
    public Flux<String> text(Charset charset) {
        Assert.notNull(charset, "charset must not be null");
        return pieces(() -> Cutter.text(charset, 0));
    }

    /**
     * Return the content as text, in pieces of one size.
     * @param size the number of characters, in Unicode code points; only the last piece
     * may have fewer
     * @return the pieces
     */
    public Flux<String> text(int size) {
        positive(size);
        return pieces(() -> Cutter.text(charset(), size));
    }

    /**
     * Return the lines of the content, in the {@linkplain #charset() character set} of
     * this response. Lines end as in {@link StreamedResponse#lines()}.
     * @return the lines, without their ends; one that is longer than the client allows a
     * body in memory to be fails with a {@link LimitExceededException}
     */
    public Flux<String> lines() {
        return lines(charset());
    }

    /**
     * Return the lines of the content in a character set, whatever the response declares.
     * @param charset the character set
     * @return the lines, without their ends
     */
    public Flux<String> lines(Charset charset) {
        Assert.notNull(charset, "charset must not be null");
        return pieces(() -> Cutter.lines(charset, reading().limit()));
    }

    /**
     * Return the content as server-sent events (WHATWG HTML, section 9.2). To go on when
     * the connection is lost, use the client's {@code events(…)}.
     * @return the events; fails with a {@link ConversionException} if the response is not
     * a {@code text/event-stream}, and with a {@link LimitExceededException} if an event
     * is larger than the client allows a body in memory to be
     */
    public Flux<ServerSentEvent<String>> events() {
        return Flux.defer(() -> events(new EventDecoder(reading().limit())));
    }

    /**
     * Return the content as server-sent events, by a decoder that can be asked afterwards
     * where the events ended.
     * @param decoder a new decoder
     * @return the events
     */
    public Flux<ServerSentEvent<String>> events(EventDecoder decoder) {
        Assert.notNull(decoder, "decoder must not be null");
        return pieces(() -> {
            checkEvents();
            return Cutter.events(decoder);
        });
    }

    /**
     * Return the values of newline-delimited JSON (NDJSON, JSON Lines), whatever type the
     * response declares. Empty lines are left out.
     * @param type the type of each value
     * @return the values; a line that is not JSON, or does not fit the type, fails with a
     * {@link ConversionException}
     */
    public <T> Flux<T> jsonLines(Class<T> type) {
        Assert.notNull(type, "type must not be null");
        return json(type);
    }

    /**
     * Return the values of newline-delimited JSON of a generic type.
     * @param type the type of each value
     * @return the values
     */
    public <T> Flux<T> jsonLines(ParameterizedTypeReference<T> type) {
        Assert.notNull(type, "type must not be null");
        return json(type.getType());
    }

    private <T> Flux<T> json(Type type) {
        return pieces(() -> Cutter.json(type, reading().json(), reading().limit()));
    }

    /**
     * Write the content to a file, replacing one that is there. When that fails the file
     * has what was written before.
     * @param file the file
     * @return completes when everything is written
     */
    public Mono<Void> writeTo(Path file) {
        Assert.notNull(file, "file must not be null");
        return DataBufferUtils.write(body(), file);
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
     * Return whether the body was subscribed to, in one form or another.
     * @return whether it is there to be read no more
     */
    public boolean isConsumed() {
        return this.body.isTaken();
    }

    /**
     * Return whether nothing is left to be released: the body was read to its end, or the
     * publisher that the function of {@code stream} returned has ended.
     * @return whether this response is over
     */
    public boolean isClosed() {
        return this.source.isOver();
    }

    private <T> Flux<T> pieces(Supplier<Cutter<T>> cutter) {
        return once(() -> CutFlux.of(this.source.content(), cutter.get(), context()));
    }

    private Flux<byte[]> raw(Supplier<Cutter<byte[]>> cutter) {
        return once(() -> CutFlux.of(this.source.raw(), cutter.get(), context()));
    }

    private <T> Flux<T> once(Supplier<Flux<T>> flux) {
        return Flux.defer(() -> {
            this.body.take();
            return flux.get();
        });
    }

    private static byte[] copy(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    @Override
    String excerpt() {
        return Excerpt.of(this.beginning, head().first("Content-Type"), charset(), request());
    }

}
