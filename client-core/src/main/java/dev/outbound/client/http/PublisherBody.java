package dev.outbound.client.http;

import java.io.OutputStream;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;

final class PublisherBody extends RequestBody {

    private final Publisher<? extends DataBuffer> buffers;

    private final @Nullable MediaType contentType;

    PublisherBody(Publisher<? extends DataBuffer> buffers, @Nullable MediaType contentType) {
        this.buffers = buffers;
        this.contentType = contentType;
    }

    @Override
    public @Nullable MediaType contentType() {
        return this.contentType;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public void writeTo(OutputStream out) {
        throw new IllegalStateException("A blocking client cannot send the body of a publisher;"
                + " use a reactive client, or a body of bytes, a stream or a file");
    }

    @Override
    public Flux<DataBuffer> toFlux(DataBufferFactory factory) {
        return Flux.from(this.buffers).cast(DataBuffer.class);
    }

}
