package dev.outbound.client.retry;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.ResponseHead;

/**
 * Reads {@code X-RateLimit-Reset}, which no standard describes.
 * <p>
 * Services give seconds since 1970 (GitHub), milliseconds since 1970, or the seconds that
 * are left. The size of the number tells which: up to a thousand million it is the
 * seconds that are left, from 10<sup>11</sup> on it is milliseconds.
 */
final class RateLimitReset {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,13}(?:\\.\\d{1,9})?");

    private static final BigDecimal EPOCH_SECONDS = BigDecimal.TEN.pow(9);

    private static final BigDecimal EPOCH_MILLIS = BigDecimal.TEN.pow(11);

    private RateLimitReset() {
    }

    /**
     * Return how long it takes until there are requests again.
     * @return the time, or {@code null} when the server does not say, or says by
     * {@code X-RateLimit-Remaining} that there are some
     */
    static @Nullable Duration of(ResponseHead response, Instant now) {
        String reset = response.first("X-RateLimit-Reset");
        String remaining = response.first("X-RateLimit-Remaining");
        if (reset == null || (remaining != null && !remaining.strip().equals("0"))) {
            return null;
        }
        return read(reset.strip(), RetryAfter.serverTime(response, now));
    }

    private static @Nullable Duration read(String value, Instant now) {
        if (!NUMBER.matcher(value).matches()) {
            return null;
        }
        BigDecimal number = new BigDecimal(value);
        if (number.compareTo(EPOCH_SECONDS) < 0) {
            return seconds(number);
        }
        BigDecimal epoch = (number.compareTo(EPOCH_MILLIS) < 0) ? number : number.movePointLeft(3);
        Duration wait = seconds(epoch).minusSeconds(now.getEpochSecond()).minusNanos(now.getNano());
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static Duration seconds(BigDecimal seconds) {
        long whole = seconds.longValue();
        return Duration.ofSeconds(whole, seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
    }

}
