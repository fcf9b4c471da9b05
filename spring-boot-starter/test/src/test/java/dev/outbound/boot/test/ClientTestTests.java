package dev.outbound.boot.test;

import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.annotation.Autowired;

import dev.outbound.client.http.Response;
import dev.outbound.mock.Fault;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ClientTest(components = { Shop.Checkout.class, Shop.Faces.class, Shop.Services.class })
class ClientTestTests {

    @MockUpstream
    MockRouter payMents;

    @Autowired
    Shop.Checkout checkout;

    @Autowired
    Shop.Faces faces;

    @Test
    void policyIsThatOfTheApplication() {
        this.payMents.post("/charges").json("$.amount", 42).header("Idempotency-Key").optional().reply(500);
        this.payMents.post("/charges").json("$.amount", 42).reply((r) -> r.text("paid"));
        assertThat(this.checkout.pay(42)).isEqualTo("paid");
        assertThat(this.payMents).call(0).hasHeader("Authorization", "Bearer t0ken");
    }

    @Test
    void routersOfParametersAndFieldsAreTheSame(@MockUpstream("pay-ments") MockRouter router,
            @MockUpstream MockRouter stock) {
        assertThat(router).isSameAs(this.payMents);
        stock.get("/items/{item}").reply((r) -> r.text("7"));
        assertThat(this.checkout.count("a")).isEqualTo("7");
        assertThat(stock).attempts(1);
        assertThat(router).isNotCalled();
    }

    @ParameterizedTest
    @EnumSource
    void sameMockAnswersEveryFace(Face face) {
        this.payMents.get("/a").reply((r) -> r.status(503)).then((r) -> r.text("done").gzip());
        assertThat(face.get(this.faces)).isEqualTo("done");
        assertThat(this.payMents).attempts(2)
            .waited(Duration.ofSeconds(10))
            .call(1)
            .hasHeader("Authorization", "Bearer t0ken");
    }

    @ParameterizedTest
    @EnumSource
    void sameFaultReachesEveryFace(Face face) {
        this.payMents.get("/a").reply(Fault.refused());
        assertThatException().isThrownBy(() -> face.get(this.faces))
            .withStackTraceContaining("ConnectionFailedException");
        assertThat(this.payMents).attempts(3).waits(Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    @Test
    void callsAreMeasuredUnderTheNameOfTheClient(@Autowired MeterRegistry meters) {
        this.payMents.get("/measured").reply(204);
        this.faces.client.get("/measured");
        assertThat(
                meters.get("http.client.requests").tag("client.name", "pay-ments").tag("status", "204").timer().count())
            .isPositive();
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class InParallel {

        @RepeatedTest(4)
        void testsDoNotSeeEachOthersRoutes(RepetitionInfo info, @MockUpstream("pay-ments") MockRouter router) {
            String own = "test " + info.getCurrentRepetition();
            router.get("/a").reply((r) -> r.text(own));
            for (int i = 0; i < 20; i++) {
                for (Face face : Face.values()) {
                    assertThat(face.get(ClientTestTests.this.faces)).isEqualTo(own);
                }
                assertThat(ClientTestTests.this.faces.reactiveClient.get("/a")
                    .map(Response::text)
                    .subscribeOn(Schedulers.parallel())
                    .block()).isEqualTo(own);
            }
        }

    }

}
