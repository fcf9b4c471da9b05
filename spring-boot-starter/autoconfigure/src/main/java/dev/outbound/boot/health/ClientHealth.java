package dev.outbound.boot.health;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import dev.outbound.boot.ClientHealthProperties;
import dev.outbound.boot.Clients;
import dev.outbound.boot.ProbeProperties;
import dev.outbound.client.Session;
import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.guard.CircuitBreaker;
import dev.outbound.client.http.Url;

/**
 * The health of an upstream. Where a probe is configured, it is the probe's answer; else
 * it is as the last calls found it: UNKNOWN before the first one, then UP, unless the
 * last three failed, or the last one and at least half of the recent ones, or the circuit
 * breaker is open.
 * <p>
 * A failing upstream is DOWN only when it is critical. Otherwise it is DEGRADED, a status
 * that Spring Boot leaves out when it aggregates, and answers with 200.
 */
final class ClientHealth {

    static final Status DEGRADED = new Status("DEGRADED", "The upstream fails; the application can do without it");

    private final Clients clients;

    private final String name;

    private final LongSupplier nanoTime;

    private final Probe probe;

    ClientHealth(Clients clients, String name, LongSupplier nanoTime) {
        this.clients = clients;
        this.name = name;
        this.nanoTime = nanoTime;
        this.probe = new Probe(() -> clients.session(name), nanoTime);
    }

    Health health() {
        ProbeProperties how = properties().getProbe();
        return describe(how, (how != null) ? this.probe.ask(how) : null);
    }

    Mono<Health> reactiveHealth() {
        return Mono.defer(() -> {
            ProbeProperties how = properties().getProbe();
            return (how == null) ? Mono.just(describe(null, null))
                    : this.probe.askReactive(how)
                        .map((answer) -> describe(how, answer))
                        .switchIfEmpty(Mono.fromSupplier(() -> describe(how, null)));
        });
    }

    private ClientHealthProperties properties() {
        return this.clients.properties(this.name).getHealth();
    }

    private Health describe(@Nullable ProbeProperties how, Probe.@Nullable Answer answer) {
        Session session;
        try {
            session = this.clients.session(this.name);
        }
        catch (RuntimeException ex) {
            // That of the other clients is none the worse for it
            return Health.status(failing()).withException(ex).build();
        }
        CallStatistics statistics = session.statistics();
        Health.Builder builder = Health.status((how != null) ? status(answer) : status(session));
        Url baseUrl = session.settings().baseUrl();
        if (baseUrl != null) {
            builder.withDetail("baseUrl", baseUrl.redacted());
        }
        if (session.isMock()) {
            builder.withDetail("transport", "mock");
        }
        if (how != null) {
            builder.withDetail("probe", details(how, answer));
        }
        CircuitBreaker breaker = session.guard().circuitBreaker();
        if (breaker != null) {
            builder.withDetail("circuitBreaker", breaker.state().toString());
        }
        builder.withDetail("calls", statistics.calls());
        builder.withDetail("recentCalls", statistics.recentCalls());
        builder.withDetail("recentFailures", statistics.recentFailures());
        String lastFailure = statistics.lastFailure();
        if (lastFailure != null) {
            builder.withDetail("lastFailure", lastFailure);
        }
        return builder.build();
    }

    private Map<String, Object> details(ProbeProperties how, Probe.@Nullable Answer answer) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("request", how.getMethod() + " " + withoutQuery(how.getPath()));
        if (answer != null) {
            details.put("outcome", answer.outcome());
            details.put("elapsedMillis", answer.elapsed().toMillis());
            details.put("ageMillis", Duration.ofNanos(this.nanoTime.getAsLong() - answer.at()).toMillis());
        }
        return details;
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return (query >= 0) ? path.substring(0, query) : path;
    }

    private Status status(Probe.@Nullable Answer answer) {
        return (answer == null) ? Status.UNKNOWN : answer.well() ? Status.UP : failing();
    }

    private Status status(Session session) {
        CircuitBreaker breaker = session.guard().circuitBreaker();
        boolean open = breaker != null && switch (breaker.state()) {
            case OPEN, FORCED_OPEN -> true;
            case CLOSED, HALF_OPEN -> false;
        };
        return open ? failing() : status(session.statistics());
    }

    private Status status(CallStatistics statistics) {
        int calls = statistics.recentCalls();
        if (calls == 0) {
            return Status.UNKNOWN;
        }
        int inARow = statistics.failuresInARow();
        boolean failing = inARow >= 3 || (inARow > 0 && 2 * statistics.recentFailures() >= calls);
        return failing ? failing() : Status.UP;
    }

    private Status failing() {
        return properties().isCritical() ? Status.DOWN : DEGRADED;
    }

}
