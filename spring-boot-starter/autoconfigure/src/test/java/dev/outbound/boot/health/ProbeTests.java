package dev.outbound.boot.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

import dev.outbound.boot.Clients;
import dev.outbound.boot.OutboundAutoConfiguration;
import dev.outbound.boot.ProbeProperties;
import dev.outbound.client.Session;
import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;

/** An upstream is asked whether it is well, by configuration. */
@Timeout(60)
class ProbeTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, Object> properties = new HashMap<>();

    private final AtomicLong nanoTime = new AtomicLong();

    private ApplicationContextRunner runner(RawServer server) {
        this.properties.put("outbound.clients.shop.base-url", server.url("/v1"));
        this.properties.put("outbound.clients.shop.health.probe.path", "/health?token=canary");
        return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withInitializer((context) -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", this.properties)));
    }

    private void run(RawServer server, BiConsumer<Clients, ClientHealth> test) {
        runner(server).run((context) -> {
            Clients clients = context.getBean(Clients.class);
            test.accept(clients, new ClientHealth(clients, "shop", this.nanoTime::get));
        });
    }

    private static Health ask(Lane lane, ClientHealth health) {
        return (lane == Lane.BLOCKING) ? health.health()
                : health.reactiveHealth().blockOptional(PATIENCE).orElseThrow();
    }

    private static RawServer answering(int... statuses) {
        AtomicInteger next = new AtomicInteger();
        return RawServer.start((connection) -> connection.forEachRequest(
                (request) -> connection.respond(statuses[Math.min(next.getAndIncrement(), statuses.length - 1)], "")));
    }

    @ParameterizedTest
    @EnumSource
    void sendsWhatIsConfiguredAndCountsInNoStatistics(Lane lane) {
        this.properties.put("outbound.clients.shop.health.probe.method", "head");
        this.properties.put("outbound.clients.shop.health.probe.statuses", "204");
        this.properties.put("outbound.clients.shop.retry.max-retries", "2");
        this.properties.put("outbound.clients.shop.auth.type", "bearer");
        this.properties.put("outbound.clients.shop.auth.token", "t");
        try (RawServer server = answering(204, 503)) {
            run(server, (clients, health) -> {
                assertThat(ask(lane, health).getStatus()).isEqualTo(Status.UP);
                assertThat(server.requests()).singleElement()
                    .asString()
                    .startsWith("HEAD /v1/health?token=canary ")
                    .contains("Authorization: Bearer t");
                this.nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
                Health failing = ask(lane, health);
                assertThat(failing.getStatus()).isEqualTo(ClientHealth.DEGRADED);
                assertThat(failing.getDetails().toString()).contains("HEAD /health", "outcome=status 503")
                    .doesNotContain("canary");
                assertThat(server.requests()).as("a probe is not sent again").hasSize(2);
                CallStatistics statistics = clients.session("shop").statistics();
                assertThat(statistics.calls()).isZero();
                assertThat(statistics.attempts()).isZero();
                assertThat(statistics.failures()).isEmpty();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerHoldsForTheInterval(Lane lane) {
        this.properties.put("outbound.clients.shop.health.probe.interval", "10s");
        try (RawServer server = answering(200, 500, 200)) {
            run(server, (clients, health) -> {
                for (int i = 0; i < 3; i++) {
                    assertThat(ask(lane, health).getStatus()).isEqualTo(Status.UP);
                }
                this.nanoTime.addAndGet(Duration.ofMillis(9999).toNanos());
                assertThat(ask(lane, health).getStatus()).isEqualTo(Status.UP);
                assertThat(server.requests()).hasSize(1);
                this.nanoTime.addAndGet(Duration.ofMillis(1).toNanos());
                assertThat(ask(lane, health).getStatus()).isEqualTo(ClientHealth.DEGRADED);
                this.nanoTime.addAndGet(Duration.ofSeconds(10).toNanos());
                assertThat(ask(lane, health).getStatus()).isEqualTo(Status.UP);
                assertThat(server.requests()).hasSize(3);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverAsksTwiceAtATimeAndLetsNobodyWait(Lane lane) {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        this.properties.put("outbound.clients.shop.health.probe.timeout", "20s");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            asked.countDown();
            answer.await();
            connection.respond(200, "");
        }))) {
            run(server, (clients, health) -> {
                try {
                    Future<Health> first = threads.submit(() -> ask(lane, health));
                    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
                    List<Status> others = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        others.add(ask(lane, health).getStatus());
                        others.add(ask((lane == Lane.BLOCKING) ? Lane.REACTIVE : Lane.BLOCKING, health).getStatus());
                    }
                    assertThat(others).containsOnly(Status.UNKNOWN);
                    answer.countDown();
                    assertThat(first.get(10, TimeUnit.SECONDS).getStatus()).isEqualTo(Status.UP);
                    assertThat(ask(lane, health).getStatus()).isEqualTo(Status.UP);
                    assertThat(server.requests()).hasSize(1);
                }
                catch (Exception ex) {
                    throw new AssertionError(ex);
                }
            });
        }
        finally {
            answer.countDown();
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesUpAfterItsTimeLimit(Lane lane) {
        this.properties.put("outbound.clients.shop.health.probe.timeout", "100ms");
        this.properties.put("outbound.clients.shop.health.critical", "true");
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.hold();
        })) {
            run(server, (clients, health) -> {
                Health down = ask(lane, health);
                assertThat(down.getStatus()).isEqualTo(Status.DOWN);
                assertThat(down.getDetails().toString()).contains("TotalTimeoutException");
                this.nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
                assertThat(ask(lane, health).getStatus()).isEqualTo(Status.DOWN);
                assertThat(server.requests()).hasSize(2);
            });
        }
    }

    /** Row K18 of the fault matrix. */
    @ParameterizedTest
    @EnumSource
    void aDeadTargetIsToldInTimeAndCostsTheClientNothing(Lane lane) {
        this.properties.put("outbound.clients.shop.health.probe.timeout", "200ms");
        this.properties.put("outbound.clients.shop.health.critical", "true");
        this.properties.put("outbound.clients.shop.retry.max-retries", "3");
        this.properties.put("outbound.clients.shop.pool.max-connections", "1");
        try (RawServer dead = RawServer.blackHole()) {
            run(dead, (clients, health) -> {
                Session session = clients.session("shop");
                Duration last = Duration.ZERO;
                for (int i = 0; i < 3; i++) {
                    long start = System.nanoTime();
                    Health down = ask(lane, health);
                    last = Duration.ofNanos(System.nanoTime() - start);
                    assertThat(down.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(down.getDetails().toString()).contains("TimeoutException");
                    this.nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
                }
                // The first one loads classes.
                assertThat(last).isLessThan(Duration.ofSeconds(1));
                assertThat(session.retryBudget()).isNotNull()
                    .satisfies((budget) -> assertThat(budget.balance(System.nanoTime())).isGreaterThanOrEqualTo(10));
                assertThat(session.statistics().attempts()).isZero();
                assertThat(session.pools()).isNotEmpty();
                // An event loop may be about to close what was being opened.
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (!session.pools().stream().allMatch((pool) -> pool.active() == 0 && pool.pending() == 0)) {
                    assertThat(System.nanoTime()).as("time until all places are free").isLessThan(end);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoStopsWaitingLeavesNoProbeBehind(Lane lane) {
        CountDownLatch asked = new CountDownLatch(1);
        this.properties.put("outbound.clients.shop.health.probe.timeout", "20s");
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            asked.countDown();
            connection.hold();
        }, (connection) -> connection.forEachRequest((request) -> connection.respond(200, "")))) {
            run(server, (clients, health) -> {
                Thread caller = new Thread(() -> ask(lane, health));
                caller.setUncaughtExceptionHandler((thread, ex) -> {
                });
                caller.start();
                try {
                    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
                    caller.interrupt();
                    caller.join(10_000);
                }
                catch (InterruptedException ex) {
                    throw new AssertionError(ex);
                }
                assertThat(caller.isAlive()).isFalse();
                server.awaitOpen(0);
                this.nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
                assertThat(ask(lane, health).getStatus()).isEqualTo(Status.UP);
            });
        }
    }

    @Test
    void aChangeOfTheSettingsIsAskedForAtOnce() {
        try (RawServer server = answering(200)) {
            run(server, (clients, health) -> {
                health.health();
                this.properties.put("outbound.clients.shop.health.probe.path", "/ready");
                clients.refresh("shop");
                health.health();
                assertThat(server.requests()).hasSize(2)
                    .last()
                    .satisfies((request) -> assertThat(request).startsWith("GET /v1/ready "));
                this.properties.remove("outbound.clients.shop.health.probe.path");
                clients.refresh("shop");
                assertThat(health.health().getStatus()).isEqualTo(Status.UNKNOWN);
                assertThat(server.requests()).hasSize(2);
            });
        }
    }

    @Test
    void nothingIsSentAndNoThreadStartedBeforeSomebodyAsks() {
        try (RawServer server = answering(200)) {
            Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
            runner(server)
                .withConfiguration(AutoConfigurations.of(OutboundHealthContributorAutoConfiguration.class,
                        HealthContributorAutoConfiguration.class))
                .run((context) -> {
                    assertThat(context).hasBean("outboundHealthContributor");
                    assertThat(server.connections()).isZero();
                    assertThat(Thread.getAllStackTraces()
                        .keySet()
                        .stream()
                        .filter((thread) -> !before.contains(thread) && !thread.getName().startsWith("raw-server"))
                        .map(Thread::getName)
                        .collect(Collectors.toSet())).isEmpty();
                });
        }
    }

    @Test
    void aReactiveApplicationAsksWithoutBlocking() {
        try (RawServer server = answering(200)) {
            new ReactiveWebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class,
                        OutboundHealthContributorAutoConfiguration.class))
                .withPropertyValues("outbound.clients.shop.base-url=" + server.url(),
                        "outbound.clients.shop.health.probe.path=/health")
                .run((context) -> {
                    assertThat(context.getBean("outboundHealthContributor"))
                        .isInstanceOf(CompositeReactiveHealthContributor.class);
                    Clients clients = context.getBean(Clients.class);
                    assertThat(new ClientHealth(clients, "shop", System::nanoTime).reactiveHealth()
                        .map(Health::getStatus)
                        .block(PATIENCE)).isEqualTo(Status.UP);
                    assertThat(clients.session("shop").pools()).singleElement()
                        .satisfies((pool) -> assertThat(pool.engine()).isEqualTo("reactor"));
                });
        }
    }

    @ParameterizedTest
    @CsvSource({ "200, true", "299, true", "304, true", "503, true", "301, false", "404, false", "500, false" })
    void statusesAreCodesAndGroups(int status, boolean well) {
        ProbeProperties how = new ProbeProperties();
        how.setStatuses(List.of("2xx", "304", "503"));
        assertThat(how.accepts(status)).isEqualTo(well);
    }

}
