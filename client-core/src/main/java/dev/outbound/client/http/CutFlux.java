package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * The pieces of a body that arrives as buffers. A failure waits until what came before it
 * was given out, as it does for blocking callers: no operator that drops what it holds
 * when an error comes will do.
 */
final class CutFlux {

    private CutFlux() {
    }

    static <T> Flux<T> of(Flux<DataBuffer> body, Cutter<T> cutter, CallContext context) {
        return body.map((buffer) -> cut(buffer, cutter))
            .concatWith(Flux.defer(() -> Flux.just(Batch.of(cutter::finish))))
            .takeUntil((batch) -> batch.failure() != null)
            .concatMapDelayError(Batch::toFlux, true, 1)
            .doOnError(RequestException.class, (ex) -> ex.in(context));
    }

    private static <T> Batch<T> cut(DataBuffer buffer, Cutter<T> cutter) {
        try (DataBuffer.ByteBufferIterator bytes = buffer.readableByteBuffers()) {
            return Batch.of((pieces) -> {
                while (bytes.hasNext()) {
                    ByteBuffer next = bytes.next();
                    cutter.add(next, pieces);
                }
            });
        }
        finally {
            DataBufferUtils.release(buffer);
        }
    }

    /** What was complete with one buffer, and the failure behind it. */
    private record Batch<T>(List<T> pieces, @Nullable RequestException failure) {

        static <T> Batch<T> of(Consumer<Consumer<T>> cut) {
            List<T> pieces = new ArrayList<>();
            try {
                cut.accept(pieces::add);
                return new Batch<>(pieces, null);
            }
            catch (RequestException ex) {
                return new Batch<>(pieces, ex);
            }
        }

        Flux<T> toFlux() {
            Flux<T> flux = Flux.fromIterable(this.pieces);
            return (this.failure != null) ? flux.concatWith(Flux.error(this.failure)) : flux;
        }

    }

}
