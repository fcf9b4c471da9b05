package dev.outbound.sample.store;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import dev.outbound.boot.test.ClientTest;
import dev.outbound.boot.test.MockUpstream;
import dev.outbound.mock.Fault;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.Route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Two upstreams at once, and what the storefront does when one of them fails. */
@ClientTest(components = { Storefront.class, Catalog.class, Pricing.class }, clients = { "catalog", "pricing" })
class StorefrontTests {

    private static final Product KETTLE = new Product("kettle", "Kettle", "Whistles when ignored.", 12);

    @MockUpstream
    private MockRouter catalog;

    @MockUpstream
    private MockRouter pricing;

    @Autowired
    private Storefront storefront;

    private Route product;

    private Route price;

    @BeforeEach
    void upstreams() {
        this.product = this.catalog.get("/products/kettle").reply((r) -> r.json(KETTLE));
        this.price = this.pricing.get("/prices/kettle").reply((r) -> r.json("""
                {"amount": 49.00, "currency": "EUR"}"""));
    }

    @Test
    void pageIsTheSameBlockingAndReactive() {
        ProductPage page = this.storefront.page("kettle");
        assertThat(page.product()).isEqualTo(KETTLE);
        assertThat(page.unavailable()).isEmpty();
        assertThat(this.storefront.pageLater("kettle").block()).isEqualTo(page);
    }

    @Test
    void pageDoesWithoutAPrice() {
        this.price.reply(Fault.refused());
        assertThat(this.storefront.page("kettle")).isEqualTo(this.storefront.pageLater("kettle").block())
            .returns(KETTLE, ProductPage::product)
            .returns(List.of("pricing"), ProductPage::unavailable);
    }

    @Test
    void pageDoesWithoutAProduct() {
        this.product.reply(500);
        assertThat(this.storefront.page("kettle").unavailable()).containsExactly("catalog");
    }

    @Test
    void unknownProductHasNoPage() {
        this.product.reply(404);
        assertThatExceptionOfType(NoSuchProductException.class).isThrownBy(() -> this.storefront.page("kettle"));
    }

    @Test
    void shelfHasAPriceForEachProduct() {
        this.product.optional();
        this.catalog.get("/products").reply((r) -> r.json(List.of(KETTLE, KETTLE)));
        Shelf shelf = this.storefront.shelf().block();
        assertThat(shelf).isNotNull();
        assertThat(shelf.products()).hasSize(2).allMatch((page) -> page.price() != null);
        assertThat(this.price).isCalledTimes(2);
    }

}
