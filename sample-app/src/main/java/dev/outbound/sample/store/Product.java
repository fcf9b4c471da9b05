package dev.outbound.sample.store;

/**
 * A product, as {@code catalog} describes it.
 *
 * @param id the key in all upstreams
 * @param name the name
 * @param description a sentence on it
 * @param stock how many there are
 */
public record Product(String id, String name, String description, int stock) {

}
