package dev.outbound.sample.store;

/**
 * What {@code reports} says of a file that it received.
 *
 * @param fileName the name
 * @param size the number of bytes
 * @param digest the digest of the content, as in {@code Repr-Digest}
 */
public record Receipt(String fileName, long size, String digest) {

}
