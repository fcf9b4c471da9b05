package dev.outbound.client.guide;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.transport.Transports;

import static org.assertj.core.api.Assertions.assertThat;

/** Chapter 6, without the test module. */
class MockingTests extends AbstractGuideTests {

    private static final byte[] JSON = "{\"key\":\"value\"}".getBytes();

    // tag::function[]
    Transports mock = Transports
        .of((request) -> Response.of(request, 200, RequestBody.bytes(JSON, MediaType.APPLICATION_JSON)));

    Client client = Client.builder().transports(this.mock).build();

    ReactiveClient reactive = ReactiveClient.builder().transports(this.mock).buildReactive();

    // end::function[]

    @Test
    void function() {
        assertValue(this.client.get(API + "/data").json());
        Mono<Response> response = this.reactive.get(API + "/data");
        assertThat(get(response).statusCode()).isEqualTo(200);
        assertThat(server.requests()).isEmpty();
    }

}
