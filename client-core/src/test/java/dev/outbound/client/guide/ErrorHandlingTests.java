package dev.outbound.client.guide;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import dev.outbound.client.Outbound;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;

import static org.assertj.core.api.Assertions.assertThat;

/** Chapter 5. */
class ErrorHandlingTests extends AbstractGuideTests {

    // tag::blocking[]
    String fetch() {
        try {
            return Outbound.get(API + "/data")
                .raiseForStatus() // throws for every status that is not 2xx
                .text();
        }
        catch (StatusException ex) {
            return "HTTP error occurred: " + ex.statusCode();
        }
        catch (RequestException ex) {
            return "Network error occurred: " + ex.getMessage();
        }
    }
    // end::blocking[]

    // tag::reactive[]
    Mono<String> fetchReactive() {
        return Outbound.reactive()
            .get(API + "/data")
            .map((response) -> response.raiseForStatus().text())
            .onErrorResume(StatusException.class, (ex) -> Mono.just("HTTP error occurred: " + ex.statusCode()))
            .onErrorResume(RequestException.class, (ex) -> Mono.just("Network error occurred: " + ex.getMessage()));
    }
    // end::reactive[]

    @Test
    void errors() {
        assertThat(fetch()).isEqualTo(get(fetchReactive())).isEqualTo("{\"key\":\"value\"}");
        server.next((connection) -> connection.respond(404, ""), (connection) -> connection.respond(500, ""));
        assertThat(fetch()).isEqualTo("HTTP error occurred: 404");
        assertThat(get(fetchReactive())).isEqualTo("HTTP error occurred: 500");
        server.next((connection) -> connection.rst(), (connection) -> connection.rst());
        assertThat(fetch()).startsWith("Network error occurred: GET " + API + "/data");
        assertThat(get(fetchReactive())).startsWith("Network error occurred: GET " + API + "/data");
    }

    @Test
    void redirectsAreErrorsToo() {
        server.next((connection) -> connection.respond(301, "", "Location: /elsewhere"));
        assertThat(fetch()).isEqualTo("HTTP error occurred: 301");
        Response response = Outbound.get(API + "/data");
        assertThat(response.raiseForStatus()).isSameAs(response);
    }

}
