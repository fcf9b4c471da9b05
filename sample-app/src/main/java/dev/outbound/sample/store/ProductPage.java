package dev.outbound.sample.store;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A product with what the other upstreams know of it.
 *
 * @param id the product's id
 * @param product the product, or {@code null} when the catalog did not answer
 * @param price the price, or {@code null} when pricing did not answer
 * @param unavailable the upstreams that did not answer
 */
public record ProductPage(String id, @Nullable Product product, @Nullable Price price, List<String> unavailable) {

    static ProductPage of(String id, @Nullable Product product, @Nullable Price price) {
        List<String> unavailable = new ArrayList<>();
        if (product == null) {
            unavailable.add("catalog");
        }
        if (price == null) {
            unavailable.add("pricing");
        }
        return new ProductPage(id, product, price, List.copyOf(unavailable));
    }

}
