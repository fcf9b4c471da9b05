package dev.outbound.client.guide;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.Response;

import static org.assertj.core.api.Assertions.assertThat;

/** Chapter 2. */
class SessionManagementTests extends AbstractGuideTests {

    // tag::blocking[]
    List<JsonNode> useSession() {
        try (Client client = Client.builder().baseUrl(API).header("Authorization", "Bearer token").build()) {
            // GET request
            JsonNode first = client.get("/endpoint1").json();

            // POST request
            JsonNode second = client.post("/endpoint2", (r) -> r.json(Map.of("key", "value"))).json();
            return List.of(first, second);
        }
    }
    // end::blocking[]

    @Test
    void blocking() {
        assertThat(useSession()).hasSize(2).allSatisfy(AbstractGuideTests::assertValue);
        assertSentWithTheToken();
    }

    // tag::reactive[]
    Mono<JsonNode> useReactiveSession() {
        return Mono.using(
                () -> ReactiveClient.builder().baseUrl(API).header("Authorization", "Bearer token").buildReactive(),
                (client) -> client.get("/endpoint1")
                    .then(client.post("/endpoint2", (r) -> r.json(Map.of("key", "value"))))
                    .map(Response::json),
                ReactiveClient::close);
    }
    // end::reactive[]

    @Test
    void reactive() {
        assertValue(get(useReactiveSession()));
        assertSentWithTheToken();
    }

    private static void assertSentWithTheToken() {
        assertThat(server.requests())
            .satisfiesExactly((request) -> assertThat(request).startsWith("GET /endpoint1 "),
                    (request) -> assertThat(request).startsWith("POST /endpoint2 "))
            .allSatisfy((request) -> assertThat(request).contains("Authorization: Bearer token\r\n"));
    }

}
