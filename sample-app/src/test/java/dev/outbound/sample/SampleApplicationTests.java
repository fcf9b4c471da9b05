package dev.outbound.sample;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import dev.outbound.boot.Clients;
import dev.outbound.client.Client;
import dev.outbound.client.http.Response;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole application, as a browser and {@code curl} see it.
 */
@Tag("slow")
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SampleApplicationTests {

    private final Client browser;

    @Autowired
    private MainJob job;

    @Autowired
    private Clients clients;

    SampleApplicationTests(@LocalServerPort int port) {
        this.browser = Client.builder().baseUrl("http://localhost:" + port).build();
    }

    @BeforeEach
    @AfterEach
    void startUpstreams() {
        this.clients.names().forEach((name) -> this.browser.post("/upstreams/{name}/start", name).raiseForStatus());
    }

    @Test
    void mainJobCameOutRight() {
        assertThat(this.job.getExitCode()).isZero();
    }

    @Test
    void tableTellsWhatEachClientDid() {
        assertThat(new ClientTable(this.clients).toString().lines())
            .anyMatch((line) -> line.matches("  catalog +\\d+ +\\d+ +[1-9]\\d* +200 +\\d+ ms"))
            .anyMatch((line) -> line.matches("  pricing +\\d+ +\\d+ +[1-9]\\d* +200 +\\d+ ms"))
            .anyMatch((line) -> line.matches("  reports +\\d+ +\\d+ +0 +200 +\\d+ ms"));
    }

    @Test
    void servesTheStorefrontAsHtml() {
        Response home = this.browser.get("/").raiseForStatus();
        assertThat(home.headers().getContentType()).hasToString("text/html;charset=UTF-8");
        assertThat(home.text()).contains("<a href=\"/products/teapot\">Teapot</a>", "34.50 EUR", "sold out")
            .contains("&lt;1 l &amp; &lt;2 l")
            .doesNotContain("unavailable");
        assertThat(this.browser.get("/products/kettle").raiseForStatus().text()).contains("49.00 EUR", "12 in stock");
        assertThat(this.browser.get("/storefront.css").statusCode()).isEqualTo(200);
    }

    @Test
    void servesTheStorefrontAsJson() {
        JsonNode page = this.browser.get("/api/products/teapot").raiseForStatus().json();
        assertThat(page.at("/product/name").asString()).isEqualTo("Teapot");
        assertThat(page.at("/price/amount").decimalValue()).isEqualByComparingTo("34.50");
        assertThat(page.at("/unavailable")).isEmpty();
        assertThat(this.browser.get("/api/products").raiseForStatus().json().at("/products")).hasSize(3);
    }

    @Test
    void unknownProductIsNotFound() {
        assertThat(this.browser.get("/products/nothing").statusCode()).isEqualTo(404);
        assertThat(this.browser.get("/api/products/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void doesWithoutPricing() {
        this.browser.post("/upstreams/pricing/stop").raiseForStatus();
        assertThat(this.browser.get("/products/teapot").raiseForStatus().text()).contains("Teapot", "price unavailable",
                "3 in stock");
        JsonNode page = this.browser.get("/api/products/teapot").raiseForStatus().json();
        assertThat(page.at("/price").isNull()).isTrue();
        assertThat(page.at("/unavailable/0").asString()).isEqualTo("pricing");
    }

    @Test
    void doesWithoutCatalog() {
        this.browser.post("/upstreams/catalog/stop").raiseForStatus();
        assertThat(this.browser.get("/").raiseForStatus().text()).contains("The catalog is unavailable");
        assertThat(this.browser.get("/products/teapot").raiseForStatus().text()).contains("34.50 EUR",
                "availability unknown");
    }

    @Test
    void healthTellsWhichUpstreamFails() {
        assertThat(health("pricing")).isEqualTo("UP");
        this.browser.post("/upstreams/pricing/stop").raiseForStatus();
        assertThat(health("pricing")).isEqualTo("DEGRADED");
        assertThat(health("catalog")).isEqualTo("UP");
        this.browser.post("/upstreams/pricing/start").raiseForStatus();
        assertThat(health("pricing")).isEqualTo("UP");
    }

    private String health(String name) {
        Response response = this.browser.get("/actuator/health").raiseForStatus();
        return response.json().at("/components/outbound/components/" + name + "/status").asString();
    }

    @Test
    void metricsCountTheCallsOfEachClient() {
        for (String name : this.clients.names()) {
            JsonNode metric = this.browser
                .get("/actuator/metrics/http.client.requests", (request) -> request.query("tag", "client.name:" + name))
                .raiseForStatus()
                .json();
            assertThat(metric.at("/measurements/0/value").asLong()).isPositive();
        }
    }

}
