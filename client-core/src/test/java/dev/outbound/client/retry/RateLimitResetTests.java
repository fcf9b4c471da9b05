package dev.outbound.client.retry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.outbound.client.retry.Attempts.NOW;
import static dev.outbound.client.retry.Attempts.head;
import static org.assertj.core.api.Assertions.assertThat;

class RateLimitResetTests {

    @ParameterizedTest(name = "{0}: {1} ms")
    @CsvSource(delimiter = '|', textBlock = """
            0             | 0
            12            | 12000
            1.5           | 1500
            999999999     | 999999999000
            1795341607    | 7000
            1795341607.25 | 7250
            1795341607250 | 7250
            1795341599    | 0
            1000000000    | 0
            """)
    void tellsTheFormByTheSize(String value, long millis) {
        assertThat(RateLimitReset.of(head(429, "X-RateLimit-Reset", value), NOW)).hasMillis(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "-1", "soon", "1e9", "17953416072500", "2026-11-22T10:00:07Z", "1,2" })
    void ignoresWhatIsNoNumber(String value) {
        assertThat(RateLimitReset.of(head(429, "X-RateLimit-Reset", value), NOW)).isNull();
    }

    @Test
    void countsFromTheServersClock() {
        assertThat(RateLimitReset
            .of(head(429, "Date", "Sun, 22 Nov 2026 10:00:05 GMT", "X-RateLimit-Reset", "1795341607"), NOW))
            .hasSeconds(2);
    }

    @Test
    void meansNothingWhileRequestsRemain() {
        assertThat(RateLimitReset.of(head(503, "X-RateLimit-Reset", "60", "X-RateLimit-Remaining", "4999"), NOW))
            .isNull();
        assertThat(RateLimitReset.of(head(503, "X-RateLimit-Reset", "60", "X-RateLimit-Remaining", "0"), NOW))
            .hasSeconds(60);
    }

}
