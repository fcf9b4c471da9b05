package dev.outbound.client.guide;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Response;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** Chapter 6. */
class MockingTests extends AbstractGuideTests {

    @Test
    void blocking() {
        // tag::blocking[]
        Transport mock = (request, cancellation) -> TransportResponse.of(200, FieldLines.empty(),
                "{\"key\":\"value\"}".getBytes());

        try (Client client = Client.builder().transport(mock).build()) {
            Response response = client.get(API + "/data");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.json().get("key").asString()).isEqualTo("value");
        }
        // end::blocking[]
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void reactive() {
        // tag::reactive[]
        ReactiveTransport mock = (request, cancellation) -> Mono
            .just(ReactiveTransportResponse.of(200, FieldLines.empty(), "{\"key\":\"value\"}".getBytes()));

        try (ReactiveClient client = ReactiveClient.builder().reactiveTransport(mock).buildReactive()) {
            Response response = client.get(API + "/data").block();
            assertThat(response.statusCode()).isEqualTo(200);
        }
        // end::reactive[]
        assertThat(server.requests()).isEmpty();
    }

}
