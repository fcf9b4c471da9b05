package dev.outbound.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.http.BodyReading;
import dev.outbound.client.http.CallContext;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.transport.ProxyAuthentication;

/**
 * Any authentication scheme, in a conversation with a proxy: what it knows as the words
 * of a server (401, {@code WWW-Authenticate}, {@code Authorization}) is translated to
 * those of a proxy (RFC 9110, section 11.7) and back. A scheme that has to send requests
 * of its own, or to wait, fails: what it would send is not for the proxy to see.
 */
record ProxyCredentials(Auth auth) implements ProxyAuthentication {

    @Override
    public Conversation begin() {
        return new FlowConversation(this.auth.begin(Instant.now()));
    }

    /** Does not show what the scheme may show. */
    @Override
    public String toString() {
        return "ProxyCredentials";
    }

    private static final class FlowConversation implements Conversation {

        private final AuthFlow flow;

        /** The request as the scheme sees it. */
        private @Nullable Request current;

        FlowConversation(AuthFlow flow) {
            this.flow = flow;
        }

        @Override
        public Request start(Request request) {
            return toProxy(request, this.flow.start(request.withoutHeader("Authorization")));
        }

        @Override
        public @Nullable Request refused(Request request, ResponseHead refusal) {
            Response response = new Response(new Refusal(refusal), new byte[0], Objects.requireNonNull(this.current),
                    new CallContext(null, request.method().name(), request.url().redacted(), 1, Duration.ZERO),
                    List.of(), null, BodyReading.defaults());
            AuthStep step = this.flow.responded(response);
            return (step instanceof AuthStep.Send) ? toProxy(request, step) : null;
        }

        private Request toProxy(Request request, AuthStep step) {
            if (step instanceof AuthStep.Accept) {
                this.current = request;
                return request;
            }
            if (!(step instanceof AuthStep.Send send) || !isSame(request, send.request())) {
                this.flow.close();
                throw ProxyException.refusal("the authentication for the proxy " + request.url().origin()
                        + " needs requests of its own, or to wait; give the proxy one that does not, such as basic or"
                        + " digest");
            }
            this.current = send.request();
            Request signed = send.request();
            String credentials = signed.fields().first("Authorization");
            FieldLines fields = signed.fields().without("Authorization");
            String own = request.fields().first("Authorization");
            fields = (own != null) ? fields.with("Authorization", own) : fields;
            return request.withFields((credentials != null) ? fields.with("Proxy-Authorization", credentials) : fields);
        }

        private static boolean isSame(Request request, Request sent) {
            return sent.method().equals(request.method()) && sent.url().equals(request.url());
        }

    }

    /** A refusal in the words of a server. */
    private record Refusal(ResponseHead head) implements ResponseHead {

        @Override
        public int statusCode() {
            return 401;
        }

        @Override
        public String reasonPhrase() {
            return this.head.reasonPhrase();
        }

        @Override
        public String httpVersion() {
            return this.head.httpVersion();
        }

        @Override
        public FieldLines fields() {
            FieldLines.Builder fields = FieldLines.builder();
            for (String challenge : this.head.fields().all("Proxy-Authenticate")) {
                fields.append("WWW-Authenticate", challenge);
            }
            return fields.build();
        }

    }

}
