package dev.outbound.sample.upstream;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.web.reactive.function.server.RouterFunction;

import dev.outbound.client.Client;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.Multipart;
import dev.outbound.client.http.Response;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.WebFluxUpstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * The scripts in process, as a client sees them that neither retries nor authenticates.
 */
class ScriptsTests {

    private static Client client(RouterFunction<?> script) {
        MockRouter router = MockRouter.create("https://demo.test");
        router.any("").handledBy(WebFluxUpstream.of(script));
        return router.client();
    }

    @Test
    void catalogRefusesEveryThirdCall() {
        Client client = client(CatalogScript.routes());
        assertThat(Stream.generate(() -> client.get("/products")).limit(6))
            .extracting(Response::statusCode, (response) -> response.headers().getFirst("Retry-After"))
            .containsExactly(tuple(200, null), tuple(200, null), tuple(503, "1"), tuple(200, null), tuple(200, null),
                    tuple(503, "0"));
        assertThat(client.get("/products/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void pricingAnswersOnlyWithTheToken() {
        Client client = client(PricingScript.routes("token", Duration.ZERO));
        String url = "/prices/kettle?currency=EUR";
        assertThat(client.get(url).statusCode()).isEqualTo(401);
        assertThat(client.get(url, (request) -> request.auth(Auth.bearer("other"))).statusCode()).isEqualTo(401);
        assertThat(client.get(url, (request) -> request.auth(Auth.bearer("token"))).text()).contains("\"amount\":49.00")
            .contains("\"currency\":\"EUR\"");
    }

    @Test
    void reportsCountWhatTheyReceive() {
        Response response = client(ReportsScript.routes(1)).post("/reports",
                (request) -> request.body(new Multipart().file("report", "r.bin", new byte[70_000]).build()));
        assertThat(response.json().get("size").asInt()).isEqualTo(70_000);
        assertThat(response.json().get("fileName").asString()).isEqualTo("r.bin");
    }

    @Test
    void reviewsKeepWhatIsAddedTheNewestFirst() {
        Client client = client(ReviewsScript.routes());
        client
            .post("/reviews/kettle",
                    (request) -> request.json(Map.of("product", "kettle", "stars", 2, "text", "Flat.")))
            .raiseForStatus();
        assertThat(client.get("/reviews").json().at("/0/text").asString()).isEqualTo("Flat.");
        assertThat(client.get("/reviews/teapot").json()).hasSize(1);
    }

}
