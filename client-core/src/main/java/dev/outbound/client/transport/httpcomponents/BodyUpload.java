package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.IOCallback;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.OutgoingHead;

/**
 * Writes the body of one request, and tells the faults of its source from those of the
 * connection. When the source fails, the connection is closed before HttpCore can end the
 * body: a server must never take what was written for all of it.
 */
final class BodyUpload implements IOCallback<OutputStream> {

    private final RequestBody body;

    private final long announced;

    private final @Nullable Duration limit;

    private final Cancellation cancellation;

    private @Nullable Wire wire;

    private Refusal refusal = () -> false;

    private long written;

    private BodyUpload(Request request, RequestBody body, OutgoingHead head, Cancellation cancellation) {
        this.body = body;
        this.announced = head.bodyLength();
        this.limit = request.timeouts().write();
        this.cancellation = cancellation;
    }

    static @Nullable BodyUpload of(Request request, OutgoingHead head, Cancellation cancellation) {
        RequestBody body = request.body();
        return (body != null) ? new BodyUpload(request, body, head, cancellation) : null;
    }

    /** The length that the body announces, or -1. */
    long announced() {
        return this.announced;
    }

    /** How much of it the connection has taken. */
    long written() {
        return this.written;
    }

    /**
     * Take the connection.
     * @param refusal tells whether the server does not want the rest
     */
    void over(Wire wire, Refusal refusal) {
        this.wire = wire;
        this.refusal = refusal;
    }

    @Override
    public void execute(OutputStream out) throws IOException {
        // What the source takes to give its bytes is not the server's fault.
        this.cancellation.written();
        BodySink sink = new BodySink(out);
        try {
            byte[] bytes = this.body.bytes();
            if (bytes != null) {
                sink.write(bytes, 0, bytes.length);
            }
            else {
                this.body.writeTo(sink);
            }
            sink.complete();
        }
        catch (IOException | RuntimeException | Error ex) {
            IOException fault = sink.fault();
            if (fault != null) {
                throw fault;
            }
            if (this.wire != null) {
                this.wire.close(CloseMode.IMMEDIATE);
            }
            if (ex instanceof IOException source) {
                throw new UncheckedIOException("The body of the request could not be read", source);
            }
            throw ex;
        }
        // For the rest, which is still to be flushed.
        this.cancellation.writing(this.limit);
    }

    /** Counts, limits each write, and remembers what the connection has thrown. */
    private final class BodySink extends OutputStream {

        /** A limit for each piece, so that a long body may take its time. */
        private static final int PIECE = 16 * 1024;

        private final OutputStream out;

        private long given;

        private @Nullable IOException fault;

        BodySink(OutputStream out) {
            this.out = out;
        }

        @Nullable IOException fault() {
            return this.fault;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] { (byte) b }, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            this.given += length;
            if (BodyUpload.this.announced >= 0 && this.given > BodyUpload.this.announced) {
                throw new LocalProtocolException("the body of the request is longer than the "
                        + BodyUpload.this.announced + " bytes that it announced", null);
            }
            for (int from = offset; from < offset + length; from += PIECE) {
                int size = Math.min(PIECE, offset + length - from);
                int start = from;
                guarded(() -> this.out.write(bytes, start, size));
                BodyUpload.this.written += size;
                guarded(this::stopIfRefused);
            }
        }

        @Override
        public void flush() throws IOException {
            guarded(this.out::flush);
        }

        private void guarded(Write write) throws IOException {
            if (this.fault != null) {
                throw this.fault;
            }
            BodyUpload.this.cancellation.writing(BodyUpload.this.limit);
            try {
                write.run();
            }
            catch (IOException ex) {
                this.fault = ex;
                throw ex;
            }
            finally {
                BodyUpload.this.cancellation.written();
            }
        }

        private void stopIfRefused() throws IOException {
            if (BodyUpload.this.wire != null && BodyUpload.this.refusal.isThere()) {
                BodyUpload.this.wire.cutBody();
                throw new IOException("The server has answered, and does not want the rest");
            }
        }

        void complete() throws IOException {
            if (this.fault != null) {
                throw this.fault;
            }
            if (this.given < BodyUpload.this.announced) {
                throw new LocalProtocolException("the body of the request has " + this.given + " bytes, and announced "
                        + BodyUpload.this.announced, null);
            }
        }

    }

    @FunctionalInterface
    interface Refusal {

        boolean isThere() throws IOException;

    }

    @FunctionalInterface
    private interface Write {

        void run() throws IOException;

    }

}
