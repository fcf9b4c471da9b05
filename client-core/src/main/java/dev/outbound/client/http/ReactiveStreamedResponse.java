package dev.outbound.client.http;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.core.codec.StringDecoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.util.MimeType;

/**
 * A response whose body is a stream of buffers. It exists while the function that was
 * given to {@code stream} runs its publisher, and is released when that ends, fails or is
 * cancelled.
 *
 * @since 0.1
 */
public final class ReactiveStreamedResponse extends AbstractResponse {

    private final Flux<DataBuffer> body;

    /**
     * Create a response. Drivers do.
     * @param head status and field lines
     * @param body the content
     * @param request the request that was answered
     * @param context the call
     * @param history earlier responses, oldest first
     * @param next makes the request that follows, or {@code null}
     */
    public ReactiveStreamedResponse(ResponseHead head, Flux<DataBuffer> body, Request request, CallContext context,
            List<Response> history, @Nullable Supplier<Request> next) {
        super(head, request, context, history, next);
        this.body = body;
    }

    /**
     * Return this response, or throw when its status is not one of success (2xx).
     * @return this response
     * @throws StatusException for every status outside 200-299
     */
    public ReactiveStreamedResponse raiseForStatus() {
        StatusException failure = statusFailure();
        if (failure != null) {
            throw failure;
        }
        return this;
    }

    /**
     * Return the content as buffers, to be subscribed to once. Who takes a buffer
     * releases it.
     * @return the buffers
     */
    public Flux<DataBuffer> body() {
        return this.body;
    }

    /**
     * Return the content as byte arrays, one for each buffer that arrives.
     * @return the bytes
     */
    public Flux<byte[]> bytes() {
        return this.body.map((buffer) -> {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            DataBufferUtils.release(buffer);
            return bytes;
        });
    }

    /**
     * Return the lines of the content, decoded in the character set that the response
     * declares, or UTF-8.
     * @return the lines, without their ends
     */
    public Flux<String> lines() {
        return StringDecoder.textPlainOnly()
            .decode(this.body, ResolvableType.forClass(String.class), new MimeType("text", "plain", charset()), null);
    }

    /**
     * Write the content to a file, replacing one that is there.
     * @param file the file
     * @return completes when everything is written
     */
    public Mono<Void> writeTo(Path file) {
        return DataBufferUtils.write(this.body, file);
    }

}
