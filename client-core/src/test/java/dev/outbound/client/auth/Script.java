package dev.outbound.client.auth;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.BodyReading;
import dev.outbound.client.http.CallContext;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One call as a scheme sees it: requests that it gives, responses that it is shown.
 */
final class Script {

    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final AuthFlow flow;

    private final List<Response> history = new ArrayList<>();

    private AuthStep step;

    private Script(AuthFlow flow, AuthStep step) {
        this.flow = flow;
        this.step = step;
    }

    static Request get(String url) {
        return Request.of(HttpMethod.GET, Url.parse(url));
    }

    static Script start(Auth auth, Request request) {
        return start(auth, request, NOW);
    }

    static Script start(Auth auth, Request request, Instant now) {
        AuthFlow flow = auth.begin(now);
        return new Script(flow, flow.start(request));
    }

    AuthFlow flow() {
        return this.flow;
    }

    /** What is to be sent now. */
    Request sent() {
        assertThat(this.step).isInstanceOf(AuthStep.Send.class);
        return ((AuthStep.Send) this.step).request();
    }

    String authorization() {
        return String.valueOf(sent().fields().first("Authorization"));
    }

    /** The value of a parameter of the credentials, with its quotes. */
    String param(String name) {
        for (String param : authorization().replaceFirst("^Digest ", "").split(", ")) {
            if (param.startsWith(name + "=")) {
                return param.substring(name.length() + 1);
            }
        }
        return "";
    }

    Script respond(int status, String... fields) {
        return respond(sent(), status, "", fields);
    }

    Script respondBody(int status, String body, String... fields) {
        return respond(sent(), status, body, fields);
    }

    /** A response to another request, to which redirects led. */
    Script redirected(String url, int status, String... fields) {
        Request first = sent();
        this.history.add(response(first, 302, ""));
        return respond(first.withUrl(Url.parse(url)), status, "", fields);
    }

    private Script respond(Request request, int status, String body, String... fields) {
        Response response = response(request, status, body, fields);
        this.step = this.flow.responded(response);
        this.history.add(response);
        return this;
    }

    private Response response(Request request, int status, String body, String... fields) {
        return new Response(head(status, fields), body.getBytes(StandardCharsets.UTF_8), request,
                new CallContext(null, "GET", "/", 1, Duration.ZERO), List.copyOf(this.history), null,
                BodyReading.defaults());
    }

    Script awaited() {
        this.step = this.flow.awaited();
        return this;
    }

    /** The request that was sent last failed; return whether the flow goes on. */
    boolean failed(RequestException failure) {
        AuthStep next = this.flow.failed(failure);
        this.step = (next != null) ? next : this.step;
        return next != null;
    }

    void close() {
        this.flow.close();
    }

    boolean isAccepted() {
        return this.step instanceof AuthStep.Accept;
    }

    boolean isWaiting() {
        return this.step instanceof AuthStep.Await;
    }

    CompletionStage<?> waitingFor() {
        return ((AuthStep.Await) this.step).result();
    }

    private static ResponseHead head(int status, String... lines) {
        FieldLines.Builder fields = FieldLines.builder();
        for (String line : lines) {
            int colon = line.indexOf(':');
            fields.append(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        FieldLines built = fields.build();
        return new ResponseHead() {

            @Override
            public int statusCode() {
                return status;
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
                return built;
            }

        };
    }

}
