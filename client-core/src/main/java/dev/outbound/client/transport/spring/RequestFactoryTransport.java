package dev.outbound.client.transport.spring;

import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;

import org.springframework.http.HttpHeaders;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.EngineSetting;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

/**
 * Sends through any {@link ClientHttpRequestFactory}, as well as that interface allows:
 * <ul>
 * <li>only the total time limit is kept: set the others on the factory, where redirects,
 * cookies and retries belong switched off; a client that has others is not built;</li>
 * <li>a call that is cancelled before its response is there ends when the factory
 * returns;</li>
 * <li>to leave a body unread may mean to read it, on a thread of its own, for closing a
 * response drains it in most engines;</li>
 * <li>the version of HTTP is not told: it reads {@code HTTP/1.1}.</li>
 * </ul>
 * The factory stays its owner's: closing this transport does nothing.
 *
 * @since 0.1
 */
public final class RequestFactoryTransport implements Transport {

    private final ClientHttpRequestFactory factory;

    private RequestFactoryTransport(ClientHttpRequestFactory factory) {
        this.factory = factory;
    }

    /**
     * Create a transport over a factory.
     * @param factory makes the requests
     * @return the transport
     */
    public static RequestFactoryTransport of(ClientHttpRequestFactory factory) {
        Assert.notNull(factory, "factory must not be null");
        return new RequestFactoryTransport(factory);
    }

    @Override
    public void check(TransportSettings settings) {
        EngineSetting.check(settings, EnumSet.of(EngineSetting.REACTIVE_ENGINE));
    }

    @Override
    public TransportResponse send(Request request, Cancellation cancellation) {
        cancellation.enter();
        try {
            failIfEnded(Phase.PREPARE, cancellation);
            ClientHttpResponse response = exchange(request, cancellation);
            try {
                failIfEnded(Phase.HEAD, cancellation);
                return FactoryResponse.of(request, response, cancellation);
            }
            catch (IOException | RuntimeException ex) {
                FactoryResponse.discard(response);
                throw failure(Phase.HEAD, request, cancellation, ex);
            }
        }
        finally {
            cancellation.leave();
        }
    }

    private ClientHttpResponse exchange(Request request, Cancellation cancellation) {
        Phase phase = Phase.WRITE;
        try {
            ClientHttpRequest outgoing = this.factory.createRequest(request.url().toUri(), request.method());
            Headers.copy(request, outgoing.getHeaders());
            if (request.body() != null) {
                write(request.body(), outgoing);
            }
            phase = Phase.HEAD;
            return outgoing.execute();
        }
        catch (IOException | RuntimeException ex) {
            throw failure(phase, request, cancellation, ex);
        }
    }

    private static void write(RequestBody body, ClientHttpRequest outgoing) throws IOException {
        HttpHeaders headers = outgoing.getHeaders();
        if (body.contentType() != null && headers.getFirst(HttpHeaders.CONTENT_TYPE) == null) {
            headers.setContentType(body.contentType());
        }
        if (body.contentLength() >= 0) {
            headers.setContentLength(body.contentLength());
        }
        if (outgoing instanceof StreamingHttpOutputMessage streaming) {
            streaming.setBody(new StreamingHttpOutputMessage.Body() {

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    body.writeTo(out);
                }

                @Override
                public boolean repeatable() {
                    return body.isRepeatable();
                }

            });
        }
        else {
            body.writeTo(outgoing.getBody());
        }
    }

    private static void failIfEnded(Phase phase, Cancellation cancellation) {
        RequestException ended = cancellation.failure(phase, null);
        if (ended != null) {
            throw ended;
        }
    }

    private static RuntimeException failure(Phase phase, Request request, Cancellation cancellation, Exception ex) {
        RequestException ended = (ex instanceof RequestException) ? null : cancellation.failure(phase, ex);
        if (ended != null) {
            return ended;
        }
        return (ex instanceof RuntimeException unchecked) ? unchecked : FactoryFailures.of(phase, request.url(), ex);
    }

}
