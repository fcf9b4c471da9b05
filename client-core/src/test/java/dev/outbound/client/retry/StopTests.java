package dev.outbound.client.retry;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

class StopTests {

    /** A condition, the number of the attempt, which is also the seconds, the delay. */
    static final List<Arguments> ROWS = List.of(Arguments.of("never", Stop.never(), 1000, ofSeconds(1000), false),
            Arguments.of("attempts left", Stop.afterAttempts(3), 2, Duration.ZERO, false),
            Arguments.of("attempts used up", Stop.afterAttempts(3), 3, Duration.ZERO, true),
            Arguments.of("no second attempt", Stop.afterAttempts(0), 1, Duration.ZERO, true),
            Arguments.of("time left", Stop.afterTime(ofSeconds(3)), 2, ofSeconds(1000), false),
            Arguments.of("time over", Stop.afterTime(ofSeconds(3)), 3, Duration.ZERO, true),
            Arguments.of("time left after the delay", Stop.beforeTime(ofSeconds(3)), 1, ofSeconds(1), false),
            Arguments.of("time over after the delay", Stop.beforeTime(ofSeconds(3)), 1, ofSeconds(2), true),
            Arguments.of("endless delay", Stop.beforeTime(ofSeconds(3)), 1, Durations.LONGEST, true),
            Arguments.of("or", Stop.afterAttempts(3).or(Stop.afterTime(ofSeconds(2))), 2, Duration.ZERO, true),
            Arguments.of("and", Stop.afterAttempts(3).and(Stop.afterTime(ofSeconds(2))), 2, Duration.ZERO, false));

    @ParameterizedTest(name = "{0}: {4}")
    @FieldSource("ROWS")
    void stops(String name, Stop stop, int number, Duration delay, boolean stops) {
        assertThat(stop.stops(Attempts.number(number), delay)).isEqualTo(stops);
    }

}
