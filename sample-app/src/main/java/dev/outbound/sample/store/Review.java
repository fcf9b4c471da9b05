package dev.outbound.sample.store;

/**
 * What a customer says of a product, as {@code reviews} keeps it.
 *
 * @param product the product's id
 * @param stars 1 to 5
 * @param text a sentence or two
 */
public record Review(String product, int stars, String text) {

}
