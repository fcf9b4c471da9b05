package dev.outbound.benchmarks;

import java.io.InputStream;

import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * How those that bring no conversion read an {@link Item}.
 */
final class Json {

    private static final ObjectReader READER = JsonMapper.builder().build().readerFor(Item.class);

    private Json() {
    }

    static Item read(byte[] json) {
        return READER.readValue(json);
    }

    static Item read(byte[] json, int offset, int length) {
        return READER.readValue(json, offset, length);
    }

    static Item read(InputStream json) {
        return READER.readValue(json);
    }

}
