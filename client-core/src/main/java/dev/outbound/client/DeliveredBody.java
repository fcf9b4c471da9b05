package dev.outbound.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.BodySource;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.transport.TransportResponse;

/**
 * The body of a streamed response in the hands of the caller: its end, its failure or its
 * closing, whatever comes first, ends the call.
 */
final class DeliveredBody implements BodySource {

    private final BlockingDriver driver;

    private final @Nullable TransportResponse response;

    private final Received received;

    private final @Nullable DecodedStream decoded;

    private final InputStream content;

    private final boolean readBefore;

    private final Abandonment abandonment;

    private volatile boolean closed;

    private volatile @Nullable StatusException rejection;

    DeliveredBody(BlockingDriver driver, @Nullable TransportResponse response, Step.DeliverStream step) {
        this.driver = driver;
        this.response = response;
        this.abandonment = new Abandonment(driver, response, step.context());
        this.readBefore = step.buffered() != null || response == null;
        this.received = new Received(body(response, step));
        this.decoded = (step.decoder() != null) ? new DecodedStream(this.received, step.decoder()) : null;
        this.content = new Ending((this.decoded != null) ? this.decoded : this.received);
        this.abandonment.watch(this);
    }

    private static InputStream body(@Nullable TransportResponse response, Step.DeliverStream step) {
        if (step.buffered() != null) {
            return new ByteArrayInputStream(step.buffered());
        }
        return (response != null) ? response.body() : InputStream.nullInputStream();
    }

    @Override
    public InputStream content() {
        return this.content;
    }

    @Override
    public InputStream raw() {
        if (this.readBefore) {
            throw new IllegalStateException(Step.DeliverStream.NO_RAW_BODY);
        }
        return (this.decoded != null) ? new Ending(this.received) : this.content;
    }

    @Override
    public long received() {
        return this.received.count;
    }

    private long toReceive() {
        return (this.response != null) ? this.response.contentLength() : -1;
    }

    @Override
    public void reject(StatusException failure) {
        this.rejection = failure;
        this.driver.hurry();
    }

    @Override
    public boolean isOver() {
        return this.abandonment.isOver();
    }

    @Override
    public void close() {
        this.closed = true;
        end(null);
    }

    private void end(@Nullable RequestException failure) {
        if (this.abandonment.end()) {
            if (this.decoded != null) {
                this.decoded.close();
            }
            if (this.response != null) {
                if (failure != null) {
                    this.response.abort();
                }
                else {
                    this.response.close();
                }
            }
            // What is read for a message only is not what the call fails with.
            StatusException rejection = this.rejection;
            this.driver.end((rejection != null) ? rejection : failure);
        }
    }

    /** Counts what the transport gives. */
    private static final class Received extends InputStream {

        private final InputStream body;

        private volatile long count;

        Received(InputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = this.body.read(bytes, offset, length);
            if (read > 0) {
                this.count += read;
            }
            return read;
        }

        @Override
        public int available() throws IOException {
            return this.body.available();
        }

    }

    /** Ends the call when it has ended. */
    private final class Ending extends InputStream {

        private final InputStream body;

        Ending(InputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (DeliveredBody.this.closed) {
                throw new IllegalStateException("The response was closed; read it before");
            }
            try {
                int count = this.body.read(bytes, offset, length);
                if (count < 0) {
                    end(null);
                }
                return count;
            }
            catch (RequestException ex) {
                DeliveredBody.this.driver.complete(ex, received(), toReceive());
                end(ex);
                throw ex;
            }
        }

        @Override
        public int available() throws IOException {
            return DeliveredBody.this.closed ? 0 : this.body.available();
        }

        @Override
        public void close() {
            DeliveredBody.this.close();
        }

    }

}
