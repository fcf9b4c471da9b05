package dev.outbound.mock;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

/**
 * Requests that somebody else answers.
 *
 * @param router the router that passes them on
 * @param engine what the engine of the client has to know, should the real server answer
 */
record PassedOn(MockRouter router, TransportSettings engine) {

    TransportResponse blocking(Upstream upstream, SentRequest request, Cancellation cancellation) {
        Transport transport = upstream.transport(() -> this.router.engines().blocking(this.engine));
        if (this.router.clock().isSystem()) {
            return transport.send(outgoing(request), cancellation);
        }
        RealTime time = new RealTime(this.router.clock(), cancellation);
        Disposable timer = time.limit();
        try {
            return time.limited(transport.send(outgoing(request), cancellation), timer);
        }
        catch (RuntimeException | Error ex) {
            timer.dispose();
            throw ex;
        }
    }

    Mono<ReactiveTransportResponse> reactive(Upstream upstream, SentRequest request, Cancellation cancellation) {
        Mono<ReactiveTransportResponse> response = upstream
            .reactiveTransport(() -> this.router.engines().reactive(this.engine))
            .send(outgoing(request), cancellation);
        return this.router.clock().isSystem() ? response
                : new RealTime(this.router.clock(), cancellation).limited(response);
    }

    /** Without what the connection adds by itself. */
    private static Request outgoing(SentRequest request) {
        return request.request()
            .withFields(request.fields()
                .without((name) -> name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)
                        || name.equalsIgnoreCase(HttpHeaders.TRANSFER_ENCODING)));
    }

}
