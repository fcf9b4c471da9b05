package dev.outbound.client.transport.application;

import java.util.EnumSet;

import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.util.Assert;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;

import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.EngineSetting;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;

/**
 * Sends requests to a WebFlux application in the same process: HTTPX's ASGI transport.
 * Bodies are streamed in both directions, with back-pressure, and nothing is buffered.
 *
 * <pre class="code">
 * HttpHandler shop = RouterFunctions.toHttpHandler(routes);
 * Client client = Client.builder().baseUrl("http://shop.test").transport(ApplicationTransport.of(shop).blocking()).build();
 * </pre>
 *
 * What the application throws, and does not turn into a response itself, fails the call
 * as it is. Time limits other than the total one do not apply, and a client that sets
 * them is not built.
 *
 * @since 0.1
 */
public final class ApplicationTransport implements ReactiveTransport {

    private final HttpHandler handler;

    private ApplicationTransport(HttpHandler handler) {
        this.handler = handler;
    }

    /**
     * Return a transport to a handler.
     * @param handler the application
     * @return the transport
     */
    public static ApplicationTransport of(HttpHandler handler) {
        Assert.notNull(handler, "handler must not be null");
        return new ApplicationTransport(handler);
    }

    /**
     * Return a transport to functional routes, with the default strategies of WebFlux.
     * Needs spring-webflux.
     * @param routes the application
     * @return the transport
     */
    public static ApplicationTransport of(RouterFunction<?> routes) {
        Assert.notNull(routes, "routes must not be null");
        return new ApplicationTransport(RouterFunctions.toHttpHandler(routes));
    }

    /**
     * Return a transport to the same application for blocking clients. The application
     * runs on its own threads, or on the caller's where it uses none.
     * @return the transport
     */
    public Transport blocking() {
        return new BlockingApplicationTransport(this);
    }

    @Override
    public void check(TransportSettings settings) {
        EngineSetting.check(settings, EnumSet.of(EngineSetting.BLOCKING_ENGINE));
    }

    @Override
    public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
        return Mono.create((sink) -> {
            ApplicationResponse response = new ApplicationResponse(sink);
            sink.onCancel(response);
            response
                .run(this.handler.handle(new ApplicationRequest(request), response).contextWrite(sink.contextView()));
        });
    }

}
