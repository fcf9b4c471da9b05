package dev.outbound.client.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/**
 * Reads a request body, both ways.
 */
final class BodyBytes {

    private BodyBytes() {
    }

    static byte[] blocking(RequestBody body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        body.writeTo(out);
        return out.toByteArray();
    }

    static byte[] reactive(RequestBody body) {
        DataBuffer all = DataBufferUtils.join(body.toFlux(DefaultDataBufferFactory.sharedInstance))
            .block(Duration.ofSeconds(10));
        if (all == null) {
            return new byte[0];
        }
        byte[] bytes = new byte[all.readableByteCount()];
        all.read(bytes);
        DataBufferUtils.release(all);
        return bytes;
    }

}
