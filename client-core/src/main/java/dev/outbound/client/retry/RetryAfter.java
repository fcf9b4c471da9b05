package dev.outbound.client.retry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.ResponseHead;

/**
 * Reads {@code Retry-After} (RFC 9110, section 10.2.3): a number of seconds, or a date.
 */
final class RetryAfter {

    /** Longer than anything that is ever waited for. */
    private static final Duration ENDLESS = Duration.ofDays(36500);

    private RetryAfter() {
    }

    /**
     * Return how long the server asks to wait.
     * @return the time, or {@code null} when it does not ask, or not in a form that the
     * RFC knows
     */
    static @Nullable Duration of(ResponseHead response, Instant now) {
        String value = response.first("Retry-After");
        if (value == null) {
            return null;
        }
        value = value.strip();
        if (!value.isEmpty() && value.chars().allMatch((c) -> c >= '0' && c <= '9')) {
            return (value.length() > 9) ? ENDLESS : Duration.ofSeconds(Long.parseLong(value));
        }
        Instant date = date(value);
        if (date == null) {
            return null;
        }
        // Both dates are the server's, so that its clock may be wrong.
        Instant sent = date(response.first("Date"));
        Duration wait = Duration.between((sent != null) ? sent : now, date);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static @Nullable Instant date(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.strip()));
        }
        catch (DateTimeException ex) {
            return null;
        }
    }

}
