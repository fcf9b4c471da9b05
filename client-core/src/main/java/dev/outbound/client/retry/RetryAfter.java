package dev.outbound.client.retry;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.ResponseHead;

/**
 * Reads {@code Retry-After} (RFC 9110, section 10.2.3): a number of seconds, or a date.
 */
final class RetryAfter {

    private static final String NAME = "Retry-After";

    private static final BigInteger LONGEST = BigInteger.valueOf(Long.MAX_VALUE);

    private RetryAfter() {
    }

    /**
     * Return how long the server asks to wait.
     * @return the time, or {@code null} when it does not ask, or not in a form that the
     * RFC knows, or in several lines that differ
     */
    static @Nullable Duration of(ResponseHead response, Instant now) {
        String first = response.first(NAME);
        if (first == null) {
            return null;
        }
        List<String> lines = response.fields().all(NAME);
        if (!lines.stream().allMatch(first::equals)) {
            return null;
        }
        return read(first, serverTime(response, now));
    }

    /**
     * Read a value.
     * @param now the time that a date is compared with
     * @return the time to wait, zero for a date in the past; {@code null} for what is no
     * value. A number that no duration can hold gives the longest.
     */
    static @Nullable Duration read(String value, Instant now) {
        value = value.strip();
        if (!value.isEmpty() && value.chars().allMatch((c) -> c >= '0' && c <= '9')) {
            return Duration.ofSeconds(new BigInteger(value).min(LONGEST).longValue());
        }
        Instant date = HttpDate.parse(value, now);
        if (date == null) {
            return null;
        }
        Duration wait = Duration.between(now, date);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /**
     * Return the time by the clock that the server's dates were made with: that clock may
     * be wrong, and so may ours.
     */
    static Instant serverTime(ResponseHead response, Instant now) {
        String date = response.first("Date");
        Instant sent = (date != null) ? HttpDate.parse(date.strip(), now) : null;
        return (sent != null) ? sent : now;
    }

}
