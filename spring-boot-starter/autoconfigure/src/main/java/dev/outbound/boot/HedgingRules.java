package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A second send can be due before the first one has ended.
 */
final class HedgingRules {

    private static final String DELAY = "hedging.delay";

    private static final String PERCENTILE = "hedging.percentile";

    private static final String MIN_DELAY = "hedging.min-delay";

    private HedgingRules() {
    }

    static void check(BoundClient client) {
        HedgingProperties hedging = client.properties().getHedging();
        if (hedging == null) {
            return;
        }
        double percentile = hedging.getPercentile();
        if (!(percentile > 0 && percentile < 100)) {
            client.fail(PERCENTILE,
                    PERCENTILE + " is a percentage: " + percentile + " is not more than 0 and less than 100.",
                    "Use 95 to send one request in twenty a second time.");
        }
        Duration delay = hedging.getDelay();
        if (delay == null) {
            checkInTime(client, MIN_DELAY, hedging.getMinDelay());
            return;
        }
        if (delay.toMillis() < 1) {
            client.fail(DELAY, DELAY + " must be at least 1ms.", "Use a duration such as 100ms.");
        }
        checkInTime(client, DELAY, delay);
        checkUseless(client, PERCENTILE);
        checkUseless(client, MIN_DELAY);
    }

    private static void checkUseless(BoundClient client, String key) {
        if (TimeoutRules.isMeant(client, key, DELAY)) {
            client.fail(key, key + " has no effect beside delay.",
                    "Remove one of the two; `delay: none` cancels an inherited delay.");
        }
    }

    private static void checkInTime(BoundClient client, String key, Duration delay) {
        TimeoutProperties timeouts = client.properties().getTimeouts();
        if (isOver(client, key, delay, "timeouts.total", timeouts.getTotal())) {
            client.fail(key, text(client, key, delay, "timeouts.total", timeouts.getTotal())
                    + ", so nothing would ever be sent a second time.", "Lower it or raise total.");
        }
        else if (isOver(client, key, delay, "timeouts.read", timeouts.getRead())) {
            client.warn(key, text(client, key, delay, "timeouts.read", timeouts.getRead())
                    + ": a request without an answer has failed by then.", "Lower it or raise read.");
        }
    }

    private static boolean isOver(BoundClient client, String key, Duration delay, String other,
            @Nullable Duration limit) {
        return limit != null && delay.compareTo(limit) >= 0 && TimeoutRules.isMeant(client, key, other);
    }

    private static String text(BoundClient client, String key, Duration delay, String other, @Nullable Duration limit) {
        return key + " (" + client.text(key, DurationText.shown(delay)) + ") is not shorter than " + other + " ("
                + client.text(other, (limit != null) ? DurationText.shown(limit) : "none") + ")";
    }

}
