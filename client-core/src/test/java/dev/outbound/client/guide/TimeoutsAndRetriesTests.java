package dev.outbound.client.guide;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.Outbound;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.Retries;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryOn;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.Stop;
import dev.outbound.client.retry.Wait;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Chapter 8. */
class TimeoutsAndRetriesTests extends AbstractGuideTests {

    private final TestClock clock = new TestClock();

    @Test
    void timeouts() {
        // tag::timeouts[]
        // For all calls of a client: connect, read, write and pool
        Client client = Client.builder().timeout(ofSeconds(10)).build();

        // For one call
        Response response = client.get(API + "/data", (r) -> r.timeout(ofSeconds(5)));
        // end::timeouts[]
        client.close();
        Timeouts ten = client.settings().timeouts();
        assertThat(ten).isEqualTo(Timeouts.defaults().withAll(ofSeconds(10)));
        assertThat(response.request().timeouts()).isEqualTo(Timeouts.defaults());
    }

    @Test
    void timeoutsReactive() {
        // tag::timeouts-reactive[]
        ReactiveClient client = ReactiveClient.builder().timeout(ofSeconds(10)).buildReactive();

        Mono<Response> response = client.get(API + "/data", (r) -> r.timeout(ofSeconds(5)));
        // end::timeouts-reactive[]
        assertThat(get(response).request().timeouts()).isEqualTo(Timeouts.defaults());
        client.close();
    }

    // tag::retries[]
    static Retries threeAttempts() {
        return Retries.of(RetryPolicy.builder()
            .retryOn(RetryOn.exception(Exception.class))
            .stop(Stop.afterAttempts(3))
            .backOff(Wait.fixed(ofSeconds(2)))
            .build());
    }

    JsonNode fetchWithRetries(Retries retries) {
        return retries.get(() -> Outbound.get(API + "/data").raiseForStatus().json());
    }
    // end::retries[]

    // tag::retries-reactive[]
    Mono<JsonNode> fetchWithRetriesReactive(Retries retries) {
        return retries.mono(Outbound.reactive().get(API + "/data").map((r) -> r.raiseForStatus().json()));
    }
    // end::retries-reactive[]

    private static void failTwice() {
        server.next((connection) -> connection.respond(500, ""), (connection) -> connection.respond(404, ""));
    }

    @Test
    void retries() {
        Retries retries = threeAttempts().withClock(this.clock);
        failTwice();
        assertValue(fetchWithRetries(retries));
        assertThat(server.requests()).hasSize(3);
        failTwice();
        assertValue(get(fetchWithRetriesReactive(retries)));
        assertThat(server.requests()).hasSize(3);
        assertThat(this.clock.waits()).hasSize(4).containsOnly(ofSeconds(2));
        failTwice();
        server.next((connection) -> connection.respond(503, ""));
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> fetchWithRetries(retries))
            .withMessageContaining("503");
        assertThat(server.requests()).hasSize(3);
    }

    // tag::builtin[]
    ClientBuilder patient() {
        // 429, 502, 503, 504, lost connections, of what is safe to repeat
        return Client.builder().baseUrl(API).retry(RetryPolicy.fixed(2, ofSeconds(2)));
    }
    // end::builtin[]

    @Test
    void builtIn() {
        try (Client client = patient().clock(this.clock).build()) {
            server.next((connection) -> connection.respond(503, ""), (connection) -> connection.rst());
            assertValue(client.get("/data").raiseForStatus().json());
            assertThat(server.requests()).hasSize(3);
            assertThat(this.clock.waits()).hasSize(2).allSatisfy((wait) -> assertThat(wait).isPositive());
            assertThat(this.clock.waits()).contains(Duration.ofSeconds(2));
        }
    }

}
