package dev.outbound.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import dev.outbound.client.http.ContentDecoder;

/**
 * The content of a body that arrives with content codings, as buffers. What was decoded
 * before a failure is given out before it.
 */
final class DecodedFlux {

    private DecodedFlux() {
    }

    static Flux<DataBuffer> of(Flux<DataBuffer> body, ContentDecoder decoder) {
        return body.map((buffer) -> decode(buffer, decoder))
            .concatWith(Flux.defer(() -> Flux.just(finish(decoder))))
            .concatMapDelayError(Flux::fromIterable, true, 1)
            .doFinally((signal) -> decoder.close());
    }

    private static List<DataBuffer> decode(DataBuffer received, ContentDecoder decoder) {
        List<DataBuffer> decoded = new ArrayList<>(2);
        try (DataBuffer.ByteBufferIterator pieces = received.readableByteBuffers()) {
            pieces.forEachRemaining((piece) -> decoder.decode(piece, (content) -> keep(decoded, content)));
        }
        finally {
            DataBufferUtils.release(received);
        }
        return decoded;
    }

    private static List<DataBuffer> finish(ContentDecoder decoder) {
        List<DataBuffer> decoded = new ArrayList<>(1);
        decoder.finish((content) -> keep(decoded, content));
        return decoded;
    }

    private static void keep(List<DataBuffer> decoded, ByteBuffer content) {
        if (content.hasRemaining()) {
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            decoded.add(DefaultDataBufferFactory.sharedInstance.wrap(bytes));
        }
    }

}
