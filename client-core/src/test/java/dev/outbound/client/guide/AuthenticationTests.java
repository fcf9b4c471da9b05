package dev.outbound.client.guide;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import dev.outbound.client.Client;
import dev.outbound.client.Outbound;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.Response;

import static org.assertj.core.api.Assertions.assertThat;

/** Chapter 7. */
class AuthenticationTests extends AbstractGuideTests {

    private static void assertSent(String authorization) {
        assertThat(asked()).contains("Authorization: " + authorization + "\r\n");
    }

    @Test
    void basic() {
        // tag::basic[]
        String text = Outbound.get(API + "/data", (r) -> r.auth("user", "pass")).text();
        // end::basic[]
        assertThat(text).isEqualTo("{\"key\":\"value\"}");
        assertSent("Basic dXNlcjpwYXNz");
    }

    @Test
    void basicReactive() {
        // tag::basic-reactive[]
        Mono<String> text = Outbound.reactive()
            .get(API + "/data", (r) -> r.auth(Auth.basic("user", "pass")))
            .map(Response::text);
        // end::basic-reactive[]
        assertThat(get(text)).isEqualTo("{\"key\":\"value\"}");
        assertSent("Basic dXNlcjpwYXNz");
    }

    @Test
    void bearer() {
        // tag::bearer[]
        String text = Outbound.get(API + "/data", (r) -> r.auth(Auth.bearer("token"))).text();
        // end::bearer[]
        assertThat(text).isEqualTo("{\"key\":\"value\"}");
        assertSent("Bearer token");
    }

    @Test
    void bearerReactive() {
        // tag::bearer-reactive[]
        Mono<String> text = Outbound.reactive()
            .get(API + "/data", (r) -> r.auth(Auth.bearer("token")))
            .map(Response::text);
        // end::bearer-reactive[]
        assertThat(get(text)).isEqualTo("{\"key\":\"value\"}");
        assertSent("Bearer token");
    }

    // tag::custom[]
    static Auth customAuth(String token) {
        return Auth.of((request) -> request.withHeader("Authorization", "Bearer " + token));
    }

    String fetch() {
        try (Client client = Client.builder().baseUrl(API).auth(customAuth("my-token")).build()) {
            return client.get("/data").text();
        }
    }
    // end::custom[]

    // tag::custom-reactive[]
    Mono<String> fetch(ReactiveClient client) {
        return client.get(API + "/data", (r) -> r.auth(customAuth("my-token"))).map(Response::text);
    }
    // end::custom-reactive[]

    @Test
    void custom() {
        assertThat(fetch()).isEqualTo("{\"key\":\"value\"}");
        assertSent("Bearer my-token");
        assertThat(get(fetch(Outbound.reactive()))).isEqualTo("{\"key\":\"value\"}");
        assertSent("Bearer my-token");
    }

}
