package dev.outbound.sample.web;

import java.util.Map;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import dev.outbound.sample.store.ProductPage;
import dev.outbound.sample.store.Shelf;
import dev.outbound.sample.store.Storefront;
import dev.outbound.sample.upstream.Upstreams;

/**
 * Serves the storefront as HTML and as JSON. What an upstream does not give is missing
 * from a page, and the page is served all the same.
 */
@RestController
class StorefrontController {

    private final Storefront storefront;

    /** Only in the demo. */
    private final ObjectProvider<Upstreams> upstreams;

    StorefrontController(Storefront storefront, ObjectProvider<Upstreams> upstreams) {
        this.storefront = storefront;
        this.upstreams = upstreams;
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    Mono<String> home() {
        return this.storefront.shelf().map((shelf) -> StorefrontHtml.shelf(shelf, running()));
    }

    private Map<String, Boolean> running() {
        Upstreams upstreams = this.upstreams.getIfAvailable();
        return (upstreams != null) ? upstreams.running() : Map.of();
    }

    @GetMapping(path = "/products/{id}", produces = MediaType.TEXT_HTML_VALUE)
    String page(@PathVariable String id) {
        return StorefrontHtml.page(this.storefront.page(id));
    }

    @GetMapping("/api/products")
    Mono<Shelf> shelf() {
        return this.storefront.shelf();
    }

    @GetMapping("/api/products/{id}")
    Mono<ProductPage> product(@PathVariable String id) {
        return this.storefront.pageLater(id);
    }

}
