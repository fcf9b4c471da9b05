package dev.outbound.client.http;

import org.springframework.util.Assert;

/**
 * How a client reads the bodies of its responses.
 *
 * @param json converts JSON
 * @param charset the character set of texts that name none
 * @param limit the largest body, and of a streamed one the largest line and event, that
 * is read into memory, in bytes and characters
 * @since 0.1
 */
public record BodyReading(JsonConversion json, DefaultCharset charset, long limit) {

    public BodyReading {
        Assert.notNull(json, "json must not be null");
        Assert.notNull(charset, "charset must not be null");
        Assert.isTrue(limit > 0, () -> "limit must be positive, but is " + limit);
    }

    /**
     * Return how bodies are read where no client says it.
     * @return the defaults
     */
    public static BodyReading defaults() {
        return new BodyReading(JsonConversion.defaults(), DefaultCharset.UTF_8, Limits.defaults().body());
    }

}
