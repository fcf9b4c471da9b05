package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Every limit can take effect.
 */
final class TimeoutRules {

    private TimeoutRules() {
    }

    static void check(BoundClient client) {
        TimeoutProperties timeouts = client.properties().getTimeouts();
        checkTotal(client, "connect", timeouts.getConnect());
        checkTotal(client, "tls", timeouts.getTls());
        checkTotal(client, "write", timeouts.getWrite());
        checkTotal(client, "pool", timeouts.getPool());
        checkPool(client);
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
