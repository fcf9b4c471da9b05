package dev.outbound.mock;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

/**
 * Requests that somebody else answers.
 */
final class PassedOn {

    private PassedOn() {
    }

    static TransportResponse blocking(MockRouter router, Upstream upstream, SentRequest request,
            Cancellation cancellation) {
        Transport transport = (upstream != Upstream.REAL) ? upstream.transport() : router.engine();
        return transport.send(outgoing(request), cancellation);
    }

    static Mono<ReactiveTransportResponse> reactive(MockRouter router, Upstream upstream, SentRequest request,
            Cancellation cancellation) {
        ReactiveTransport transport = (upstream != Upstream.REAL) ? upstream.reactiveTransport()
                : router.reactiveEngine();
        return transport.send(outgoing(request), cancellation);
    }

    /** Without what the connection adds by itself. */
    private static Request outgoing(SentRequest request) {
        return request.request()
            .withFields(request.fields()
                .without((name) -> name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)
                        || name.equalsIgnoreCase(HttpHeaders.TRANSFER_ENCODING)));
    }

}
