package dev.outbound.client.retry;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.outbound.client.retry.Attempts.NOW;
import static dev.outbound.client.retry.Attempts.head;
import static org.assertj.core.api.Assertions.assertThat;

class RetryAfterTests {

    private static @Nullable Duration read(String value) {
        return RetryAfter.of(head(503, "Retry-After", value), NOW);
    }

    @ParameterizedTest(name = "G5: \"{0}\" is ignored")
    @ValueSource(strings = { "", " ", "-5", "+5", "1.5", "1e3", "0x10", "5s", "soon", "1 2", "1,2", "\u0665", "\uff15",
            "Sun, 22 Nov 2026 10:00:10 UTC", "Sun, 22 Nov 2026 10:00:10 +0000", "Sun, 22 Nov 2026 10:00:10",
            "22 Nov 2026 10:00:10 GMT", "Sun, 2 Nov 2026 10:00:10 GMT", "sun, 22 nov 2026 10:00:10 gmt",
            "Sun, 31 Nov 2026 10:00:10 GMT", "Sun, 00 Nov 2026 10:00:10 GMT", "Sun, 22 Nov 2026 24:00:10 GMT",
            "Sun, 22 Nov 2026 10:60:10 GMT", "Sun, 22 Nov 2026 10:00:61 GMT", "Sun, 22 Nov 26 10:00:10 GMT",
            "Sun, 22-Nov-26 10:00:10 GMT", "Sunday, 22-Nov-2026 10:00:10 GMT", "Sun Nov 22 10:00:10 2026 GMT",
            "Sun Nov 2 10:00:10 2026", "2026-11-22T10:00:10Z", "Sun, 29 Feb 2026 10:00:10 GMT" })
    void ignoresWhatIsNoValue(String value) {
        assertThat(read(value)).isNull();
    }

    @ParameterizedTest(name = "\"{0}\" is {1} s")
    @CsvSource(delimiter = '|', textBlock = """
            0                                | 0
            000                              | 0
            2                                | 2
            '\t2 '                           | 2
            2147483648                       | 2147483648
            9223372036854775807              | 9223372036854775807
            9223372036854775808              | 9223372036854775807
            99999999999999999999             | 9223372036854775807
            Sun, 22 Nov 2026 10:00:10 GMT    | 10
            Sunday, 22-Nov-26 10:00:10 GMT   | 10
            Sun Nov 22 10:00:10 2026         | 10
            Wed Dec  2 10:00:00 2026         | 864000
            Mon, 22 Nov 2026 10:00:10 GMT    | 10
            Sun, 22 Nov 2026 10:00:60 GMT    | 60
            Sun, 22 Nov 2026 09:59:59 GMT    | 0
            Fri, 31 Dec 9999 23:59:59 GMT    | 251606959199
            """)
    void readsSecondsAndDates(String value, long seconds) {
        assertThat(read(value)).hasSeconds(seconds);
    }

    @Test
    void asksForNothingWithoutTheField() {
        assertThat(RetryAfter.of(head(503), NOW)).isNull();
    }

    @Test
    void severalLinesMustSayTheSame() {
        assertThat(RetryAfter.of(head(503, "Retry-After", "1", "Retry-After", "2"), NOW)).isNull();
        assertThat(RetryAfter.of(head(503, "Retry-After", "2", "retry-after", "2"), NOW)).hasSeconds(2);
    }

    @Nested
    class Dates {

        private @Nullable Duration read(String date, @Nullable String sent) {
            return RetryAfter.of(
                    (sent != null) ? head(503, "Date", sent, "Retry-After", date) : head(503, "Retry-After", date),
                    NOW);
        }

        @Test
        void areComparedWithTheServersClock() {
            assertThat(read("Sun, 22 Nov 2026 15:00:02 GMT", "Sun, 22 Nov 2026 15:00:00 GMT")).hasSeconds(2);
        }

        @Test
        void areComparedWithOurClockWhenTheServerGivesNone() {
            assertThat(read("Sun, 22 Nov 2026 10:00:02 GMT", null)).hasSeconds(2);
            assertThat(read("Sun, 22 Nov 2026 10:00:02 GMT", "yesterday")).hasSeconds(2);
        }

        @Test
        void inThePastMeanNoWait() {
            assertThat(read("Sun, 22 Nov 2026 14:59:59 GMT", "Sun, 22 Nov 2026 15:00:00 GMT")).isZero();
        }

        @Test
        void areNotCutToSeconds() {
            assertThat(RetryAfter.read("Sun, 22 Nov 2026 10:00:01 GMT", NOW.plusMillis(1))).hasMillis(999);
        }

    }

    @Nested
    class TwoDigitYears {

        private @Nullable Instant parse(String date, String now) {
            return HttpDate.parse(date, Instant.parse(now));
        }

        @ParameterizedTest(name = "{0} is in {2} at {1}")
        @CsvSource(delimiter = '|', textBlock = """
                26 | 2026-11-22T10:00:00Z | 2026
                76 | 2026-11-22T10:00:00Z | 2076
                77 | 2026-11-22T10:00:00Z | 1977
                99 | 2026-11-22T10:00:00Z | 1999
                00 | 2026-11-22T10:00:00Z | 2000
                01 | 1999-11-22T10:00:00Z | 2001
                49 | 1999-11-22T10:00:00Z | 2049
                50 | 1999-11-22T10:00:00Z | 1950
                49 | 2099-11-22T10:00:00Z | 2149
                """)
        void areAtMostFiftyYearsAhead(String digits, String now, int year) {
            assertThat(parse("Sunday, 22-Nov-" + digits + " 09:00:00 GMT", now))
                .isEqualTo(Instant.parse(year + "-11-22T09:00:00Z"));
        }

        @Test
        void areJudgedToTheSecond() {
            assertThat(parse("Sunday, 22-Nov-76 10:00:00 GMT", "2026-11-22T10:00:00Z")).isAfter(NOW);
            assertThat(parse("Sunday, 22-Nov-76 10:00:01 GMT", "2026-11-22T10:00:00Z")).isBefore(NOW);
        }

        @Test
        void findTheLeapDayOfTheOtherCentury() {
            assertThat(parse("Tuesday, 29-Feb-00 00:00:00 GMT", "2060-01-01T00:00:00Z"))
                .isEqualTo(Instant.parse("2000-02-29T00:00:00Z"));
        }

    }

}
