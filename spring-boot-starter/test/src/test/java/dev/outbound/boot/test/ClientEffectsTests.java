package dev.outbound.boot.test;

import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.FilteredClassLoader;

import dev.outbound.client.Client;
import dev.outbound.client.guard.CircuitBreaker;
import dev.outbound.mock.Fault;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Metrics, health and log of an application, as its calls leave them. */
@ClientTest(components = { Shop.Faces.class, Shop.Services.class },
        properties = { "outbound.clients.pay-ments.logging.level=body",
                "outbound.clients.pay-ments.health.critical=true", "outbound.clients.stock.circuit-breaker.window=2",
                "outbound.clients.stock.circuit-breaker.minimum-calls=2", "logging.level.outbound=info",
                "logging.level.shop=info" })
@Isolated("the levels of loggers are those of the JVM")
class ClientEffectsTests {

    @MockUpstream
    private MockRouter payMents;

    @MockUpstream("pay-ments")
    private ClientEffects effects;

    @Autowired
    private Shop.Faces faces;

    @ParameterizedTest
    @EnumSource
    void callOfEachFaceIsMeasuredOnceWhateverItsAttempts(Face face) {
        this.payMents.get("/a").reply(503).then((r) -> r.text("done"));
        face.get(this.faces);
        assertThat(this.payMents).attempts(2);
        assertThat(this.effects).isMeasured(1).isMeasured(1, "status", "200").isMeasured(0, "status", "503");
    }

    @ParameterizedTest
    @EnumSource
    void secretIsShownNowhere(Face face) {
        this.payMents.get("/a").reply((r) -> r.json("{\"session_token\": \"s3cret\", \"name\": \"Ada\"}"));
        face.get(this.faces);
        assertThat(this.effects).logs("outbound.client.pay-ments: GET https://pay.test/v1/a")
            .logs("Authorization: ******")
            .doesNotShow("t0ken", "s3cret");
    }

    @Test
    void whatTheApplicationIsWithoutIsTold() {
        assertThatIllegalStateException()
            .isThrownBy(() -> ClientEffects
                .checkAvailable(new FilteredClassLoader("io.micrometer.core", "org.springframework.boot.health")))
            .withMessage("ClientEffects looks at metrics, health and log, but spring-boot-starter-actuator is not in "
                    + "the class path of the tests. Add it, or use the assertions of the routers only");
        assertThatIllegalStateException()
            .isThrownBy(() -> ClientEffects.checkAvailable(new FilteredClassLoader("ch.qos.logback")))
            .withMessageContaining("logback-classic");
        ClientEffects.checkAvailable(getClass().getClassLoader());
    }

    @Test
    void healthIsThatOfTheLastCalls() {
        this.payMents.get("/a").reply((r) -> r.text("done")).then(Fault.refused()).times(9).then((r) -> r.text("done"));
        this.faces.client.get("/a");
        assertThat(this.effects).hasHealth("UP");
        for (int i = 0; i < 3; i++) {
            catchThrowable(() -> this.faces.client.get("/a"));
        }
        assertThat(this.effects).hasHealth("DOWN");
        this.faces.client.get("/a");
    }

    @Nested
    class Circuit {

        @Test
        void isThatOfTheTest(@MockUpstream MockRouter stock, @MockUpstream("stock") ClientEffects effects,
                @Autowired @Qualifier("stock") Client client) {
            stock.get("/a").reply(503).times(2).then(200);
            assertThat(effects).hasCircuit(CircuitBreaker.State.CLOSED);
            client.get("/a");
            client.get("/a");
            assertThat(effects).hasCircuit(CircuitBreaker.State.OPEN);
            stock.advance(Duration.ofSeconds(31));
            assertThat(client.get("/a").statusCode()).isEqualTo(200);
            assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(effects).hasCircuit(CircuitBreaker.State.OPEN))
                .withMessageStartingWith("Expected the circuit of client 'stock' to be open, but it was ");
        }

        @Test
        void mayNotBeThere() {
            assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(ClientEffectsTests.this.effects).hasCircuit(CircuitBreaker.State.OPEN))
                .withMessage("Expected the circuit of client 'pay-ments' to be open, but the client has no circuit "
                        + "breaker. Give it one: circuit-breaker in its configuration");
        }

    }

    @Test
    void failuresTellWhatThereIs() {
        this.payMents.get("/a").reply((r) -> r.text("done"));
        this.faces.client.get("/a");
        LogFactory.getLog("shop").info("paid with t0ken");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.effects).isMeasured(2))
            .withMessageStartingWith(
                    "Expected client 'pay-ments' to be measured 2 times with [], but it was 1 times. Measured:")
            .withMessageContaining("client.name=pay-ments")
            .withMessageContaining("status=200");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.effects).doesNotShow("t0ken"))
            .withMessage("Expected client 'pay-ments' to show a secret of 5 characters nowhere, but it is in: log");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.effects).hasHealth("SOSO"))
            .withMessageStartingWith("Expected the health of client 'pay-ments' to be SOSO, but it was ");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.effects).logs("nothing such"))
            .withMessageStartingWith("Expected client 'pay-ments' to log \"nothing such\", but the log was:")
            .withMessageContaining("shop: paid with t0ken");
    }

    @Nested
    class LogOfATest {

        @Test
        void isNotThatOfAnotherThread(@MockUpstream("pay-ments") ClientEffects effects) throws Exception {
            Thread other = new Thread(() -> LogFactory.getLog("shop").info("of another test"));
            other.start();
            other.join();
            LogFactory.getLog("shop").info("of this test");
            assertThat(effects.log()).containsExactly("shop: of this test");
        }

        @Test
        void staysWhenTheLogIsSetUpAnew(@MockUpstream("pay-ments") ClientEffects effects) {
            LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
            List<TestLog> logs = context.getCopyOfListenerList()
                .stream()
                .filter(TestLog.class::isInstance)
                .map(TestLog.class::cast)
                .toList();
            assertThat(logs).hasSize(1).allMatch(LoggerContextListener::isResetResistant);
            context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(logs.get(0));
            logs.get(0).stop();
            logs.get(0).onReset(context);
            LogFactory.getLog("shop").info("of this test");
            assertThat(effects.log()).contains("shop: of this test");
        }

    }

}
