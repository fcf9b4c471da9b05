package dev.outbound.sample.web;

import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.context.WebApplicationContext;

import dev.outbound.boot.Clients;
import dev.outbound.boot.test.AutoConfigureMockUpstreams;
import dev.outbound.boot.test.MockUpstream;
import dev.outbound.mock.Fault;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole application, as a browser sees it, with all of its upstreams mocked. */
@SpringBootTest
@AutoConfigureMockUpstreams
class StorefrontWebTests {

    private static final Map<String, Object> TEAPOT = Map.of("id", "teapot", "name", "Teapot", "description",
            "For pots of <1 l & <2 l.", "stock", 3);

    private static final String PRICE = """
            {"amount": 34.50, "currency": "EUR"}""";

    @MockUpstream
    private MockRouter catalog;

    @MockUpstream
    private MockRouter pricing;

    private final MockMvcTester browser;

    StorefrontWebTests(@Autowired WebApplicationContext context) {
        this.browser = MockMvcTester.from(context);
    }

    @Test
    void servesTheStorefrontAsHtml() {
        this.catalog.get("/products").reply((r) -> r.json(List.of(TEAPOT)));
        this.pricing.get("/prices/teapot").reply((r) -> r.json(PRICE));
        assertThat(this.browser.get().uri("/")).hasStatusOk()
            .hasContentTypeCompatibleWith(MediaType.TEXT_HTML)
            .bodyText()
            .contains("<a href=\"/products/teapot\">Teapot</a>", "34.50 EUR", "3 in stock")
            .contains("&lt;1 l &amp; &lt;2 l")
            .doesNotContain("unavailable", "<h2>Upstreams</h2>");
    }

    @Test
    void servesAPageAsHtmlAndJson() {
        this.catalog.get("/products/teapot").reply((r) -> r.json(TEAPOT));
        this.pricing.get("/prices/teapot").reply((r) -> r.json(PRICE));
        assertThat(this.browser.get().uri("/products/teapot")).hasStatusOk().bodyText().contains("34.50 EUR");
        assertThat(this.browser.get().uri("/api/products/teapot")).hasStatusOk()
            .bodyJson()
            .extractingPath("$.product.name")
            .isEqualTo("Teapot");
    }

    @Test
    void doesWithoutUpstreamsThatFail() {
        this.catalog.any("").reply(Fault.refused());
        this.pricing.any("").reply(Fault.stallHead());
        assertThat(this.browser.get().uri("/products/teapot")).hasStatusOk()
            .bodyText()
            .contains("availability unknown", "price unavailable");
        assertThat(this.browser.get().uri("/")).hasStatusOk().bodyText().contains("The catalog is unavailable");
    }

    @Test
    void unknownProductIsNotFound() {
        this.catalog.get("/products/{id}").reply(404);
        this.pricing.get("/prices/{id}").reply(404);
        assertThat(this.browser.get().uri("/products/nothing")).hasStatus(404);
        assertThat(this.browser.get().uri("/api/products/nothing")).hasStatus(404);
    }

    @Test
    void servesReviews(@MockUpstream MockRouter reviews) {
        String review = """
                [{"product": "teapot", "stars": 5, "text": "Pours well."}]""";
        reviews.get("/reviews").reply((r) -> r.json(review));
        reviews.get("/reviews/teapot").reply((r) -> r.json(review));
        reviews.post("/reviews/teapot").json("$.stars", 1).reply(201);
        assertThat(this.browser.get().uri("/api/reviews")).hasStatusOk().bodyJson().isLenientlyEqualTo(review);
        assertThat(this.browser.get().uri("/api/products/teapot/reviews")).bodyJson().isLenientlyEqualTo(review);
        assertThat(this.browser.post()
            .uri("/api/products/teapot/reviews")
            .contentType(MediaType.APPLICATION_JSON)
            .content("{\"stars\": 1, \"text\": \"Leaks.\"}")).hasStatus(201);
        assertThat(reviews).attempts(3);
    }

    @Test
    void healthTellsWhichUpstreamFails(@MockUpstream MockRouter reports, @Autowired Clients clients) {
        reports.get("/").reply(500).times(3).then(200);
        for (int i = 0; i < 3; i++) {
            clients.client("reports").get("/", (request) -> request.retry(null));
        }
        assertThat(this.browser.get().uri("/actuator/health")).hasStatusOk()
            .bodyJson()
            .extractingPath("$.components.outbound.components.reports.status")
            .isEqualTo("DEGRADED");
        clients.client("reports").get("/");
        assertThat(this.browser.get().uri("/actuator/health")).bodyJson()
            .extractingPath("$.components.outbound.components.reports.status")
            .isEqualTo("UP");
    }

    @Test
    void callsAreMeasuredByClient(@Autowired MeterRegistry meters) {
        this.catalog.get("/products/{id}").reply((r) -> r.json(TEAPOT));
        this.pricing.get("/prices/{id}").reply((r) -> r.json(PRICE));
        this.browser.get().uri("/api/products/measured").exchange();
        for (String name : List.of("catalog", "pricing")) {
            assertThat(meters.get("http.client.requests").tag("client.name", name).timers()).isNotEmpty();
        }
    }

    @Test
    void switchesOfTheDemoAreNotThere() {
        assertThat(this.browser.post().uri("/upstreams/catalog/stop")).hasStatus(404);
    }

}
