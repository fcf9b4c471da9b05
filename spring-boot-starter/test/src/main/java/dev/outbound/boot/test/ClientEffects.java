package dev.outbound.boot.test;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

import dev.outbound.boot.Clients;
import dev.outbound.client.guard.CircuitBreaker;

/**
 * What the calls of a client leave behind in the application: metrics, health and log.
 * Injected where a field of a test, or a parameter of its methods, has this type and
 * {@link MockUpstream}.
 *
 * <pre class="code">
 * &#64;Test
 * void failureIsSeen(@MockUpstream("payments") ClientEffects effects) {
 *     …
 *     assertThat(effects).isMeasured(1, "status", "503").doesNotShow("t0ken");
 * }
 * </pre>
 *
 * Metrics count from the moment of the injection on. They and health belong to the
 * application context: tests that run in parallel on the same one are seen, too. The log
 * and the circuit are those of the test.
 *
 * @since 0.1
 */
public final class ClientEffects implements AssertProvider<ClientEffectsAssert> {

    private static final String REQUESTS = "http.client.requests";

    private static final String ACTUATOR = "spring-boot-starter-actuator";

    /** Classes that an application may be without, by what brings them. */
    private static final Map<String, String> NEEDED = Map.of("io.micrometer.core.instrument.MeterRegistry", ACTUATOR,
            "org.springframework.boot.health.contributor.Health", ACTUATOR, "ch.qos.logback.classic.LoggerContext",
            "logback-classic");

    private final String client;

    private final ApplicationContext context;

    private final TestLog log;

    private final Map<Timer, Long> before;

    ClientEffects(String client, ApplicationContext context, TestLog log) {
        this.client = client;
        this.context = context;
        this.log = log;
        this.before = timers().stream().collect(Collectors.toMap((timer) -> timer, Timer::count));
    }

    /**
     * Fail if the application has no metrics, health, or log that could be looked at.
     * @throws IllegalStateException if so; it tells what to add
     */
    static void checkAvailable(@Nullable ClassLoader loader) {
        String missing = NEEDED.entrySet()
            .stream()
            .filter((needed) -> !ClassUtils.isPresent(needed.getKey(), loader))
            .map(Map.Entry::getValue)
            .distinct()
            .sorted()
            .collect(Collectors.joining(" and "));
        if (!missing.isEmpty()) {
            throw new IllegalStateException("ClientEffects looks at metrics, health and log, but " + missing
                    + " is not in the class path of the tests. Add it, or use the assertions of the routers only");
        }
    }

    private List<Timer> timers(String... tags) {
        MeterRegistry meters = this.context.getBeanProvider(MeterRegistry.class).getIfAvailable();
        if (meters == null) {
            return List.of();
        }
        return List.copyOf(meters.find(REQUESTS).tag("client.name", this.client).tags(tags).timers());
    }

    /**
     * Return how often {@code http.client.requests} has counted the client.
     * @param tags keys and values that the calls must have
     * @return the number of calls since the injection
     */
    public long measured(String... tags) {
        return timers(tags).stream().mapToLong((timer) -> timer.count() - this.before.getOrDefault(timer, 0L)).sum();
    }

    /** Return the tags of what was counted, each combination on a line. */
    List<String> measurements() {
        return timers().stream()
            .filter((timer) -> timer.count() > this.before.getOrDefault(timer, 0L))
            .map((timer) -> timer.getId()
                .getTags()
                .stream()
                .map((tag) -> tag.getKey() + "=" + tag.getValue())
                .collect(Collectors.joining(", ")))
            .toList();
    }

    /** Return the entry of the client, or {@code null} where there is none. */
    @Nullable Health health() {
        return this.context.getBeanProvider(CompositeHealthContributor.class)
            .stream()
            .map((composite) -> composite.getContributor(this.client))
            .filter(HealthIndicator.class::isInstance)
            .map((indicator) -> ((HealthIndicator) indicator).health(true))
            .findFirst()
            .orElse(null);
    }

    /**
     * Return the state of the test's own circuit, or {@code null} where there is none.
     */
    CircuitBreaker.@Nullable State circuit() {
        CircuitBreaker breaker = this.context.getBean(Clients.class)
            .session(this.client)
            .guard(Context.empty())
            .circuitBreaker();
        return (breaker != null) ? breaker.state() : null;
    }

    /**
     * Return what the test has logged so far, of all loggers.
     * @return logger and message, and the stack trace where there is one
     */
    public List<String> log() {
        return this.log.lines();
    }

    /** For {@code assertThat(effects)}. */
    @Override
    public ClientEffectsAssert assertThat() {
        return new ClientEffectsAssert(this);
    }

    @Override
    public String toString() {
        return "client '" + this.client + "'";
    }

}
