package dev.outbound.mock;

import java.time.Duration;
import java.util.function.Consumer;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientClock;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.retry.HedgePolicy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Second sends to a mock: on a clock that the test moves, and where time jumps.
 */
@Timeout(20)
class HedgingTests {

    private static final Duration PATIENCE = ofSeconds(10);

    private final MockRouter router = MockRouter.create("https://api.test");

    private LaneClient client(Lane lane, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> settings
            .accept(this.router.bind(builder.baseUrl("https://api.test")).hedging(HedgePolicy.after(ofMillis(200)))));
    }

    private LaneClient client(Lane lane) {
        return client(lane, (builder) -> {
        });
    }

    @ParameterizedTest
    @EnumSource
    void theSecondIsDueWhenItsTimeHasPassedAndEndsTheFirst(Lane lane) throws Exception {
        VirtualClock clock = VirtualClock.manual();
        Route route = this.router.clock(clock)
            .get("/a")
            .reply((r) -> r.text("slow").delayHead(ofSeconds(3)))
            .then((r) -> r.text("fast"));
        LaneClient client = client(lane);
        long start = clock.nanoTime();
        BackgroundCall<String> call = BackgroundCall.onPlatformThread(() -> client.get("/a").text());
        clock.advanceWhenWaiting(ofMillis(199));
        assertThat(call.isDone()).isFalse();
        assertThat(route).isCalledOnce();
        clock.advanceWhenWaiting(ofMillis(1));
        assertThat(call.value(PATIENCE)).isEqualTo("fast");
        assertThat(route).isCalledTimes(2);
        assertThat(clock.nanoTime() - start).isEqualTo(ofMillis(200).toNanos());
        assertThat(clock.waits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theFirstEndsTheSecond(Lane lane) throws Exception {
        VirtualClock clock = VirtualClock.manual();
        Route route = this.router.clock(clock)
            .get("/a")
            .reply((r) -> r.text("first").delayHead(ofMillis(500)))
            .then((r) -> r.text("second").delayHead(ofSeconds(3)));
        LaneClient client = client(lane);
        BackgroundCall<String> call = BackgroundCall.onPlatformThread(() -> client.get("/a").text());
        clock.advanceWhenWaiting(ofMillis(200));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (route.callCount() < 2) {
            assertThat(System.nanoTime()).as("second send").isLessThan(end);
            Thread.onSpinWait();
        }
        clock.advanceWhenWaiting(ofMillis(300));
        assertThat(call.value(PATIENCE)).isEqualTo("first");
    }

    @ParameterizedTest
    @EnumSource
    void whereTimeJumpsNothingIsDueInBetween(Lane lane) {
        Route route = this.router.get("/a").reply((r) -> r.text("slow").delayHead(ofSeconds(3)));
        assertThat(client(lane).get("/a").text()).isEqualTo("slow");
        assertThat(route).isCalledOnce();
        assertThat(this.router).waited(Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource
    void onSystemTimeTheFirstIsBrokenOff(Lane lane) {
        this.router.clock(ClientClock.system())
            .get("/a")
            .reply((r) -> r.text("slow").delayHead(ofSeconds(4)))
            .then((r) -> r.text("fast"));
        long start = System.nanoTime();
        assertThat(client(lane).get("/a").text()).isEqualTo("fast");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(ofMillis(200), ofSeconds(3));
    }

}
