package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Limits;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.BodyScanner;
import dev.outbound.client.transport.IncomingHead;

/**
 * Reads a chunked body by the rules of every engine. HttpCore's stream takes a sign for a
 * digit, and a connection that ends within the trailers for a whole body. Trailers are
 * read and dropped.
 */
final class ChunkedBody extends InputStream {

    private final SessionInputBuffer buffer;

    private final InputStream in;

    private final BodyScanner scanner;

    private final Runnable spoilt;

    /** Found behind content that is to be given first. */
    private @Nullable RequestException fault;

    /**
     * Create a stream.
     * @param spoilt runs when something was read that is behind the body
     */
    ChunkedBody(SessionInputBuffer buffer, InputStream in, Limits limits, Runnable spoilt) {
        this.buffer = buffer;
        this.in = in;
        this.scanner = new BodyScanner(limits);
        this.scanner.begin(IncomingHead.CHUNKED);
        this.spoilt = spoilt;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = 0;
        while (count == 0 && !this.scanner.isEnded()) {
            if (this.fault != null) {
                throw this.fault;
            }
            int received = this.buffer.read(target, offset, length, this.in);
            if (received < 0) {
                throw new ConnectionClosedException("the connection was closed within the chunked body");
            }
            count = unwrap(target, offset, received);
        }
        return (count > 0) ? count : -1;
    }

    /** Leave the content of what was received, and return its length. */
    private int unwrap(byte[] target, int offset, int received) {
        ByteBuffer source = ByteBuffer.wrap(target, offset, received);
        ByteBuffer content = ByteBuffer.wrap(target, offset, received);
        try {
            // Content is never behind the place that it is moved to.
            this.scanner.scan(source, content::put);
        }
        catch (RequestException ex) {
            this.fault = ex;
        }
        if (this.scanner.isEnded() && source.hasRemaining()) {
            this.spoilt.run();
        }
        return content.position() - offset;
    }

    @Override
    public int available() {
        return (int) Math.min(this.scanner.contentLeft(), this.buffer.length());
    }

}
