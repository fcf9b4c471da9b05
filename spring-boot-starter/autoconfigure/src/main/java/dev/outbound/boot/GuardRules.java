package dev.outbound.boot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Circuit breaker, rate limiter and bulkhead have what they need, and numbers that can
 * take effect.
 */
final class GuardRules {

    private static final String GROUP = "io.github.resilience4j";

    private GuardRules() {
    }

    /**
     * Check that the libraries are there: by the class loader of the application context,
     * which is not that of this class in every application.
     * @param classLoader where they are looked for
     */
    static void checkLibraries(ConfiguredClients clients, @Nullable ClassLoader classLoader, Problems problems) {
        clients.bound().forEach((client) -> {
            if (client.properties().getCircuitBreaker() != null) {
                checkLibrary(client, "circuit-breaker", "A circuit breaker", "circuitbreaker.CircuitBreaker",
                        "resilience4j-circuitbreaker", classLoader, problems);
            }
            if (client.properties().getRateLimiter() != null) {
                checkLibrary(client, "rate-limiter", "A rate limiter", "ratelimiter.RateLimiter",
                        "resilience4j-ratelimiter", classLoader, problems);
                checkClock(client, classLoader, problems);
            }
        });
    }

    private static void checkLibrary(BoundClient client, String block, String what, String type, String module,
            @Nullable ClassLoader classLoader, Problems problems) {
        if (!ClassUtils.isPresent(GROUP + "." + type, classLoader)) {
            fail(client, block, what + " needs Resilience4j, which is not on the class path.",
                    "Add `" + GROUP + ":" + module + "`, version 2.4 or newer, or remove the block.", problems);
        }
    }

    /** Versions before 2.4 take none, and would go by another one than the call. */
    private static void checkClock(BoundClient client, @Nullable ClassLoader classLoader, Problems problems) {
        String limiter = GROUP + ".ratelimiter.internal.AtomicRateLimiter";
        String config = GROUP + ".ratelimiter.RateLimiterConfig";
        if (ClassUtils.isPresent(limiter, classLoader)
                && !ClassUtils.hasConstructor(ClassUtils.resolveClassName(limiter, classLoader), String.class,
                        ClassUtils.resolveClassName(config, classLoader), Supplier.class)) {
            fail(client, "rate-limiter", "A rate limiter needs Resilience4j 2.4 or newer, but an earlier one is there.",
                    "Update `" + GROUP + ":resilience4j-ratelimiter`, or remove the block.", problems);
        }
    }

    private static void fail(BoundClient client, String block, String reason, String action, Problems problems) {
        String key = client.firstIn(block);
        ConfiguredValue value = (key != null) ? client.value(key) : null;
        if (value != null) {
            problems.fail(value, reason, action);
        }
        else {
            problems.fail(client.path(block), client.own().origin(), reason, action);
        }
    }

    static void check(BoundClient client) {
        CircuitBreakerProperties breaker = client.properties().getCircuitBreaker();
        if (breaker != null) {
            checkRates(client, breaker);
            checkWindow(client, breaker);
            checkStatuses(client, breaker.getStatuses());
        }
        RateLimiterProperties limiter = client.properties().getRateLimiter();
        if (limiter != null) {
            checkRequired(client, "rate-limiter.permits", limiter.getPermits(),
                    "A rate limit needs the number of requests in a period.", "Set `rate-limiter.permits`, for example"
                            + " 50 for 50 requests each second, or remove the block.");
            checkMillisecond(client, "rate-limiter.period", limiter.getPeriod());
            checkWait(client, "rate-limiter.max-wait", limiter.getMaxWait());
        }
        BulkheadProperties bulkhead = client.properties().getBulkhead();
        if (bulkhead != null) {
            checkRequired(client, "bulkhead.max-calls", bulkhead.getMaxCalls(),
                    "A bulkhead needs the number of requests at a time.",
                    "Set `bulkhead.max-calls`, for example 25, or remove the block.");
            checkWait(client, "bulkhead.max-wait", bulkhead.getMaxWait());
        }
    }

    private static void checkRates(BoundClient client, CircuitBreakerProperties breaker) {
        checkPercent(client, "circuit-breaker.failure-rate", breaker.getFailureRate());
        checkPercent(client, "circuit-breaker.slow-call-rate", breaker.getSlowCallRate());
        Duration slowCall = breaker.getSlowCall();
        if (slowCall != null) {
            checkMillisecond(client, "circuit-breaker.slow-call", slowCall);
        }
        else if (client.isSet("circuit-breaker.slow-call-rate")) {
            client.fail("circuit-breaker.slow-call-rate",
                    "circuit-breaker.slow-call-rate has no effect while no request is slow.",
                    "Set `circuit-breaker.slow-call`, for example to 2s, or remove slow-call-rate.");
        }
        checkMillisecond(client, "circuit-breaker.open-time", breaker.getOpenTime());
        checkAtLeastOne(client, "circuit-breaker.trial-calls", breaker.getTrialCalls());
    }

    private static void checkPercent(BoundClient client, String key, int percent) {
        if (percent < 1 || percent > 100) {
            client.fail(key, key + " is a percentage: " + percent + " is outside 1-100.", "Use 50 for one half.");
        }
    }

    private static void checkWindow(BoundClient client, CircuitBreakerProperties breaker) {
        checkAtLeastOne(client, "circuit-breaker.window", breaker.getWindow());
        checkAtLeastOne(client, "circuit-breaker.minimum-calls", breaker.getMinimumCalls());
        Duration time = breaker.getWindowTime();
        if (time == null) {
            if (client.isSet("circuit-breaker.minimum-calls") && breaker.getMinimumCalls() > breaker.getWindow()) {
                client.fail("circuit-breaker.minimum-calls",
                        "circuit-breaker.minimum-calls (" + breaker.getMinimumCalls() + ") is more than"
                                + " circuit-breaker.window (" + breaker.getWindow() + "), so it can never be reached.",
                        "Lower minimum-calls or raise window.");
            }
            return;
        }
        if (time.toSeconds() < 1 || time.toNanosPart() != 0 || time.toSeconds() > 3600) {
            client.fail("circuit-breaker.window-time",
                    "circuit-breaker.window-time must be a number of whole seconds" + " up to an hour.",
                    "Use a duration such as 60s.");
        }
        if (TimeoutRules.isMeant(client, "circuit-breaker.window", "circuit-breaker.window-time")) {
            client.fail("circuit-breaker.window", "circuit-breaker.window has no effect beside window-time.",
                    "Remove one of the two.");
        }
    }

    private static void checkStatuses(BoundClient client, List<String> statuses) {
        List<String> wrong = new ArrayList<>();
        for (String status : statuses) {
            try {
                if (status.matches("2\\d\\d")) {
                    wrong.add(status + " is a success status and cannot be a failure.");
                }
                else {
                    RetryRules.statuses(List.of(status));
                }
            }
            catch (InvalidValueException ex) {
                wrong.add(ex.reason());
            }
        }
        if (!wrong.isEmpty()) {
            client.fail("circuit-breaker.statuses", String.join(" ", wrong),
                    "Use codes from 400 to 599 or the groups \"5xx\", \"gateway\" (502, 503, 504).");
        }
        else if (statuses.isEmpty()) {
            client.fail("circuit-breaker.statuses", "No status would count as a failure.",
                    "Name one, or remove the key for all of 500-599.");
        }
    }

    private static void checkRequired(BoundClient client, String key, @Nullable Integer value, String reason,
            String action) {
        if (value == null) {
            // A value that could not be read was told already; "none" was not.
            if (client.isSet(key) || !client.isWritten(key)) {
                client.fail(key, reason, action);
            }
        }
        else {
            checkAtLeastOne(client, key, value);
        }
    }

    private static void checkAtLeastOne(BoundClient client, String key, int value) {
        if (value < 1) {
            client.fail(key, key + " must be at least 1.", "Use a positive number.");
        }
    }

    private static void checkMillisecond(BoundClient client, String key, Duration value) {
        if (value.toMillis() < 1) {
            client.fail(key, key + " must be at least 1ms.", "Use a duration such as 1s.");
        }
    }

    private static void checkWait(BoundClient client, String key, Duration value) {
        Duration total = client.properties().getTimeouts().getTotal();
        if (total != null && value.compareTo(total) > 0 && TimeoutRules.isMeant(client, key, "timeouts.total")) {
            client.fail(key,
                    key + " (" + client.text(key, DurationText.shown(value)) + ") is longer than timeouts.total ("
                            + client.text("timeouts.total", DurationText.shown(total))
                            + "), so it can never take effect.",
                    "Lower max-wait or raise total.");
        }
    }

}
