package dev.outbound.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What an upstream answers: 300 bytes of JSON.
 *
 * @param id an identifier
 * @param name a short text
 * @param description a text that makes up most of it
 * @param tags a few words
 * @param price a decimal number
 * @param available a flag
 */
public record Item(long id, String name, String description, List<String> tags, double price, boolean available) {

    static final byte[] JSON = json();

    private static byte[] json() {
        String before = "{\"id\":4711,\"name\":\"Kettle\",\"description\":\"";
        String after = "\",\"tags\":[\"kitchen\",\"steel\",\"new\"],\"price\":39.95,\"available\":true}";
        return (before + "Boils water. ".repeat(20).substring(0, 300 - before.length() - after.length()) + after)
            .getBytes(StandardCharsets.US_ASCII);
    }

}
