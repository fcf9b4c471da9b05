package dev.outbound.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

/**
 * The pieces of a body that is read while they are asked for.
 */
final class Pieces<T> extends Spliterators.AbstractSpliterator<T> {

    private static final int BUFFER = 16 * 1024;

    private final InputStream body;

    private final Cutter<T> cutter;

    private final CallContext context;

    private final byte[] buffer = new byte[BUFFER];

    private final Queue<T> ready = new ArrayDeque<>();

    private @Nullable RequestException failure;

    private boolean complete;

    private Pieces(InputStream body, Cutter<T> cutter, CallContext context) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.body = body;
        this.cutter = cutter;
        this.context = context;
    }

    static <T> Stream<T> of(InputStream body, Cutter<T> cutter, CallContext context) {
        return StreamSupport.stream(new Pieces<>(body, cutter, context), false);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        while (this.ready.isEmpty()) {
            if (this.failure != null) {
                throw this.failure;
            }
            if (this.complete) {
                return false;
            }
            read();
        }
        action.accept(this.ready.remove());
        return true;
    }

    /** A failure waits until what came before it was given out. */
    private void read() {
        try {
            int count = this.body.read(this.buffer);
            if (count >= 0) {
                this.cutter.add(ByteBuffer.wrap(this.buffer, 0, count), this.ready::add);
            }
            else {
                this.complete = true;
                this.cutter.finish(this.ready::add);
            }
        }
        catch (RequestException ex) {
            ex.in(this.context);
            this.failure = ex;
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

}
