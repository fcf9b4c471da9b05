package dev.outbound.client.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.outbound.client.http.BulkheadFullException;
import dev.outbound.client.http.CircuitOpenException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What requests are told at the guard, as scripts: no thread, and no time but what the
 * script says.
 */
class PassageTests {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final ConnectionLostException LOST = new ConnectionLostException(Phase.HEAD, "lost", null);

    private static final GuardSettings BREAKER = GuardSettings.none()
        .withCircuitBreaker(CircuitBreakerSettings.defaults().withWindow(4, 4).withTrialCalls(2));

    private long now = -5 * SECOND;

    private Passage enter(Guard guard) {
        Passage passage = new Passage(guard);
        assertThat(passage.enter(this.now, Long.MAX_VALUE)).isInstanceOf(Ruling.Pass.class);
        return passage;
    }

    private <T> @Nullable T refused(Guard guard, Class<T> type) {
        Ruling ruling = new Passage(guard).enter(this.now, Long.MAX_VALUE);
        assertThat(ruling).isInstanceOf(Ruling.Refuse.class);
        assertThat(((Ruling.Refuse) ruling).failure()).isInstanceOf(type);
        return type.cast(((Ruling.Refuse) ruling).failure());
    }

    private void fail(Guard guard, int times) {
        for (int i = 0; i < times; i++) {
            enter(guard).leave(LOST, this.now);
        }
    }

    private static CircuitBreaker.@Nullable State state(Guard guard) {
        CircuitBreaker breaker = guard.circuitBreaker();
        return (breaker != null) ? breaker.state() : null;
    }

    @Test
    void exactlyTheTrialsAreOnTheirWayAtATime() {
        Guard guard = Guard.of(BREAKER);
        fail(guard, 4);
        this.now += 30 * SECOND;
        refused(guard, CircuitOpenException.class);
        this.now += 1;
        Passage first = enter(guard);
        Passage second = enter(guard);
        assertThat(refused(guard, CircuitOpenException.class)).hasMessageContaining("they are on their way");
        first.leave(null, this.now);
        Passage third = enter(guard);
        refused(guard, CircuitOpenException.class);
        second.responded(200, this.now);
        second.leave(null, this.now);
        third.responded(200, this.now);
        third.leave(null, this.now);
        assertThat(state(guard)).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void whatBeganBeforeTheBreakerOpenedIsNoTrial() {
        Guard guard = Guard.of(BREAKER);
        Passage cancelled = enter(guard);
        Passage lost = enter(guard);
        fail(guard, 4);
        this.now += 31 * SECOND;
        Passage first = enter(guard);
        cancelled.leave(null, this.now);
        lost.leave(LOST, this.now);
        assertThat(state(guard)).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        Passage second = enter(guard);
        refused(guard, CircuitOpenException.class);
        for (Passage trial : List.of(first, second)) {
            trial.responded(204, this.now);
            trial.buffered(this.now);
        }
        assertThat(state(guard)).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void aRequestCountsOnce() {
        Guard guard = Guard.of(BREAKER);
        Passage passage = enter(guard);
        passage.responded(503, this.now);
        passage.buffered(this.now);
        passage.leave(LOST, this.now);
        passage.leave(null, this.now);
        CircuitBreaker breaker = guard.circuitBreaker();
        assertThat(breaker).isNotNull();
        assertThat(breaker.calls()).isEqualTo(1);
    }

    @Test
    void whatIsRefusedFurtherInGivesTheTrialBack() {
        Guard guard = Guard.of(BREAKER.withBulkhead(BulkheadSettings.of(4)));
        fail(guard, 4);
        this.now += 31 * SECOND;
        Bulkhead bulkhead = guard.bulkhead();
        assertThat(bulkhead).isNotNull();
        List<Bulkhead.Place> places = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            places.add(bulkhead.enter());
        }
        for (int i = 0; i < 10; i++) {
            refused(guard, BulkheadFullException.class);
        }
        places.forEach(Bulkhead.Place::leave);
        assertThat(bulkhead.running()).isZero();
        enter(guard).leave(null, this.now);
    }

    @Test
    void placesAreHandedOverInOrder() {
        Guard guard = Guard.of(GuardSettings.none().withBulkhead(BulkheadSettings.of(1).withMaxWait(ofSeconds(10))));
        Passage first = enter(guard);
        Passage second = new Passage(guard);
        Passage third = new Passage(guard);
        CompletableFuture<Void> secondArrives = queued(second.enter(this.now, Long.MAX_VALUE));
        CompletableFuture<Void> thirdArrives = queued(third.enter(this.now, 3 * SECOND));
        first.leave(null, this.now);
        assertThat(secondArrives).isCompleted();
        assertThat(thirdArrives).isNotDone();
        assertThat(second.again(this.now, Long.MAX_VALUE)).isInstanceOf(Ruling.Pass.class);
        assertThat(third.again(this.now + 3 * SECOND, 1)).isInstanceOf(Ruling.Refuse.class);
        second.leave(null, this.now);
        enter(guard).leave(null, this.now);
    }

    @Test
    void whoGivesUpWhenThePlaceArrivesHandsItOn() {
        Guard guard = Guard.of(GuardSettings.none().withBulkhead(BulkheadSettings.of(1).withMaxWait(ofSeconds(10))));
        Passage first = enter(guard);
        Passage second = new Passage(guard);
        Passage third = new Passage(guard);
        queued(second.enter(this.now, Long.MAX_VALUE));
        CompletableFuture<Void> thirdArrives = queued(third.enter(this.now, Long.MAX_VALUE));
        first.leave(null, this.now);
        second.leave(null, this.now);
        assertThat(thirdArrives).isCompleted();
        third.leave(null, this.now);
        enter(guard).leave(null, this.now);
    }

    private static CompletableFuture<Void> queued(Ruling ruling) {
        assertThat(ruling).isInstanceOf(Ruling.Queue.class);
        return ((Ruling.Queue) ruling).arrival().toCompletableFuture();
    }

    @Test
    void periodsOfTheRateLimitBeginWithTheFirstRequest() {
        Guard guard = Guard.of(GuardSettings.none()
            .withRateLimiter(RateLimiterSettings.of(1, ofSeconds(1)).withMaxWait(ofSeconds(2))));
        enter(guard);
        this.now += SECOND / 4;
        assertThat(new Passage(guard).enter(this.now, Long.MAX_VALUE)).isEqualTo(new Ruling.Pause(3 * SECOND / 4));
        assertThat(new Passage(guard).enter(this.now, Long.MAX_VALUE)).isEqualTo(new Ruling.Pause(7 * SECOND / 4));
        assertThat(new Passage(guard).enter(this.now, Long.MAX_VALUE)).isInstanceOf(Ruling.Refuse.class);
    }

    @Test
    void settingsThatMakeNoSenseAreToldByNameAndValue() {
        CircuitBreakerSettings breaker = CircuitBreakerSettings.defaults();
        assertIllegal(() -> breaker.withFailureRate(0), "failure-rate must be between 1 and 100 (percent), but is 0");
        assertIllegal(() -> breaker.withWindow(10, 20), "minimum-calls (20) must not be more than the window (10)");
        assertIllegal(() -> breaker.withWindow(Duration.ofMillis(1500), 1), "whole seconds");
        assertIllegal(() -> breaker.withOpenTime(Duration.ZERO), "open-time must be at least 1ms, but is PT0S");
        assertIllegal(() -> RateLimiterSettings.of(0, ofSeconds(1)), "permits must be at least 1, but is 0");
        assertIllegal(() -> RateLimiterSettings.of(1, Duration.ZERO), "period must be at least 1ms, but is PT0S");
        assertIllegal(() -> BulkheadSettings.of(0), "max-calls must be at least 1, but is 0");
        assertIllegal(() -> BulkheadSettings.of(1).withMaxWait(ofSeconds(-1)), "max-wait must not be negative");
    }

    private static void assertIllegal(Runnable settings, String message) {
        assertThatIllegalArgumentException().isThrownBy(settings::run).withMessageContaining(message);
    }

}
