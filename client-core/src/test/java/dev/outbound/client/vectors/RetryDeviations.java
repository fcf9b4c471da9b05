package dev.outbound.client.vectors;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;

import tools.jackson.databind.JsonNode;

import static dev.outbound.client.vectors.Deviation.with;

/**
 * Where our retries differ.
 */
final class RetryDeviations {

    private static final int NANOS = 9;

    static final List<Deviation> RULES = List.of(
            new Deviation(List.of("retry_policy"), "waits for fractions of a nanosecond",
                    "a wait is a `Duration`, which has whole ones", "no clock measures less",
                    (vector) -> vector.op().equals("wait")
                            && seconds(vector).stream().anyMatch(RetryDeviations::isFiner),
                    with("seconds",
                            (vector) -> seconds(vector).stream()
                                .map((seconds) -> seconds.setScale(NANOS, RoundingMode.HALF_UP))
                                .toList())),
            new Deviation(List.of("retry_after"), "counts the time to a date in whole seconds, rounded down",
                    "it is exact", "never wait less than the server asks",
                    (vector) -> fraction(vector).signum() > 0 && !vector.in().path("value").asString("").isBlank()
                            && vector.json().path("out").path("delay_seconds").isNumber()
                            && !vector.in().path("value").asString("").strip().matches("[0-9]+"),
                    with("delay_seconds",
                            (vector) -> vector.json()
                                .path("out")
                                .path("delay_seconds")
                                .decimalValue()
                                .add(BigDecimal.ONE)
                                .subtract(fraction(vector)))),
            new Deviation(List.of("retry_after"), "counts seconds without a limit",
                    "more than a `Duration` can hold is the longest one",
                    "both are longer than anything that is waited for: the retries end",
                    (vector) -> vector.json().path("out").path("delay_seconds").isNumber()
                            && vector.json().path("out").path("delay_seconds").decimalValue().compareTo(longest()) > 0,
                    with("delay_seconds", (vector) -> longest())));

    private RetryDeviations() {
    }

    private static BigDecimal longest() {
        return BigDecimal.valueOf(Long.MAX_VALUE);
    }

    private static List<BigDecimal> seconds(Vector vector) {
        return vector.json().path("out").path("seconds").valueStream().map(JsonNode::decimalValue).toList();
    }

    private static boolean isFiner(BigDecimal seconds) {
        return seconds.stripTrailingZeros().scale() > NANOS;
    }

    /** The part of a second that the present time has. */
    private static BigDecimal fraction(Vector vector) {
        return BigDecimal.valueOf(Instant.parse(vector.in().path("now").asString()).getNano(), NANOS);
    }

}
