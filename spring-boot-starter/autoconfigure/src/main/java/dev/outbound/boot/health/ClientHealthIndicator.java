package dev.outbound.boot.health;

import java.util.function.Supplier;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import dev.outbound.client.Session;
import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.http.Url;

/**
 * The health of an upstream, as the last calls found it: UNKNOWN before the first one,
 * then UP, unless the last three failed, or the last one and at least half of the recent
 * ones.
 * <p>
 * A failing upstream is DOWN only when it is critical. Otherwise it is DEGRADED, a status
 * that Spring Boot leaves out when it aggregates, and answers with 200.
 */
final class ClientHealthIndicator extends AbstractHealthIndicator {

    static final Status DEGRADED = new Status("DEGRADED", "The upstream fails; the application can do without it");

    private final Supplier<Session> session;

    private final boolean critical;

    ClientHealthIndicator(Supplier<Session> session, boolean critical) {
        this.session = session;
        this.critical = critical;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Session session = this.session.get();
        CallStatistics statistics = session.statistics();
        builder.status(status(statistics));
        Url baseUrl = session.settings().baseUrl();
        if (baseUrl != null) {
            builder.withDetail("baseUrl", baseUrl.redacted());
        }
        builder.withDetail("calls", statistics.calls());
        builder.withDetail("recentCalls", statistics.recentCalls());
        builder.withDetail("recentFailures", statistics.recentFailures());
        String lastFailure = statistics.lastFailure();
        if (lastFailure != null) {
            builder.withDetail("lastFailure", lastFailure);
        }
    }

    private Status status(CallStatistics statistics) {
        int calls = statistics.recentCalls();
        if (calls == 0) {
            return Status.UNKNOWN;
        }
        int inARow = statistics.failuresInARow();
        boolean failing = inARow >= 3 || (inARow > 0 && 2 * statistics.recentFailures() >= calls);
        return !failing ? Status.UP : this.critical ? Status.DOWN : DEGRADED;
    }

}
