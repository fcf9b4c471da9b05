package dev.outbound.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.ContentDecoder;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;

/**
 * Reads a body into memory up to a limit. An announced length is believed for the size of
 * small buffers only, so that no server can make us reserve what it does not send.
 */
final class BodyCollector implements ContentDecoder.Output, AutoCloseable {

    private static final int TRUSTED = 64 * 1024;

    private static final int INITIAL = 4 * 1024;

    /** Of an array. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private static final byte[] EMPTY = {};

    private final long limit;

    private final @Nullable ContentDecoder decoder;

    private byte[] bytes;

    private int length;

    private long received;

    BodyCollector(long announced, Step.Buffer step) {
        long contentLength = step.empty() ? 0 : announced;
        this.limit = Math.min(step.limit(), LARGEST);
        this.decoder = step.decoder();
        check(contentLength);
        this.bytes = (contentLength == 0) ? EMPTY
                : new byte[(contentLength > 0) ? (int) Math.min(contentLength, TRUSTED) : INITIAL];
    }

    /** Read a body to its end. */
    byte[] read(InputStream body) {
        try {
            if (this.decoder == null) {
                readAll(body);
            }
            else {
                decodeAll(body);
            }
            return toBytes();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** How many bytes have arrived, with their content codings. */
    long received() {
        return (this.decoder != null) ? this.received : this.length;
    }

    private void readAll(InputStream body) throws IOException {
        while (true) {
            if (this.length == this.bytes.length) {
                // Most bodies end here, and their connections are released by seeing it.
                int next = body.read();
                if (next < 0) {
                    return;
                }
                grow(1);
                this.bytes[this.length++] = (byte) next;
            }
            int read = body.read(this.bytes, this.length, this.bytes.length - this.length);
            if (read < 0) {
                return;
            }
            this.length += read;
            check(this.length);
        }
    }

    private void decodeAll(InputStream body) throws IOException {
        byte[] coded = new byte[INITIAL];
        for (int read = body.read(coded); read >= 0; read = body.read(coded)) {
            add(ByteBuffer.wrap(coded, 0, read));
        }
        complete();
    }

    /** Take further bytes as they were received. */
    void add(ByteBuffer received) {
        if (this.decoder != null) {
            this.received += received.remaining();
            this.decoder.decode(received, this);
        }
        else {
            accept(received);
        }
    }

    /** There are no further bytes. */
    void complete() {
        if (this.decoder != null) {
            this.decoder.finish(this);
        }
    }

    @Override
    public void accept(ByteBuffer content) {
        int count = content.remaining();
        check((long) this.length + count);
        if (this.length + count > this.bytes.length) {
            grow(count);
        }
        content.get(this.bytes, this.length, count);
        this.length += count;
    }

    private void grow(int count) {
        long wanted = Math.max(this.length + (long) count, Math.max(INITIAL, 2L * this.bytes.length));
        this.bytes = Arrays.copyOf(this.bytes, (int) Math.min(wanted, LARGEST));
    }

    private void check(long size) {
        if (size > this.limit) {
            throw new LimitExceededException(Phase.BODY, "the body is larger than the limit of " + this.limit
                    + " bytes; raise limits.response-body, or stream it", null);
        }
    }

    @Override
    public void close() {
        if (this.decoder != null) {
            this.decoder.close();
        }
    }

    byte[] toBytes() {
        return (this.length == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.length);
    }

}
