package dev.outbound.sample.store;

import java.util.List;

/**
 * All products.
 *
 * @param products the products, none when the catalog did not answer
 * @param unavailable the upstreams that did not answer
 */
public record Shelf(List<ProductPage> products, List<String> unavailable) {

    static Shelf of(List<ProductPage> products) {
        return new Shelf(products,
                products.stream().flatMap((page) -> page.unavailable().stream()).distinct().toList());
    }

    static Shelf empty() {
        return new Shelf(List.of(), List.of("catalog"));
    }

}
