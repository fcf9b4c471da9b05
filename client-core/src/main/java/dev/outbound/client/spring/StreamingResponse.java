package dev.outbound.client.spring;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.StreamedResponse;

/**
 * The response of a client as one of Spring's.
 */
final class StreamingResponse implements ClientHttpResponse {

    private final StreamedResponse response;

    private final InputStream body;

    private @Nullable HttpHeaders headers;

    StreamingResponse(StreamedResponse response) {
        this.response = response;
        this.body = new Body(response.body());
    }

    @Override
    public HttpStatusCode getStatusCode() {
        return this.response.status();
    }

    @Override
    public String getStatusText() {
        return this.response.reasonPhrase();
    }

    @Override
    public HttpHeaders getHeaders() {
        HttpHeaders headers = this.headers;
        if (headers == null) {
            headers = Headers.received(this.response);
            this.headers = headers;
        }
        return headers;
    }

    @Override
    public InputStream getBody() {
        return this.body;
    }

    @Override
    public void close() {
        this.response.close();
    }

    /** Fails as Spring's readers expect. */
    private static final class Body extends FilterInputStream {

        Body(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            try {
                return this.in.read();
            }
            catch (ClientException ex) {
                throw Failures.asIOException(ex);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return this.in.read(bytes, offset, length);
            }
            catch (ClientException ex) {
                throw Failures.asIOException(ex);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            try {
                return this.in.skip(count);
            }
            catch (ClientException ex) {
                throw Failures.asIOException(ex);
            }
        }

    }

}
