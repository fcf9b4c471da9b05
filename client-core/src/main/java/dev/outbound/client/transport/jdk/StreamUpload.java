package dev.outbound.client.transport.jdk;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.RequestBody;

/**
 * A body that is written by the thread of the call, which waits while the JDK asks for
 * nothing.
 */
final class StreamUpload extends Upload {

    private final RequestBody body;

    private final BlockingCall call;

    private volatile @Nullable ByteBuffer piece;

    private volatile boolean written;

    StreamUpload(RequestBody body, long length, BlockingCall call) {
        super(length);
        this.body = body;
        this.call = call;
    }

    /**
     * Write the whole body, or what of it is wanted. On the thread of the call.
     */
    void write() {
        this.call.await(() -> isSubscribed() || isUnwanted());
        try {
            Sink sink = new Sink();
            this.body.writeTo(sink);
            sink.complete();
        }
        catch (Unwanted ex) {
            // The response, or the end of the call, is there.
        }
        catch (IOException ex) {
            throw new UncheckedIOException("The body of the request could not be read", ex);
        }
    }

    private boolean isUnwanted() {
        return this.call.isAnswered() || isStopped();
    }

    @Override
    void subscribed() {
        this.call.wake();
    }

    @Override
    @Nullable ByteBuffer next() {
        ByteBuffer piece = this.piece;
        if (piece != null) {
            this.piece = null;
            this.call.wake();
        }
        return piece;
    }

    @Override
    boolean isExhausted() {
        return this.written && this.piece == null;
    }

    @Override
    void stop() {
        super.stop();
        this.call.wake();
    }

    private void offer(byte[] bytes, int length) {
        this.piece = ByteBuffer.wrap(bytes, 0, length);
        drain();
        this.call.await(() -> this.piece == null || isUnwanted());
        if (isUnwanted()) {
            throw new Unwanted();
        }
    }

    /** Collects pieces, for the JDK passes on what it is given as it is. */
    private final class Sink extends OutputStream {

        private byte[] buffer = new byte[PIECE];

        private int count;

        private long total;

        @Override
        public void write(int b) {
            write(new byte[] { (byte) b }, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            this.total += length;
            if (length() >= 0 && this.total > length()) {
                throw new LocalProtocolException(
                        "the body of the request is longer than the " + length() + " bytes that it announced", null);
            }
            int from = offset;
            int left = length;
            while (left > 0) {
                int size = Math.min(left, PIECE - this.count);
                System.arraycopy(bytes, from, this.buffer, this.count, size);
                this.count += size;
                from += size;
                left -= size;
                if (this.count == PIECE) {
                    flush();
                }
            }
        }

        @Override
        public void flush() {
            if (this.count > 0) {
                byte[] full = this.buffer;
                int size = this.count;
                this.buffer = new byte[PIECE];
                this.count = 0;
                offer(full, size);
            }
        }

        void complete() {
            flush();
            if (length() >= 0 && this.total < length()) {
                throw new LocalProtocolException(
                        "the body of the request has " + this.total + " bytes, and announced " + length(), null);
            }
            StreamUpload.this.written = true;
            drain();
        }

    }

    /** Leaves the writing of a body. */
    private static final class Unwanted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unwanted() {
            super(null, null, false, false);
        }

    }

}
