package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Url;

/**
 * Every limit can take effect.
 */
final class TimeoutRules {

    /** Shorter than one way through a country. */
    private static final Duration SHORT = Duration.ofMillis(10);

    private TimeoutRules() {
    }

    static void check(BoundClient client) {
        TimeoutProperties timeouts = client.properties().getTimeouts();
        checkTotal(client, "connect", timeouts.getConnect());
        checkTotal(client, "tls", timeouts.getTls());
        checkTotal(client, "write", timeouts.getWrite());
        checkTotal(client, "pool", timeouts.getPool());
        checkPool(client);
        checkConnect(client, timeouts.getConnect());
        checkNoTotal(client);
    }

    private static void checkConnect(BoundClient client, @Nullable Duration connect) {
        Url url = client.properties().getBaseUrl();
        if (connect != null && connect.compareTo(SHORT) < 0 && (url == null || !BaseUrlRules.isLoopback(url))) {
            client.warn("timeouts.connect", "A connect timeout of " + client.text("timeouts.connect", "")
                    + " fails for almost every remote host.", "Check the unit.");
        }
    }

    /** Without a total, nothing bounds the attempts and the waits between them. */
    private static void checkNoTotal(BoundClient client) {
        RetryProperties retry = client.properties().getRetry();
        if (retry != null && retry.getMaxRetries() > 0 && client.properties().getTimeouts().getTotal() == null
                && retry.getTimeout() == null) {
            client.warn("timeouts.total",
                    "Without a total one call may take up to " + (retry.getMaxRetries() + 1)
                            + " attempts, each with its own limits, plus waiting.",
                    "Set timeouts.total, or retry.timeout for when the last retry may begin.");
        }
        checkRetryAfter(client, retry);
    }

    private static void checkRetryAfter(BoundClient client, @Nullable RetryProperties retry) {
        Duration total = client.properties().getTimeouts().getTotal();
        if (retry != null && total != null && retry.getMaxRetryAfter().compareTo(total) > 0
                && isMeant(client, "retry.max-retry-after", "timeouts.total")) {
            client.warn("retry.max-retry-after",
                    "Retry-After up to " + client.text("retry.max-retry-after", "")
                            + " can never be waited for; the total is "
                            + client.text("timeouts.total", DurationText.shown(total)) + ".",
                    "Lower it or raise the total.");
        }
    }

    /**
     * A read limit may be longer than the total, as it guards a streamed body after it.
     */
    private static void checkTotal(BoundClient client, String name, @Nullable Duration limit) {
        Duration total = client.properties().getTimeouts().getTotal();
        String key = "timeouts." + name;
        if (limit != null && total != null && limit.compareTo(total) > 0 && isMeant(client, key, "timeouts.total")) {
            client.fail(key,
                    key + " (" + client.text(key, DurationText.shown(limit)) + ") is longer than timeouts.total ("
                            + client.text("timeouts.total", DurationText.shown(total))
                            + "), so it can never take effect.",
                    "Lower " + name + " or raise total.");
        }
    }

    private static void checkPool(BoundClient client) {
        Duration idle = client.properties().getPool().getIdle();
        Duration lifetime = client.properties().getPool().getLifetime();
        if (idle != null && lifetime != null && idle.compareTo(lifetime) > 0
                && isMeant(client, "pool.idle", "pool.lifetime")) {
            client.fail("pool.idle",
                    "pool.idle (" + client.text("pool.idle", DurationText.shown(idle))
                            + ") is longer than pool.lifetime ("
                            + client.text("pool.lifetime", DurationText.shown(lifetime)) + ").",
                    "Make idle shorter than lifetime.");
        }
    }

    /**
     * Whether a value is somebody's wish beside the other one, and not a default or an
     * inherited value that the other one overrules.
     */
    static boolean isMeant(BoundClient client, String key, String other) {
        return client.isSet(key) && client.distance(key) <= client.distance(other);
    }

}
