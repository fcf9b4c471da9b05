package dev.outbound.client.guide;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.Response;
import dev.outbound.client.transport.application.ApplicationTransport;

import static org.assertj.core.api.Assertions.assertThat;

/** Chapter 9. */
class CustomTransportsTests extends AbstractGuideTests {

    private final RouterFunction<ServerResponse> app = RouterFunctions.route()
        .GET("/", (request) -> ServerResponse.ok().bodyValue("Hello from the application"))
        .build();

    // tag::blocking[]
    String testApplication(RouterFunction<?> app) { // or its HttpHandler
        try (Client client = Client.builder().transport(ApplicationTransport.of(app).blocking()).build()) {
            return client.get("http://testserver/").text();
        }
    }
    // end::blocking[]

    // tag::reactive[]
    Mono<String> testApplicationReactive(RouterFunction<?> app) {
        return Mono.using(
                () -> ReactiveClient.builder().reactiveTransport(ApplicationTransport.of(app)).buildReactive(),
                (client) -> client.get("http://testserver/").map(Response::text), ReactiveClient::close);
    }
    // end::reactive[]

    @Test
    void application() {
        assertThat(testApplication(this.app)).isEqualTo("Hello from the application");
        assertThat(get(testApplicationReactive(this.app))).isEqualTo("Hello from the application");
    }

}
