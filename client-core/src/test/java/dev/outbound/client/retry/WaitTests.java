package dev.outbound.client.retry;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WaitTests {

    /** A wait and its milliseconds after the first attempts, when 0.5 is drawn. */
    static final List<Arguments> WAITS = List.of(Arguments.of("none", Wait.none(), List.of(0, 0, 0, 0)),
            Arguments.of("fixed", Wait.fixed(ofMillis(7)), List.of(7, 7, 7, 7)),
            Arguments.of("incrementing", Wait.incrementing(ofMillis(5), ofMillis(2)), List.of(5, 7, 9, 11)),
            Arguments.of("incrementing down to zero", Wait.incrementing(ofMillis(5), ofMillis(-2)),
                    List.of(5, 3, 1, 0)),
            Arguments.of("exponential", Wait.exponential(ofMillis(10), 3), List.of(10, 30, 90, 270)),
            Arguments.of("exponential of nothing", Wait.exponential(Duration.ZERO, 2), List.of(0, 0, 0, 0)),
            Arguments.of("random", Wait.random(ofMillis(10), ofMillis(20)), List.of(15, 15, 15, 15)),
            Arguments.of("chain", Wait.chain(Wait.none(), Wait.fixed(ofMillis(1)), Wait.exponential(ofMillis(1), 2)),
                    List.of(0, 1, 4, 8)),
            Arguments.of("sum", Wait.fixed(ofMillis(1)).plus(Wait.exponential(ofMillis(1), 2)), List.of(2, 3, 5, 9)),
            Arguments.of("the longer one", Wait.fixed(ofMillis(3)).orLonger(Wait.exponential(ofMillis(1), 2)),
                    List.of(3, 3, 4, 8)),
            Arguments.of("at most", Wait.exponential(ofMillis(1), 2).atMost(ofMillis(3)), List.of(1, 2, 3, 3)),
            Arguments.of("at least", Wait.exponential(ofMillis(1), 2).atLeast(ofMillis(3)), List.of(3, 3, 4, 8)),
            Arguments.of("full jitter", Wait.exponential(ofMillis(2), 2).fullJitter(), List.of(1, 2, 4, 8)),
            Arguments.of("full jitter over a floor", Wait.exponential(ofMillis(2), 2).fullJitter(ofMillis(4)),
                    List.of(4, 4, 6, 10)),
            Arguments.of("jitter to both sides", Wait.fixed(ofMillis(5)).jittered(ofMillis(3)), List.of(5, 5, 5, 5)));

    @ParameterizedTest(name = "{0}")
    @FieldSource("WAITS")
    void waits(String name, Wait wait, List<Integer> millis) {
        assertThat(IntStream.rangeClosed(1, 4).mapToObj((number) -> wait.after(Attempts.number(number)).toMillis()))
            .extracting(Long::intValue)
            .isEqualTo(millis);
    }

    @Test
    void drawsAnotherNumberForEachPartOfASum() {
        SplittableRandom random = new SplittableRandom(1);
        Wait wait = Wait.random(Duration.ZERO, ofSeconds(1)).plus(Wait.random(Duration.ZERO, ofSeconds(1)));
        Attempt attempt = new Attempt(1, null, null, null, Duration.ZERO, Duration.ZERO, Attempts.NOW,
                random::nextDouble);
        double twice = new SplittableRandom(1).nextDouble() * 2;
        assertThat(Durations.nanos(wait.after(attempt)) / 1e9).isNotEqualTo(twice);
    }

    @Test
    void neverOverflows() {
        Attempt late = Attempts.number(Integer.MAX_VALUE);
        assertThat(Wait.exponential(ofSeconds(1), 10).after(late)).isEqualTo(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(Wait.exponential(ofSeconds(1), 10).atMost(ofSeconds(5)).after(late)).hasSeconds(5);
        assertThat(Wait.fixed(Durations.LONGEST).plus(Wait.fixed(ofSeconds(1))).after(late))
            .isEqualTo(Durations.LONGEST);
        assertThat(Wait.incrementing(Durations.LONGEST, ofSeconds(1)).fullJitter().after(late)).isPositive();
    }

    @Test
    void theFloorWinsOverTheLimit() {
        assertThat(Wait.fixed(ofSeconds(5)).atMost(ofSeconds(1)).atLeast(ofSeconds(2)).after(Attempts.number(1)))
            .hasSeconds(2);
    }

    @Test
    void asksTheServer() {
        assertThat(Wait.retryAfter().after(Attempts.response(503, "Retry-After", "7"))).hasSeconds(7);
        assertThat(Wait.retryAfter().after(Attempts.response(503))).isZero();
        assertThat(Wait.retryAfter().after(Attempts.number(1))).isZero();
        assertThat(Wait.rateLimitReset().after(Attempts.response(429, "X-RateLimit-Reset", "7"))).hasSeconds(7);
        assertThat(Wait.rateLimitReset().after(Attempts.number(1))).isZero();
    }

    @Test
    void refusesWhatIsNoWait() {
        assertThatIllegalArgumentException().isThrownBy(() -> Wait.fixed(ofMillis(-1)))
            .withMessage("wait must not be negative, but is PT-0.001S");
        assertThatIllegalArgumentException().isThrownBy(Wait::chain).withMessageContaining("at least one");
        assertThatIllegalArgumentException().isThrownBy(() -> Wait.random(ofSeconds(2), ofSeconds(1)))
            .withMessage("from (PT2S) must not be more than to (PT1S)");
        assertThatIllegalArgumentException().isThrownBy(() -> Wait.exponential(ofSeconds(1), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Wait.exponential(ofSeconds(1), Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Wait.none().atMost(ofSeconds(-1)));
    }

    /** Settings, the draw, and the milliseconds after four attempts. */
    static final List<Arguments> SETTINGS = List.of(
            Arguments.of("no jitter", new BackOffWait(ofMillis(200), 2, ofSeconds(1), Duration.ZERO), 0.9,
                    List.of(200, 400, 800, 1000)),
            Arguments.of("full jitter, lowest", new BackOffWait(ofMillis(200), 2, ofSeconds(1), null), 0,
                    List.of(0, 0, 0, 0)),
            Arguments.of("full jitter", new BackOffWait(ofMillis(200), 2, ofSeconds(1), null), 0.5,
                    List.of(100, 200, 400, 500)),
            Arguments.of("jitter, lowest: never less than the delay",
                    new BackOffWait(ofMillis(200), 2, ofSeconds(1), ofMillis(50)), 0, List.of(200, 300, 600, 750)),
            Arguments.of("jitter, highest: never more than the longest",
                    new BackOffWait(ofMillis(200), 2, ofSeconds(1), ofMillis(50)), 1, List.of(250, 500, 1000, 1000)),
            Arguments.of("no delay", new BackOffWait(Duration.ZERO, 2, ofSeconds(1), ofMillis(50)), 0.5,
                    List.of(0, 0, 0, 0)),
            Arguments.of("delay over the longest", new BackOffWait(ofSeconds(3), 2, ofSeconds(1), Duration.ZERO), 0.5,
                    List.of(1000, 1000, 1000, 1000)));

    @ParameterizedTest(name = "{0}")
    @FieldSource("SETTINGS")
    void waitsAsSpringsBackOffDoes(String name, Wait wait, double draw, List<Integer> millis) {
        assertThat(IntStream.rangeClosed(1, 4)
            .mapToObj((number) -> wait
                .after(new Attempt(number, null, null, null, Duration.ZERO, Duration.ZERO, Attempts.NOW, () -> draw))))
            .extracting((duration) -> (int) duration.toMillis())
            .isEqualTo(millis);
    }

    @Test
    void theDefaultGrowsWithoutOverflow() {
        Wait wait = new BackOffWait(ofMillis(200), 1e300, ofSeconds(5), Duration.ZERO);
        assertThat(wait.after(Attempts.number(2))).hasSeconds(5);
        assertThat(wait.after(Attempts.number(11))).hasSeconds(5);
    }

}
