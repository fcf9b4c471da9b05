package dev.outbound.boot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.transport.SenderContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators see of calls, over every face, on sockets. */
@Timeout(120)
class ObservabilityTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Pattern TRACE = Pattern.compile("traceparent: (\\S+)-(\\d+)");

    /** A way to call. */
    enum Api {

        CLIENT {
            @Override
            void call(ApplicationContext context, String path, Observation parent) {
                parent.scoped(() -> {
                    context.getBean("shopClient", Client.class).get(path).text();
                });
            }
        },

        REACTIVE_CLIENT {
            @Override
            void call(ApplicationContext context, String path, Observation parent) {
                Mono<String> call = context.getBean("shopReactiveClient", ReactiveClient.class)
                    .get(path)
                    .map(Response::text);
                within(parent, call);
            }
        },

        REST_CLIENT {
            @Override
            void call(ApplicationContext context, String path, Observation parent) {
                parent.scoped(() -> {
                    context.getBean("shopRestClient", RestClient.class).get().uri(path).retrieve().body(String.class);
                });
            }
        },

        WEB_CLIENT {
            @Override
            void call(ApplicationContext context, String path, Observation parent) {
                within(parent,
                        context.getBean("shopWebClient", WebClient.class)
                            .get()
                            .uri(path)
                            .retrieve()
                            .bodyToMono(String.class));
            }
        };

        abstract void call(ApplicationContext context, String path, Observation parent);

        /** By the context of Reactor only: no thread has the parent. */
        private static void within(Observation parent, Mono<String> call) {
            call.contextWrite((context) -> context.put(ObservationThreadLocalAccessor.KEY, parent)).block(PATIENCE);
        }

    }

    private final ObservationRegistry observations = ObservationRegistry.create();

    private ApplicationContextRunner runner(String baseUrl) {
        return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withBean(ObservationRegistry.class, () -> this.observations)
            .withPropertyValues("outbound.clients.shop.base-url=" + baseUrl, "outbound.clients.shop.retry.delay=1ms");
    }

    /** As the handlers of tracers do. */
    private static final class Propagating implements ObservationHandler<Observation.Context> {

        private final AtomicInteger spans = new AtomicInteger();

        @Override
        public void onStart(Observation.Context context) {
            ObservationView parent = context.getParentObservation();
            String trace = (parent != null) ? parent.getContextView().get("trace") : context.getName();
            context.put("trace", (trace != null) ? trace : "none");
            if (context instanceof SenderContext<?> sender) {
                inject(sender, trace + "-" + this.spans.incrementAndGet());
            }
        }

        private static <C> void inject(SenderContext<C> sender, String value) {
            C carrier = sender.getCarrier();
            if (carrier != null) {
                sender.getSetter().set(carrier, "traceparent", value);
            }
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

    }

    @ParameterizedTest
    @CsvSource({ "CLIENT, default", "CLIENT, jdk", "REACTIVE_CLIENT, default", "REACTIVE_CLIENT, jdk",
            "REST_CLIENT, default", "REST_CLIENT, jdk", "WEB_CLIENT, default", "WEB_CLIENT, jdk" })
    void traceHeadersReachTheServerOnEveryLane(Api api, String engine) {
        this.observations.observationConfig().observationHandler(new Propagating());
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest(
                (request) -> connection.respond((requests.incrementAndGet() == 1) ? 503 : 200, "served")))) {
            ApplicationContextRunner runner = runner(server.url());
            (engine.equals("jdk") ? runner.withPropertyValues("outbound.clients.shop.engine=jdk") : runner)
                .run((context) -> {
                    Observation parent = Observation.start("job", this.observations);
                    api.call(context, "/items", parent);
                    parent.stop();
                    List<String> traces = server.requests().stream().map(ObservabilityTests::trace).toList();
                    assertThat(traces).hasSize(2).allMatch((trace) -> trace.startsWith("job-"));
                    assertThat(traces.get(0)).as("an attempt is a span of its own").isNotEqualTo(traces.get(1));
                });
        }
    }

    private static String trace(String request) {
        Matcher trace = TRACE.matcher(request);
        assertThat(trace.find()).as(request).isTrue();
        return trace.group(1) + "-" + trace.group(2);
    }

    @ParameterizedTest
    @EnumSource
    void tenThousandPathsMakeAtMostThreeSeries(Api api) {
        MeterRegistry meters = new SimpleMeterRegistry();
        this.observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        FakeEngines engines = new FakeEngines(new FakeUpstream((request) -> FakeUpstream.ok("served")));
        runner("https://shop.test").withBean(FakeEngines.class, () -> engines).run((context) -> {
            api.call(context, "/first", Observation.NOOP);
            int before = meters.find("http.client.requests").timers().size();
            for (int i = 0; i < 10_000; i++) {
                api.call(context, "/items/" + i + "?page=" + i, Observation.NOOP);
            }
            assertThat(meters.find("http.client.requests").timers()).hasSizeLessThanOrEqualTo(before + 3)
                .allMatch((timer) -> "shop".equals(timer.getId().getTag("client.name")));
            assertThat(meters.find("http.client.requests").timers().stream().mapToLong(Timer::count).sum())
                .isEqualTo(10_001);
            assertThat(meters.getMeters()).hasSizeLessThan(12);
        });
    }

    @Test
    void poolRetriesSuppressedOnesAndBudgetAreMeters() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(503, "")))) {
            runner(server.url())
                .withPropertyValues("outbound.clients.shop.retry.max-retries=1",
                        "outbound.clients.shop.pool.max-connections=7", "outbound.clients.shop.retry.budget.ratio=0",
                        "outbound.clients.shop.retry.budget.min-per-second=0")
                .run((context) -> {
                    context.getBean(ClientMeters.class).bindTo(meters);
                    assertThat(server.connections()).as("meters open nothing").isZero();
                    Client client = context.getBean("shopClient", Client.class);
                    client.get("/");
                    assertThat(meters.get("outbound.client.retry.budget").gauge().value()).isEqualTo(9);
                    for (int i = 0; i < 12; i++) {
                        client.get("/");
                    }
                    assertThat(meters.get("outbound.client.retries").functionCounter().count()).isEqualTo(10);
                    assertThat(meters.get("outbound.client.retries.suppressed")
                        .tag("reason", "budget")
                        .functionCounter()
                        .count()).isEqualTo(3);
                    assertThat(meters.get("outbound.client.retry.budget").gauge().value()).isZero();
                    assertThat(connections(meters, "idle")).isEqualTo(1);
                    assertThat(connections(meters, "active")).isZero();
                    assertThat(connections(meters, "pending")).isZero();
                    assertThat(connections(meters, "max")).isEqualTo(7);
                    context.getBean(Clients.class).refresh("shop");
                    client.get("/");
                    assertThat(connections(meters, "idle")).as("of the engine of now").isEqualTo(1);
                    assertThat(meters.get("outbound.client.retries").functionCounter().count()).as("goes on")
                        .isEqualTo(11);
                });
        }
    }

    private static double connections(MeterRegistry meters, String state) {
        return meters.get("outbound.client.connections")
            .tags("engine", "http-components", "state", state)
            .gauge()
            .value();
    }

    @ParameterizedTest
    @CsvSource({ "CLIENT, default, http-components", "CLIENT, jdk, jdk", "REACTIVE_CLIENT, default, reactor",
            "REACTIVE_CLIENT, jdk, jdk" })
    void waitsForConnectionsAndTheirOpeningAreTimersOnEveryLane(Api api, String engine, String tag) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")))) {
            ApplicationContextRunner runner = runner(server.url());
            (engine.equals("jdk") ? runner.withPropertyValues("outbound.clients.shop.engine=jdk") : runner)
                .run((context) -> {
                    context.getBean(ClientMeters.class).bindTo(meters);
                    assertThat(times(meters, "acquire", tag).count()).isZero();
                    for (int i = 0; i < 3; i++) {
                        api.call(context, "/", Observation.NOOP);
                    }
                    assertThat(times(meters, "acquire", tag).count()).isEqualTo(3);
                    assertThat(times(meters, "connect", tag).count()).isEqualTo(1);
                    assertThat(times(meters, "connect", tag).totalTime(TimeUnit.NANOSECONDS)).isPositive();
                    assertThat(server.connections()).isEqualTo(1);
                    assertThat(meters.find("outbound.client.connections.acquire").functionTimers())
                        .extracting((timer) -> timer.getId().getTag("engine"))
                        .containsExactlyInAnyOrderElementsOf(
                                engine.equals("jdk") ? List.of("jdk") : List.of("http-components", "reactor"));
                });
        }
    }

    private static FunctionTimer times(MeterRegistry meters, String what, String engine) {
        return meters.get("outbound.client.connections." + what)
            .tags("client.name", "shop", "engine", engine)
            .functionTimer();
    }

}
