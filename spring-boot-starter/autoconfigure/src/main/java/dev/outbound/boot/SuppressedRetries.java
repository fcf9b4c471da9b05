package dev.outbound.boot;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.outbound.client.retry.RetryDecision.Reason;
import dev.outbound.client.retry.RetryListener;
import dev.outbound.client.retry.RetryStatistics;

/**
 * Counts the retries that might have helped and were not made, by client and reason.
 */
final class SuppressedRetries {

    /** An outcome that is final, and attempts that are used up, suppress nothing. */
    static final List<Reason> REASONS = List.of(Reason.METHOD, Reason.BODY, Reason.RETRY_AFTER, Reason.DEADLINE,
            Reason.BUDGET);

    private final Map<String, Map<Reason, LongAdder>> counts = new ConcurrentHashMap<>();

    RetryListener listener(String clientName) {
        Map<Reason, LongAdder> reasons = this.counts.computeIfAbsent(clientName, (name) -> new ConcurrentHashMap<>());
        return new RetryListener() {

            @Override
            public void ended(RetryStatistics statistics) {
                Reason reason = statistics.reason();
                if (reason != null) {
                    reasons.computeIfAbsent(reason, (key) -> new LongAdder()).increment();
                }
            }

        };
    }

    long count(String clientName, Reason reason) {
        LongAdder count = this.counts.getOrDefault(clientName, Map.of()).get(reason);
        return (count != null) ? count.sum() : 0;
    }

    /** The value of a tag. */
    static String tag(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

}
