package dev.outbound.sample.store;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import dev.outbound.boot.test.ClientTest;
import dev.outbound.boot.test.MockUpstream;
import dev.outbound.client.http.StatusException;
import dev.outbound.mock.Fault;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ClientTest(Catalog.class)
class CatalogTests {

    private static final Product TEAPOT = new Product("teapot", "Teapot", "Short and stout.", 3);

    @MockUpstream
    private MockRouter catalog;

    @Autowired
    private Catalog service;

    @Test
    void readsProductsBlockingAndReactive() {
        this.catalog.get("/products").reply((r) -> r.json(List.of(TEAPOT)));
        assertThat(this.service.products()).containsExactly(TEAPOT);
        assertThat(this.service.productsLater().block()).containsExactly(TEAPOT);
        assertThat(this.catalog).attempts(2)
            .call(0)
            .hasHeader("Accept", "application/json")
            .hasHeader("User-Agent", "storefront/1.0");
    }

    @Test
    void refusedCallIsTriedAgainWhenTheCatalogSaysSo() {
        this.catalog.get("/products/teapot")
            .reply((r) -> r.status(503).header("Retry-After", "7"))
            .then((r) -> r.json(TEAPOT));
        assertThat(this.service.product("teapot")).isEqualTo(TEAPOT);
        assertThat(this.catalog).attempts(2).waitedBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
    }

    @Test
    void lostConnectionIsTriedAgainWithoutBlocking() {
        this.catalog.get("/products/teapot").reply(Fault.reset()).then((r) -> r.json(TEAPOT));
        assertThat(this.service.productLater("teapot").block()).isEqualTo(TEAPOT);
    }

    @Test
    void refusalThatStaysIsTheEndAfterTwoMoreTries() {
        this.catalog.get("/products").reply(503);
        assertThatExceptionOfType(StatusException.class).isThrownBy(this.service::products)
            .withMessageContaining("catalog");
        assertThat(this.catalog).attempts(3);
    }

    @Test
    void unknownProductIsNoFailureOfTheCatalog() {
        this.catalog.get("/products/{id}").reply(404);
        assertThatExceptionOfType(NoSuchProductException.class).isThrownBy(() -> this.service.product("tray"));
        assertThatExceptionOfType(NoSuchProductException.class)
            .isThrownBy(() -> this.service.productLater("tray").block());
        assertThat(this.catalog).attempts(2);
    }

}
