package dev.outbound.boot;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.outbound.client.Session;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.retry.RetryDecision.Reason;
import dev.outbound.client.transport.PoolStatistics;

/**
 * What calls do not show themselves, as meters with the tag {@code client.name}:
 * <ul>
 * <li>{@code outbound.client.retries}: further attempts;</li>
 * <li>{@code outbound.client.retries.suppressed} by {@code reason}: attempts that would
 * have followed;</li>
 * <li>{@code outbound.client.retry.budget}: retries that are left at the moment;</li>
 * <li>{@code outbound.client.connections} by {@code state}.</li>
 * </ul>
 * They are read when they are asked for, and open nothing.
 */
final class ClientMeters implements MeterBinder {

    private final Clients clients;

    private final SuppressedRetries suppressed;

    ClientMeters(Clients clients, SuppressedRetries suppressed) {
        this.clients = clients;
        this.suppressed = suppressed;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String name : this.clients.names()) {
            Tags tags = Tags.of("client.name", name);
            FunctionCounter
                .builder("outbound.client.retries", this.clients,
                        (clients) -> clients.session(name).statistics().retries())
                .tags(tags)
                .description("Attempts after the first one of a call")
                .register(registry);
            for (Reason reason : SuppressedRetries.REASONS) {
                FunctionCounter
                    .builder("outbound.client.retries.suppressed", this.suppressed,
                            (suppressed) -> suppressed.count(name, reason))
                    .tags(tags.and("reason", SuppressedRetries.tag(reason)))
                    .description("Attempts that were not made")
                    .register(registry);
            }
            Gauge.builder("outbound.client.retry.budget", this.clients, (clients) -> budget(clients.session(name)))
                .tags(tags)
                .description("Retries that the budget allows at the moment")
                .register(registry);
            connections(registry, tags, name, "active", PoolStatistics::active);
            connections(registry, tags, name, "idle", PoolStatistics::idle);
            connections(registry, tags, name, "pending", PoolStatistics::pending);
            connections(registry, tags, name, "max", PoolStatistics::max);
        }
    }

    private static double budget(Session session) {
        RetryBudget budget = session.retryBudget();
        return (budget != null) ? budget.balance(System.nanoTime()) : Double.NaN;
    }

    private void connections(MeterRegistry registry, Tags tags, String name, String state,
            ToDoubleFunction<PoolStatistics> figure) {
        Gauge
            .builder("outbound.client.connections", this.clients,
                    (clients) -> clients.session(name).pools().stream().mapToDouble(figure).sum())
            .tags(tags.and("state", state))
            .description("Connections of the client, blocking and reactive ones together")
            .register(registry);
    }

}
