package dev.outbound.mock.guide;

import java.util.Map;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import dev.outbound.client.Outbound;
import dev.outbound.client.http.Response;
import dev.outbound.mock.MockOutbound;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;

/** Chapter 6 of the guide {@code docs/from-httpx.md}, which client-core makes. */
class MockRouterGuideTests {

    // tag::blocking[]
    @Test
    @MockOutbound
    void testMockedApi(MockRouter router) {
        // Mock a GET request
        router.get("https://api.example.com/data").reply((r) -> r.json(Map.of("key", "value")));

        // Make the request
        Response response = Outbound.get("https://api.example.com/data");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.json().get("key").asString()).isEqualTo("value");
    }
    // end::blocking[]

    // tag::reactive[]
    @Test
    @MockOutbound
    void testMockedApiReactive(MockRouter router) {
        router.get("https://api.example.com/data").reply((r) -> r.json(Map.of("key", "value")));

        Mono<Response> response = Outbound.reactive().get("https://api.example.com/data");
        assertThat(response.map(Response::text).block()).isEqualTo("{\"key\":\"value\"}");
    }
    // end::reactive[]

}
