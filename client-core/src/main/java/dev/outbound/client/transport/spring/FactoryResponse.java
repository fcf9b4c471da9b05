package dev.outbound.client.transport.spring;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.TransportResponse;

/**
 * A response of Spring's, with failures of ours.
 */
final class FactoryResponse implements TransportResponse {

    private final ClientHttpResponse response;

    private final Url url;

    private final Cancellation cancellation;

    private final int status;

    private final String reason;

    private final FieldLines fields;

    private final long contentLength;

    private final Body body;

    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile boolean read;

    private FactoryResponse(Request request, ClientHttpResponse response, Cancellation cancellation)
            throws IOException {
        this.response = response;
        this.url = request.url();
        this.cancellation = cancellation;
        this.status = response.getStatusCode().value();
        this.reason = Objects.requireNonNullElse(response.getStatusText(), "");
        this.fields = fields(response.getHeaders());
        this.contentLength = request.method().equals(HttpMethod.HEAD) ? 0 : response.getHeaders().getContentLength();
        this.body = new Body(Objects.requireNonNullElse(response.getBody(), InputStream.nullInputStream()));
    }

    static FactoryResponse of(Request request, ClientHttpResponse response, Cancellation cancellation)
            throws IOException {
        FactoryResponse result = new FactoryResponse(request, response, cancellation);
        cancellation.onCancel(result::abort);
        return result;
    }

    private static FieldLines fields(HttpHeaders headers) {
        FieldLines.Builder builder = FieldLines.builder();
        headers.forEach((name, values) -> values.forEach((value) -> builder.append(name, value)));
        return builder.build();
    }

    /** Close a response whose body may not end, on a thread that may wait for it. */
    static void discard(ClientHttpResponse response) {
        Thread thread = new Thread(() -> {
            // Closing the stream cancels on the JDK's engine; closing the response would
            // drain.
            try (response) {
                response.getBody().close();
            }
            catch (IOException | RuntimeException ex) {
                // Nobody is interested in this response any more.
            }
        }, "outbound-discard");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public int statusCode() {
        return this.status;
    }

    @Override
    public String reasonPhrase() {
        return this.reason;
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
        return this.contentLength;
    }

    private RuntimeException failure(Exception ex) {
        abort();
        RequestException ended = this.cancellation.failure(Phase.BODY, ex);
        if (ended != null) {
            return ended;
        }
        return (ex instanceof RequestException known) ? known : FactoryFailures.of(Phase.BODY, this.url, ex);
    }

    @Override
    public void close() {
        if (this.read || this.contentLength == 0) {
            if (this.ended.compareAndSet(false, true)) {
                this.cancellation.onCancel(null);
                this.response.close();
            }
        }
        else {
            abort();
        }
    }

    @Override
    public void abort() {
        if (this.ended.compareAndSet(false, true)) {
            this.cancellation.onCancel(null);
            discard(this.response);
        }
    }

    /** Closing it does nothing: the connection is the response's. */
    private final class Body extends InputStream {

        private final InputStream content;

        Body(InputStream content) {
            this.content = content;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Cancellation cancellation = FactoryResponse.this.cancellation;
            cancellation.enter();
            try {
                int count = this.content.read(target, offset, length);
                if (count < 0) {
                    FactoryResponse.this.read = true;
                }
                return count;
            }
            catch (IOException | RuntimeException ex) {
                throw failure(ex);
            }
            finally {
                cancellation.leave();
            }
        }

    }

}
