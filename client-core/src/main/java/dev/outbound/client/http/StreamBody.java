package dev.outbound.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;

final class StreamBody extends RequestBody {

    private final InputStream stream;

    private final long contentLength;

    private final @Nullable MediaType contentType;

    private final AtomicBoolean used = new AtomicBoolean();

    StreamBody(InputStream stream, long contentLength, @Nullable MediaType contentType) {
        this.stream = stream;
        this.contentLength = contentLength;
        this.contentType = contentType;
    }

    @Override
    public @Nullable MediaType contentType() {
        return this.contentType;
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
    public void writeTo(OutputStream out) throws IOException {
        if (!this.used.compareAndSet(false, true)) {
            throw new IllegalStateException("This body reads a stream and was sent already");
        }
        try (this.stream) {
            this.stream.transferTo(out);
        }
    }

}
