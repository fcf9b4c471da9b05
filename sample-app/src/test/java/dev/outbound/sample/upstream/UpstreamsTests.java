package dev.outbound.sample.upstream;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.outbound.client.Client;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The scripts, as they are seen by a client that neither retries nor authenticates.
 */
class UpstreamsTests {

    private final Upstreams upstreams = new Upstreams("token");

    private final Client client = Client.builder().build();

    @BeforeEach
    void start() {
        this.upstreams.startAll();
    }

    @AfterEach
    void stop() {
        this.client.close();
        this.upstreams.close();
    }

    @Test
    void catalogRefusesEveryThirdCall() {
        List<Response> responses = Stream.generate(() -> this.client.get(url("catalog", "/products")))
            .limit(6)
            .toList();
        assertThat(responses).extracting(Response::statusCode).containsExactly(200, 200, 503, 200, 200, 503);
        assertThat(responses).extracting((response) -> response.headers().getFirst("Retry-After"))
            .containsExactly(null, null, "1", null, null, "0");
    }

    @Test
    void pricingAnswersOnlyWithTheToken() {
        String url = url("pricing", "/prices/kettle?currency=EUR");
        assertThat(this.client.get(url).statusCode()).isEqualTo(401);
        assertThat(this.client.get(url, (request) -> request.auth(Auth.bearer("other"))).statusCode()).isEqualTo(401);
        Response response = this.client.get(url, (request) -> request.auth(Auth.bearer("token")));
        assertThat(response.text()).contains("\"amount\":49.00").contains("\"currency\":\"EUR\"");
    }

    @Test
    void pricingIsSlowEveryFifthCall() {
        Client pricing = this.client.with((settings) -> settings.auth(Auth.bearer("token")));
        String url = url("pricing", "/prices/kettle");
        for (int i = 0; i < 4; i++) {
            assertThat(pricing.get(url).statusCode()).isEqualTo(200);
        }
        assertThatExceptionOfType(ReadTimeoutException.class)
            .isThrownBy(() -> pricing.get(url, (request) -> request.timeout(Duration.ofMillis(200))));
        assertThat(pricing.get(url).statusCode()).isEqualTo(200);
    }

    @Test
    void stoppedUpstreamRefusesConnectionsAndComesBackOnItsPort() {
        String url = url("catalog", "/products");
        assertThat(this.client.get(url).statusCode()).isEqualTo(200);
        this.upstreams.stop("catalog");
        assertThatExceptionOfType(ConnectionFailedException.class).isThrownBy(() -> this.client.get(url));
        assertThat(this.upstreams.running()).containsEntry("catalog", false).containsEntry("pricing", true);
        this.upstreams.start("catalog");
        assertThat(this.client.get(url).statusCode()).isEqualTo(200);
    }

    private String url(String name, String path) {
        return "http://127.0.0.1:" + this.upstreams.ports().get(name) + path;
    }

}
