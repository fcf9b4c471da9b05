package dev.outbound.client.retry;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HedgesTests {

    private static void answer(Hedges hedges, int times, long millis) {
        for (int i = 0; i < times; i++) {
            hedges.answered(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    @Test
    void aFixedDelayIsKnownAtOnceAndLearnsNothing() {
        Hedges hedges = Hedges.of(HedgePolicy.after(Duration.ofMillis(70)));
        assertThat(hedges.delay()).isEqualTo(Duration.ofMillis(70));
        answer(hedges, 1000, 500);
        assertThat(hedges.delay()).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void aPercentileSaysNothingBeforeThereAreEnoughAnswers() {
        Hedges hedges = Hedges.of(HedgePolicy.defaults());
        answer(hedges, 31, 50);
        assertThat(hedges.delay()).isNull();
        answer(hedges, 1, 50);
        assertThat(hedges.delay()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void isTheTimeWithinWhichThePercentageOfTheAnswersHasCome() {
        Hedges hedges = Hedges.of(HedgePolicy.afterPercentile(95));
        for (int i = 0; i < 4; i++) {
            for (int millis = 100; millis > 0; millis--) {
                answer(hedges, 1, millis);
            }
        }
        assertThat(hedges.delay()).isBetween(Duration.ofMillis(94), Duration.ofMillis(96));
        Hedges half = Hedges.of(HedgePolicy.afterPercentile(50));
        answer(half, 16, 20);
        answer(half, 16, 400);
        assertThat(half.delay()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void forgetsWhatIsOld() {
        Hedges hedges = Hedges.of(HedgePolicy.afterPercentile(99));
        answer(hedges, 1000, 900);
        assertThat(hedges.delay()).isEqualTo(Duration.ofMillis(900));
        answer(hedges, 256 + 16, 30);
        assertThat(hedges.delay()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void isNeverShorterThanTheLowerLimit() {
        Hedges hedges = Hedges.of(HedgePolicy.afterPercentile(95).withMinDelay(Duration.ofMillis(25)));
        answer(hedges, 32, 2);
        assertThat(hedges.delay()).isEqualTo(Duration.ofMillis(25));
        answer(hedges, 256, 40);
        assertThat(hedges.delay()).isEqualTo(Duration.ofMillis(40));
    }

    /**
     * Where the hedge wins, all that is known of the first request is that it took longer
     * than the delay: the delay must neither creep down nor up by that.
     */
    @Test
    void itsOwnEffectDoesNotMoveIt() {
        Hedges hedges = Hedges.of(HedgePolicy.afterPercentile(90));
        java.util.Random random = new java.util.Random(7);
        answer(hedges, 32, 100);
        for (int i = 0; i < 20_000; i++) {
            long first = 50 + random.nextInt(100);
            Duration delay = hedges.delay();
            long second = delay.toMillis() + 50 + random.nextInt(100);
            answer(hedges, 1, Math.min(first, Math.max(second, delay.toMillis())));
        }
        assertThat(hedges.delay()).isBetween(Duration.ofMillis(125), Duration.ofMillis(150));
    }

    @Test
    void counts() {
        Hedges hedges = Hedges.of(HedgePolicy.defaults());
        hedges.countSent();
        hedges.countSent();
        hedges.countWon();
        hedges.countSuppressed();
        assertThat(hedges.sent()).isEqualTo(2);
        assertThat(hedges.won()).isEqualTo(1);
        assertThat(hedges.suppressed()).isEqualTo(1);
    }

}
