package dev.outbound.client.spring;

import java.io.IOException;
import java.io.OutputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;

import dev.outbound.client.http.RequestBody;

/**
 * A body that Spring writes when it is asked to. Its type is in the headers.
 */
final class CallbackBody extends RequestBody {

    private final StreamingHttpOutputMessage.Body body;

    private final long contentLength;

    CallbackBody(StreamingHttpOutputMessage.Body body, long contentLength) {
        this.body = body;
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
        return this.body.repeatable();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        this.body.writeTo(out);
    }

}
