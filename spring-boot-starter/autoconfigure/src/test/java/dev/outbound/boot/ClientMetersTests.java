package dev.outbound.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;

import dev.outbound.client.Client;
import dev.outbound.client.ClientClock;
import dev.outbound.client.guard.BulkheadSettings;
import dev.outbound.client.guard.CircuitBreakerSettings;
import dev.outbound.client.http.CircuitOpenException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.Hedges;
import dev.outbound.client.transport.Engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ClientMetersTests {

    private final FakeEngines engines = FakeEngines.answering(FakeUpstream.status(503), FakeUpstream.status(200),
            FakeUpstream.status(503));

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withBean(FakeEngines.class, () -> this.engines)
        .withBean(ClientClock.class, TestClock::new)
        .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com",
                "outbound.clients.billing.retry.max-retries=1",
                "outbound.clients.quiet.base-url=https://quiet.example.com");

    @Test
    void countsRetriesAndThoseThatWereNotMade() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        this.runner.run((context) -> {
            context.getBean(MeterBinder.class).bindTo(meters);
            assertThat(this.engines.opened()).isEmpty();
            Client client = context.getBean("billingClient", Client.class);
            client.get("/");
            client.post("/", (spec) -> spec.text("x"));
            assertThat(meters.get("outbound.client.retries").tag("client.name", "billing").functionCounter().count())
                .isEqualTo(1);
            assertThat(suppressed(meters, "method")).isEqualTo(1);
            assertThat(suppressed(meters, "budget")).isZero();
            assertThat(meters.get("outbound.client.retries").tag("client.name", "quiet").functionCounter().count())
                .isZero();
            assertThat(meters.get("outbound.client.retry.budget").tag("client.name", "billing").gauge().value())
                .isNotNaN();
            for (String engine : List.of("http-components", "reactor")) {
                assertThat(meters.get("outbound.client.connections")
                    .tags("client.name", "billing", "engine", engine, "state", "active")
                    .gauge()
                    .value()).isZero();
            }
        });
    }

    @Test
    void whoReadsThemMakesNoClientAndNeverFails() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        List<String> made = new ArrayList<>();
        this.runner.withBean(ClientCustomizer.class, () -> (name, builder) -> {
            made.add(name);
            if (name.equals("quiet")) {
                throw new IllegalStateException("no vault");
            }
        }).withPropertyValues("outbound.clients.billing.circuit-breaker.window=10").run((context) -> {
            context.getBean(MeterBinder.class).bindTo(meters);
            assertThat(figures(meters)).isNotEmpty();
            assertThat(breaker(meters, "closed")).isEqualTo(1);
            assertThat(made).isEmpty();
            context.getBean("billingClient", Client.class).get("/");
            assertThatExceptionOfType(BeanCreationException.class)
                .isThrownBy(() -> context.getBean("quietClient", Client.class));
            assertThat(figures(meters)).isNotEmpty();
        });
        // A registry may outlive the context, and be read once more when it is closed
        assertThat(figures(meters)).isNotEmpty();
        assertThat(meters.get("outbound.client.retries").tag("client.name", "billing").functionCounter().count())
            .isEqualTo(1);
    }

    private static List<Double> figures(SimpleMeterRegistry meters) {
        List<Double> figures = new ArrayList<>();
        meters.getMeters().forEach((meter) -> meter.measure().forEach((it) -> figures.add(it.getValue())));
        return figures;
    }

    @Test
    void whatCustomizersAddIsMeteredToo() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        SimpleMeterRegistry late = new SimpleMeterRegistry();
        this.runner
            .withBean(ClientCustomizer.class,
                    () -> (name, builder) -> builder.circuitBreaker(CircuitBreakerSettings.defaults().withWindow(1, 1))
                        .bulkhead(BulkheadSettings.of(3))
                        .engine(Engine.JDK))
            .withPropertyValues("outbound.clients.billing.retry=none",
                    "outbound.clients.billing.rate-limiter.permits=10")
            .run((context) -> {
                MeterBinder binder = context.getBean(MeterBinder.class);
                binder.bindTo(meters);
                assertThat(this.engines.opened()).isEmpty();
                assertThat(meters.find("outbound.client.circuit.breaker").gauges()).isEmpty();
                Client client = context.getBean("billingClient", Client.class);
                client.get("/");
                binder.bindTo(late);
                for (SimpleMeterRegistry registry : List.of(meters, late)) {
                    assertThat(breaker(registry, "open")).isEqualTo(1);
                    assertThat(registry.get("outbound.client.bulkhead").tag("state", "running").gauge().value())
                        .isZero();
                    assertThat(registry.get("outbound.client.connections")
                        .tags("client.name", "billing", "engine", "jdk", "state", "idle")
                        .gauge()
                        .value()).isZero();
                    assertThat(registry.get("outbound.client.rate.limiter.waits").functionTimers()).hasSize(1);
                }
                assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/"));
                assertThat(meters.get("outbound.client.refused")
                    .tags("client.name", "billing", "reason", "circuit-breaker")
                    .functionCounter()
                    .count()).isEqualTo(1);
            });
    }

    @Test
    void whatARefreshAddsIsMeteredToo() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        this.runner.run((context) -> {
            context.getBean(MeterBinder.class).bindTo(meters);
            context.getBean("billingClient", Client.class).get("/");
            TestPropertyValues.of("outbound.clients.billing.bulkhead.max-calls=2").applyTo(context);
            context.getBean(Clients.class).refresh("billing");
            assertThat(meters.get("outbound.client.bulkhead")
                .tags("client.name", "billing", "state", "waiting")
                .gauge()
                .value()).isZero();
        });
    }

    @Test
    void tellsWhatTheGuardRefuses() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        this.runner
            .withPropertyValues("outbound.clients.billing.retry=none",
                    "outbound.clients.billing.circuit-breaker.window=1",
                    "outbound.clients.billing.rate-limiter.permits=1", "outbound.clients.billing.bulkhead.max-calls=3")
            .run((context) -> {
                context.getBean(MeterBinder.class).bindTo(meters);
                assertThat(breaker(meters, "closed")).isEqualTo(1);
                Client client = context.getBean("billingClient", Client.class);
                client.get("/");
                assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/"));
                assertThat(breaker(meters, "open")).isEqualTo(1);
                assertThat(breaker(meters, "closed")).isZero();
                assertThat(meters.get("outbound.client.refused")
                    .tags("client.name", "billing", "reason", "circuit-breaker")
                    .functionCounter()
                    .count()).isEqualTo(1);
                context.getBean(Clients.class).session("billing").guard().circuitBreaker().close();
                client.get("/");
                assertThat(meters.get("outbound.client.rate.limiter.waits").functionTimer().count()).isEqualTo(1);
                assertThat(meters.get("outbound.client.rate.limiter.waits").functionTimer().totalTime(TimeUnit.SECONDS))
                    .isEqualTo(1);
                assertThat(meters.get("outbound.client.bulkhead").tag("state", "running").gauge().value()).isZero();
                assertThat(meters.find("outbound.client.refused").tag("client.name", "quiet").functionCounter())
                    .isNull();
            });
    }

    @Test
    void tellsWhatBecameOfTheHedges() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        this.runner.withPropertyValues("outbound.clients.billing.hedging=").run((context) -> {
            context.getBean(MeterBinder.class).bindTo(meters);
            Hedges hedges = context.getBean(Clients.class).session("billing").hedges();
            hedges.countSent();
            hedges.countSent();
            hedges.countWon();
            hedges.countSuppressed();
            hedges.countSuppressed();
            hedges.countSuppressed();
            assertThat(hedges(meters, "outbound.client.hedges")).isEqualTo(2);
            assertThat(hedges(meters, "outbound.client.hedges.won")).isEqualTo(1);
            assertThat(hedges(meters, "outbound.client.hedges.suppressed")).isEqualTo(3);
            assertThat(meters.find("outbound.client.hedges").tag("client.name", "quiet").functionCounter()).isNull();
        });
    }

    private static double hedges(SimpleMeterRegistry meters, String name) {
        return meters.get(name).tag("client.name", "billing").functionCounter().count();
    }

    private static double breaker(SimpleMeterRegistry meters, String state) {
        return meters.get("outbound.client.circuit.breaker")
            .tags("client.name", "billing", "state", state)
            .gauge()
            .value();
    }

    private static double suppressed(SimpleMeterRegistry meters, String reason) {
        return meters.get("outbound.client.retries.suppressed")
            .tags("client.name", "billing", "reason", reason)
            .functionCounter()
            .count();
    }

    @Test
    void thereAreNoneWithoutMicrometer() {
        this.runner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
            .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("outboundClientMeters"));
    }

}
