package dev.outbound.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.lab.EventClock;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an upstream that is down gets to see of a client's retries: hours of calls on the
 * time of events.
 */
class RetryOutageTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final int RATE = 100;

    private final EventClock clock = new EventClock();

    /** How an upstream is down. */
    enum Outage {

        UNAVAILABLE(() -> FakeUpstream.status(503)),

        REFUSING(() -> FakeUpstream.failure(new ConnectionFailedException("refused", null)));

        private final Supplier<Answer> answer;

        Outage(Supplier<Answer> answer) {
            this.answer = answer;
        }

    }

    private ReactiveClient client(FakeUpstream upstream, @Nullable RetryBudget budget) {
        return ReactiveClient.builder()
            .reactiveTransport(upstream.reactiveTransport())
            .retry(RetryPolicy.defaults())
            .retryBudget(budget)
            .clock(this.clock)
            .buildReactive();
    }

    @ParameterizedTest
    @EnumSource
    void g8_tenMinutesOfOutageAtAHundredCallsASecond(Outage outage) {
        long end = 600 * SECOND;
        FakeUpstream upstream = new FakeUpstream(
                (request) -> (this.clock.nanoTime() < end) ? outage.answer.get() : FakeUpstream.ok(""));
        List<Long> failed = new ArrayList<>();
        List<Integer> requestsSeen = new ArrayList<>();
        try (ReactiveClient client = client(upstream, RetryBudget.defaults())) {
            int calls = 660 * RATE;
            for (int i = 0; i < calls; i++) {
                long begin = i * (SECOND / RATE);
                this.clock.at(begin,
                        () -> client.get("http://shop.test/")
                            .subscribe((response) -> count(response.statusCode() == 200, begin, failed),
                                    (error) -> count(false, begin, failed)));
            }
            this.clock.at(end, () -> requestsSeen.add(upstream.requests().size()));
            this.clock.run();
            int down = 600 * RATE;
            assertThat(requestsSeen.get(0)).as("requests in the outage").isBetween(down, (int) (1.12 * down));
            assertThat(failed).as("calls that failed").hasSizeGreaterThan(down / 2);
            assertThat(failed).as("calls that began after the outage and failed").allMatch((begin) -> begin < end);
            assertThat(upstream.requests().size() - requestsSeen.get(0)).as("requests after the outage")
                .isLessThan(60 * RATE + 200);
            assertThat(upstream.open()).isZero();
        }
    }

    private static void count(boolean good, long begin, List<Long> failed) {
        if (!good) {
            failed.add(begin);
        }
    }

    @Test
    void g8_withoutABudgetTheLoadWouldBeThreefold() {
        FakeUpstream upstream = new FakeUpstream((request) -> FakeUpstream.status(503));
        try (ReactiveClient client = client(upstream, null)) {
            for (int i = 0; i < 10 * RATE; i++) {
                this.clock.at(i * (SECOND / RATE), () -> client.get("http://shop.test/").subscribe());
            }
            this.clock.run();
            assertThat(upstream.requests()).hasSize(3 * 10 * RATE);
        }
    }

    @Test
    void g9_retriesOfCallsThatFailTogetherAreSpread() {
        List<Long> retries = new ArrayList<>();
        FakeUpstream upstream = new FakeUpstream((request) -> {
            if (this.clock.nanoTime() == 0) {
                return FakeUpstream.status(503);
            }
            retries.add(this.clock.nanoTime());
            return FakeUpstream.ok("");
        });
        int calls = 1000;
        try (ReactiveClient client = client(upstream, null)) {
            for (int i = 0; i < calls; i++) {
                this.clock.at(0, () -> client.get("http://shop.test/").subscribe());
            }
            this.clock.run();
        }
        assertThat(retries).hasSizeBetween(calls - 1, calls);
        long window = Duration.ofMillis(20).toNanos();
        for (long from : retries) {
            assertThat(retries).filteredOn((at) -> at >= from && at < from + window)
                .as("retries in a tenth of the 200 ms")
                .hasSizeLessThanOrEqualTo(calls / 5);
        }
    }

}
