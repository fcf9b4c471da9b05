package dev.outbound.client.transport;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ResponseHead;

/**
 * A response as it comes from a transport: the head is there, the body is not read. Used
 * by one thread at a time.
 *
 * @since 0.1
 */
public interface TransportResponse extends ResponseHead {

    /**
     * Return the body. Reading fails with a
     * {@link dev.outbound.client.http.RequestException}, also when the body ends before
     * its announced length.
     * @return the content, always the same stream, without any content coding undone;
     * closing it does not release the connection
     */
    InputStream body();

    /**
     * Return the length of the body as announced by {@code Content-Length}.
     * @return the number of bytes, or -1
     */
    default long contentLength() {
        return -1;
    }

    /**
     * End the use of this response so that its connection can be used again, if that is
     * cheap: a body that is not read to its end is drained up to a small limit, else the
     * connection is closed. May be called more than once.
     */
    void close();

    /**
     * End the use of this response at once and close its connection. May be called more
     * than once, and from any thread.
     */
    void abort();

    /**
     * Return a response that was never on a network.
     * @param status the status code
     * @param fields the field lines
     * @param body the content
     * @return the response
     */
    static TransportResponse of(int status, FieldLines fields, byte[] body) {
        return new MemoryResponse(status, fields, body);
    }

    /** A response in memory. */
    final class MemoryResponse implements TransportResponse {

        private final int status;

        private final FieldLines fields;

        private final byte[] content;

        private final InputStream body;

        MemoryResponse(int status, FieldLines fields, byte[] content) {
            this.status = status;
            this.fields = fields;
            this.content = content;
            this.body = new ByteArrayInputStream(content);
        }

        @Override
        public int statusCode() {
            return this.status;
        }

        @Override
        public String reasonPhrase() {
            return "";
        }

        @Override
        public String httpVersion() {
            return "HTTP/1.1";
        }

        @Override
        public FieldLines fields() {
            return this.fields;
        }

        @Override
        public InputStream body() {
            return this.body;
        }

        @Override
        public long contentLength() {
            return this.content.length;
        }

        @Override
        public void close() {
        }

        @Override
        public void abort() {
        }

    }

}
