package dev.outbound.boot.test;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.annotation.Autowired;

import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.MockScope;
import dev.outbound.mock.Route;
import dev.outbound.mock.VirtualClock;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A late answer is hedged through every face of a client, on time that the test moves.
 */
@ClientTest(components = { Shop.Checkout.class, Shop.Faces.class, Shop.Services.class },
        properties = "outbound.clients.pay-ments.hedging.delay=200ms")
class HedgingSliceTests {

    @MockUpstream
    MockRouter payMents;

    @Autowired
    Shop.Faces faces;

    @ParameterizedTest
    @EnumSource
    void theSecondAnswersForALateFirst(Face face) throws Exception {
        VirtualClock clock = VirtualClock.manual();
        Route route = this.payMents.clock(clock)
            .get("/a")
            .reply((r) -> r.text("late").delayHead(Duration.ofSeconds(3)))
            .then((r) -> r.text("done"));
        BackgroundCall<String> call = BackgroundCall
            .onPlatformThread(MockScope.current().wrapCallable(() -> face.get(this.faces))::call);
        clock.advanceWhenWaiting(Duration.ofMillis(200));
        assertThat(call.value(Duration.ofSeconds(10))).isEqualTo("done");
        assertThat(route).isCalledTimes(2);
        assertThat(this.payMents).attempts(2).waited(Duration.ZERO).call(1).hasHeader("Authorization", "Bearer t0ken");
    }

}
