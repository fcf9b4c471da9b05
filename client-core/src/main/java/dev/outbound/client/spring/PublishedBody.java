package dev.outbound.client.spring;

import java.io.OutputStream;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;

import dev.outbound.client.http.RequestBody;

/**
 * A body that somebody's publisher produces, once. Its type is in the headers.
 */
final class PublishedBody extends RequestBody {

    private final Publisher<? extends DataBuffer> buffers;

    private final long contentLength;

    PublishedBody(Publisher<? extends DataBuffer> buffers, long contentLength) {
        this.buffers = buffers;
        this.contentLength = contentLength;
    }

    @Override
    public @Nullable MediaType contentType() {
        return null;
    }

    @Override
    public long contentLength() {
        return this.contentLength;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public void writeTo(OutputStream out) {
        throw new IllegalStateException("A blocking transport cannot send the body of a publisher");
    }

    @Override
    public Flux<DataBuffer> toFlux(DataBufferFactory factory) {
        return Flux.from(this.buffers).cast(DataBuffer.class);
    }

}
