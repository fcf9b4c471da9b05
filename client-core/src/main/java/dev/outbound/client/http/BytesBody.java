package dev.outbound.client.http;

import java.io.IOException;
import java.io.OutputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;

final class BytesBody extends RequestBody {

    private final byte[] bytes;

    private final @Nullable MediaType contentType;

    BytesBody(byte[] bytes, @Nullable MediaType contentType) {
        this.bytes = bytes;
        this.contentType = contentType;
    }

    @Override
    public @Nullable MediaType contentType() {
        return this.contentType;
    }

    @Override
    public long contentLength() {
        return this.bytes.length;
    }

    @Override
    public byte[] bytes() {
        return this.bytes;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(this.bytes);
    }

}
