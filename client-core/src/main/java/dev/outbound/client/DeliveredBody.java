package dev.outbound.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.TransportResponse;

/**
 * The body of a streamed response in the hands of the caller: its end, its failure or its
 * closing, whatever comes first, ends the call.
 */
final class DeliveredBody extends InputStream {

    private final BlockingDriver driver;

    private final @Nullable TransportResponse response;

    private final InputStream body;

    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile boolean closed;

    DeliveredBody(BlockingDriver driver, @Nullable TransportResponse response, Step.DeliverStream step) {
        this.driver = driver;
        this.response = response;
        this.body = body(response, step);
    }

    private static InputStream body(@Nullable TransportResponse response, Step.DeliverStream step) {
        if (step.buffered() != null) {
            return new ByteArrayInputStream(step.buffered());
        }
        if (response == null) {
            return InputStream.nullInputStream();
        }
        return (step.decoder() != null) ? new DecodedStream(response.body(), step.decoder()) : response.body();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (this.closed) {
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
            this.driver.complete(ex);
            end(ex);
            throw ex;
        }
    }

    @Override
    public int available() throws IOException {
        return this.closed ? 0 : this.body.available();
    }

    @Override
    public void close() {
        this.closed = true;
        end(null);
    }

    private void end(@Nullable RequestException failure) {
        if (this.ended.compareAndSet(false, true)) {
            if (this.body instanceof DecodedStream decoded) {
                decoded.close();
            }
            if (this.response != null) {
                if (failure != null) {
                    this.response.abort();
                }
                else {
                    this.response.close();
                }
            }
            this.driver.end(failure);
        }
    }

}
