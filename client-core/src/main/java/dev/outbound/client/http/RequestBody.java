package dev.outbound.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.util.Assert;

/**
 * The body of a request: what it is, how long it is, and how to write it, blocking or as
 * a stream of buffers.
 * <p>
 * A body that {@linkplain #isRepeatable() can be written more than once} is sent again
 * when a call is retried, redirected with 307 or 308, or authenticated anew. One that
 * cannot is sent once; the second attempt does not happen. To make a kind of your own,
 * {@link #writeTo} is enough:
 *
 * <pre class="code">
 * class Report extends RequestBody {
 *     public MediaType contentType() { return MediaType.TEXT_PLAIN; }
 *     public void writeTo(OutputStream out) throws IOException { rows.forEach(out::write); }
 * }
 * </pre>
 *
 * @since 0.1
 */
public abstract class RequestBody {

    private static final int CHUNK = 16 * 1024;

    /**
     * Return the media type to announce.
     * @return the type, or {@code null} for none
     */
    public abstract @Nullable MediaType contentType();

    /**
     * Return this body as it is to be sent under a {@code Content-Type} that the request
     * names itself. A multipart body takes its boundary from there, all others stay.
     * @param contentType the value of the field
     * @return the body to send
     * @throws IllegalArgumentException if the body cannot be written so
     */
    public RequestBody under(String contentType) {
        return this;
    }

    /**
     * Return the number of bytes, where it is known before writing.
     * @return the length, or -1
     */
    public long contentLength() {
        return -1;
    }

    /**
     * Return whether {@link #writeTo} writes the same bytes each time it is called.
     * @return {@code true} by default
     */
    public boolean isRepeatable() {
        return true;
    }

    /**
     * Return the bytes where they are in memory already.
     * @return the bytes, not to be changed, or {@code null}
     */
    public byte @Nullable [] bytes() {
        return null;
    }

    /**
     * Write the whole body. The stream stays open. An exception breaks the request off so
     * that the server does not take what was written for a complete body.
     * @param out where to write
     * @throws IOException if reading or writing fails
     */
    public abstract void writeTo(OutputStream out) throws IOException;

    /**
     * Return the body as buffers, for reactive clients. By default {@link #writeTo} runs
     * on a thread of the bounded elastic scheduler.
     * @param factory makes the buffers
     * @return the buffers, cold
     */
    public Flux<DataBuffer> toFlux(DataBufferFactory factory) {
        byte[] bytes = bytes();
        if (bytes != null) {
            // A buffer for each subscriber, for each releases its own.
            return Flux.defer(() -> Flux.just(factory.wrap(bytes)));
        }
        return Flux.from(DataBufferUtils.outputStreamPublisher((out) -> {
            try {
                writeTo(out);
            }
            catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
            catch (Error ex) {
                // Spring's publisher would lose it with its thread, and never end.
                throw new Carried(ex);
            }
        }, factory, Schedulers.boundedElastic()::schedule, CHUNK))
            .onErrorMap(Carried.class, (carried) -> carried.error);
    }

    private static final class Carried extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Error error;

        Carried(Error error) {
            super(error);
            this.error = error;
        }

    }

    /**
     * Return a body of bytes.
     * @param bytes the bytes; not copied
     * @return the body, of type {@code application/octet-stream}
     */
    public static RequestBody bytes(byte[] bytes) {
        return bytes(bytes, MediaType.APPLICATION_OCTET_STREAM);
    }

    /**
     * Return a body of bytes of a type.
     * @param bytes the bytes; not copied
     * @param contentType the type, or {@code null}
     * @return the body
     */
    public static RequestBody bytes(byte[] bytes, @Nullable MediaType contentType) {
        Assert.notNull(bytes, "bytes must not be null");
        return new BytesBody(bytes, contentType);
    }

    /**
     * Return a body of text in UTF-8.
     * @param text the text
     * @return the body, of type {@code text/plain;charset=UTF-8}
     */
    public static RequestBody text(String text) {
        Assert.notNull(text, "text must not be null");
        return new BytesBody(text.getBytes(StandardCharsets.UTF_8),
                new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8));
    }

    /**
     * Return a body of form fields.
     * @param fields names and values, in order; a value that is an {@link Iterable} or an
     * array repeats the name, {@code null} is an empty text
     * @return the body, of type {@code application/x-www-form-urlencoded}; an empty one
     * without a type where there is no field
     */
    public static RequestBody form(Map<String, ? extends @Nullable Object> fields) {
        Assert.notNull(fields, "fields must not be null");
        QueryParams params = QueryParams.of(fields);
        return new BytesBody(params.text().getBytes(StandardCharsets.US_ASCII),
                params.isEmpty() ? null : MediaType.APPLICATION_FORM_URLENCODED);
    }

    /**
     * Return a body that is read from a stream once, and cannot be sent again. A blocking
     * client reads it on the thread of the call: while the stream itself blocks, no limit
     * of the call can end it.
     * @param stream is read to its end and closed when the body is written
     * @param contentLength the number of bytes, or -1 when it is not known
     * @return the body, of type {@code application/octet-stream}
     */
    public static RequestBody stream(InputStream stream, long contentLength) {
        return stream(stream, contentLength, MediaType.APPLICATION_OCTET_STREAM);
    }

    /**
     * Return a body of a type that is read from a stream once, as
     * {@link #stream(InputStream, long)}.
     * @param stream is read to its end and closed when the body is written
     * @param contentLength the number of bytes, or -1 when it is not known
     * @param contentType the type, or {@code null}
     * @return the body
     */
    public static RequestBody stream(InputStream stream, long contentLength, @Nullable MediaType contentType) {
        Assert.notNull(stream, "stream must not be null");
        Assert.isTrue(contentLength >= -1, () -> "contentLength must be -1 or more, but is " + contentLength);
        return new StreamBody(stream, contentLength, contentType);
    }

    /**
     * Return the content of a file. It is read each time the body is sent.
     * @param file the file
     * @return the body, of type {@code application/octet-stream}
     */
    public static RequestBody file(Path file) {
        return file(file, MediaType.APPLICATION_OCTET_STREAM);
    }

    /**
     * Return the content of a file of a type. It is read each time the body is sent.
     * @param file the file
     * @param contentType the type
     * @return the body
     */
    public static RequestBody file(Path file, MediaType contentType) {
        Assert.notNull(file, "file must not be null");
        Assert.notNull(contentType, "contentType must not be null");
        return new FileBody(file, contentType);
    }

    /**
     * Return a body that is produced by a publisher; for reactive clients only. It is
     * sent once, for nothing tells whether the publisher could be subscribed to again.
     * @param buffers the buffers; the client releases them
     * @param contentType the type, or {@code null}
     * @return the body
     */
    public static RequestBody publisher(Publisher<? extends DataBuffer> buffers, @Nullable MediaType contentType) {
        Assert.notNull(buffers, "buffers must not be null");
        return new PublisherBody(buffers, contentType);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + contentType() + ", " + contentLength() + " bytes]";
    }

}
