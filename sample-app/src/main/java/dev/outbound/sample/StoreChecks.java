package dev.outbound.sample;

import java.util.List;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;

import dev.outbound.boot.Clients;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.Response;
import dev.outbound.sample.store.Catalog;
import dev.outbound.sample.store.Pricing;
import dev.outbound.sample.store.Product;
import dev.outbound.sample.store.ProductPage;
import dev.outbound.sample.store.Review;
import dev.outbound.sample.store.Reviews;
import dev.outbound.sample.store.Storefront;

/**
 * Asks {@code catalog}, {@code pricing} and {@code reviews}, alone and for a page. Each
 * check says what it found, or fails with what is wrong.
 */
@Component
@Profile("demo")
class StoreChecks {

    private final Catalog catalog;

    private final Pricing pricing;

    private final Storefront storefront;

    private final ReactiveClient pricingClient;

    private final Reviews reviews;

    private final Clients clients;

    StoreChecks(Catalog catalog, Pricing pricing, Storefront storefront,
            @Qualifier("pricing") ReactiveClient pricingClient, Reviews reviews, Clients clients) {
        this.catalog = catalog;
        this.pricing = pricing;
        this.storefront = storefront;
        this.pricingClient = pricingClient;
        this.reviews = reviews;
        this.clients = clients;
    }

    /** The third call is refused by the upstream. */
    String refusedCallsAreRetried() {
        List<Product> products = this.catalog.products();
        for (Product product : products) {
            Assert.state(this.catalog.product(product.id()).equals(product), "the list and the product differ");
        }
        return products.size() + " products; refused and tried again: " + retries("catalog");
    }

    /** The fifth call is answered too late by the upstream. */
    String callsAreAuthenticatedAndSlowOnesRetried() {
        Response anonymous = this.pricingClient.get("/prices/teapot", (request) -> request.auth(null)).block();
        Assert.state(anonymous != null && anonymous.statusCode() == 401, "a call without the token is answered");
        for (int i = 0; i < 5; i++) {
            this.pricing.price("teapot").block();
        }
        return "refused without the token; too slow and tried again: " + retries("pricing");
    }

    String pageIsTheSameBlockingAndReactive() {
        ProductPage page = this.storefront.page("teapot");
        Assert.state(page.unavailable().isEmpty(), () -> "unavailable: " + page.unavailable());
        Assert.state(page.equals(this.storefront.pageLater("teapot").block()), "blocking and reactive pages differ");
        return "the same blocking and reactive: " + page.product() + ", " + page.price();
    }

    /**
     * Added by the {@code RestClient}, read by the interface and by the
     * {@code WebClient}.
     */
    String springsOwnTypesAreTheSameClient() {
        Review review = new Review("kettle", 4, "Whistles a little flat.");
        long before = this.clients.session("reviews").statistics().calls();
        this.reviews.add(review);
        Assert.state(this.reviews.of("kettle").contains(review), "the interface does not show what was added");
        List<Review> newest = this.reviews.newest().collectList().block();
        Assert.state(newest != null && newest.get(0).equals(review), "the newest is another one");
        long calls = this.clients.session("reviews").statistics().calls() - before;
        Assert.state(calls >= 3, () -> "the client counted " + calls + " calls");
        return "added with RestClient, read with @HttpExchange and WebClient: " + calls + " calls of one client";
    }

    private long retries(String client) {
        long retries = this.clients.session(client).statistics().retries();
        Assert.state(retries > 0, "nothing was tried again");
        return retries;
    }

}
