package dev.outbound.client.guide;

import java.util.Map;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.Outbound;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.Response;

import static org.assertj.core.api.Assertions.assertThat;

/** Chapter 1. */
class BasicRequestsTests extends AbstractGuideTests {

    @Test
    void blocking() {
        // tag::blocking[]
        // GET request
        Response response = Outbound.get(API + "/data");
        int status = response.statusCode(); // e.g. 200
        String text = response.text(); // body as text
        JsonNode json = response.json(); // body as a JSON tree

        // POST request
        Response posted = Outbound.post(API + "/data", (request) -> request.json(Map.of("key", "value")));
        JsonNode answer = posted.json();
        // end::blocking[]
        assertThat(status).isEqualTo(200);
        assertThat(text).isEqualTo("{\"key\":\"value\"}");
        assertValue(json);
        assertThat(server.requests()).hasSize(2)
            .last()
            .asString()
            .startsWith("POST /data HTTP/1.1\r\n")
            .endsWith("\r\n\r\n{\"key\":\"value\"}");
        assertValue(answer);
    }

    // tag::reactive[]
    Mono<JsonNode> fetchData(ReactiveClient client) {
        // GET request, then POST request
        return client.get(API + "/data")
            .map(Response::json)
            .flatMap((json) -> client.post(API + "/data", (request) -> request.json(json)))
            .map(Response::json);
    }

    JsonNode run() {
        Mono<JsonNode> data = Mono.using(() -> ReactiveClient.builder().buildReactive(), this::fetchData,
                ReactiveClient::close);
        return data.block(); // or subscribe, or return it
    }
    // end::reactive[]

    @Test
    void reactive() {
        assertValue(run());
        assertThat(server.requests()).hasSize(2).last().asString().startsWith("POST /data ");
        assertValue(get(fetchData(Outbound.reactive())));
    }

}
