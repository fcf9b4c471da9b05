package dev.outbound.sample.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Service;

import dev.outbound.client.http.ClientException;

/**
 * Puts pages together from what the upstreams answer, and does without an upstream that
 * does not.
 */
@Service
public class Storefront {

    private static final Log logger = LogFactory.getLog(Storefront.class);

    private final Catalog catalog;

    private final Pricing pricing;

    Storefront(Catalog catalog, Pricing pricing) {
        this.catalog = catalog;
        this.pricing = pricing;
    }

    /**
     * Return the page of a product. The price is fetched while this thread waits for the
     * catalog.
     * @throws NoSuchProductException if the catalog has no such product
     */
    public ProductPage page(String id) {
        CompletableFuture<Optional<Price>> price = ifAvailable(this.pricing.price(id)).toFuture();
        Product product = product(id);
        return ProductPage.of(id, product, price.join().orElse(null));
    }

    /**
     * Return the same page without a thread that waits.
     */
    public Mono<ProductPage> pageLater(String id) {
        return Mono.zip(ifAvailable(this.catalog.productLater(id)), ifAvailable(this.pricing.price(id)),
                (product, price) -> ProductPage.of(id, product.orElse(null), price.orElse(null)));
    }

    /**
     * Return all products. Their prices are fetched at the same time.
     */
    public Mono<Shelf> shelf() {
        return ifAvailable(this.catalog.productsLater())
            .flatMap((products) -> products.map(this::withPrices).orElseGet(() -> Mono.just(Shelf.empty())));
    }

    private Mono<Shelf> withPrices(List<Product> products) {
        return Flux.fromIterable(products)
            .flatMapSequential((product) -> ifAvailable(this.pricing.price(product.id()))
                .map((price) -> ProductPage.of(product.id(), product, price.orElse(null))))
            .collectList()
            .map(Shelf::of);
    }

    private @Nullable Product product(String id) {
        try {
            return this.catalog.product(id);
        }
        catch (ClientException ex) {
            logger.warn(ex.getMessage());
            return null;
        }
    }

    /** Every failure of a call is a ClientException, and its message says which call. */
    private static <T> Mono<Optional<T>> ifAvailable(Mono<T> answer) {
        return answer.map(Optional::of).onErrorResume(ClientException.class, (ex) -> {
            logger.warn(ex.getMessage());
            return Mono.just(Optional.empty());
        });
    }

}
