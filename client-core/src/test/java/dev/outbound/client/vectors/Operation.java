package dev.outbound.client.vectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Feeds the input of a vector to the code under test.
 */
@FunctionalInterface
public interface Operation {

    /**
     * Run the code under test.
     * @param in the vector's {@code in}
     * @return what is compared with its {@code out}: a map, or anything that Jackson
     * writes as an object
     * @throws Exception what is compared with its {@code error}
     */
    @Nullable Object run(JsonNode in) throws Exception;

}
