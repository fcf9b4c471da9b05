package dev.outbound.client.spring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.util.Assert;
import org.springframework.web.client.RestClient;

import dev.outbound.client.Client;
import dev.outbound.client.RequestSpec;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;

/**
 * A request of Spring's that becomes a call of a client.
 */
final class StreamingRequest extends AbstractClientHttpRequest implements StreamingHttpOutputMessage {

    private static final String URI_TEMPLATE = RestClient.class.getName() + ".uriTemplate";

    /** The scope of an observation is the thread's, whatever registry has opened it. */
    private static final ObservationRegistry CURRENT = ObservationRegistry.create();

    private final Client client;

    /** The base URL that the URI was made with. */
    private final @Nullable Url baseUrl;

    private final URI uri;

    private final HttpMethod method;

    private @Nullable RequestBody body;

    private @Nullable ByteArrayOutputStream written;

    StreamingRequest(Client client, @Nullable Url baseUrl, URI uri, HttpMethod method) {
        this.client = client;
        this.baseUrl = baseUrl;
        this.uri = uri;
        this.method = method;
    }

    @Override
    public HttpMethod getMethod() {
        return this.method;
    }

    @Override
    public URI getURI() {
        return this.uri;
    }

    @Override
    protected OutputStream getBodyInternal(HttpHeaders headers) {
        Assert.state(this.body == null, "Invoke either getBody or setBody; not both");
        if (this.written == null) {
            this.written = new ByteArrayOutputStream(1024);
        }
        return this.written;
    }

    @Override
    public void setBody(Body body) {
        Assert.notNull(body, "body must not be null");
        body(new CallbackBody(body, getHeaders().getContentLength()));
    }

    @Override
    public void setBody(byte[] body) {
        body(RequestBody.bytes(body, null));
    }

    private void body(RequestBody body) {
        assertNotExecuted();
        Assert.state(this.written == null, "Invoke either getBody or setBody; not both");
        this.body = body;
    }

    @Override
    protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
        try {
            return new StreamingResponse(this.client.stream(this.method, this.uri.toString(), this::describe));
        }
        catch (ClientException ex) {
            throw Failures.asIOException(ex);
        }
        catch (UncheckedIOException ex) {
            // Of the caller's own body, which could not be read.
            throw ex.getCause();
        }
    }

    private void describe(RequestSpec spec) {
        spec.headers(Headers.toSend(getHeaders()));
        RequestBody body = (this.written != null) ? RequestBody.bytes(this.written.toByteArray(), null) : this.body;
        if (body != null) {
            spec.body(body);
        }
        getAttributes().forEach(spec::attribute);
        // What a status means is told by the handlers of RestClient.
        spec.raiseForStatus(false);
        spec.madeWith(this.baseUrl);
        String template = Templates.relative(getAttributes().get(URI_TEMPLATE), this.baseUrl);
        if (template != null) {
            spec.template(template);
        }
        Observation observation = CURRENT.getCurrentObservation();
        if (observation != null && observation.getContextView() instanceof ClientRequestObservationContext) {
            spec.observation(observation);
        }
    }

}
