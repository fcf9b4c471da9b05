package dev.outbound.boot;

import java.time.Duration;
import java.util.List;

/**
 * A probe can be sent, and its answer be understood.
 */
final class HealthRules {

    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);

    private HealthRules() {
    }

    static void check(BoundClient client) {
        ProbeProperties probe = client.properties().getHealth().getProbe();
        if (probe != null) {
            checkPath(client, probe.getPath());
            checkStatuses(client, probe.getStatuses());
            checkTimes(client, probe);
        }
    }

    private static void checkPath(BoundClient client, String path) {
        if (path.isBlank()) {
            client.fail("health.probe.path", "A probe needs the path that it asks for.",
                    "Set health.probe.path, for example /health.");
        }
        else if (!path.startsWith("/") || path.startsWith("//")) {
            client.fail("health.probe.path", "The path of a probe is appended to the base URL.",
                    "Write a path that begins with one slash.");
        }
        else if (List.of(path.split("[/?]")).contains("..")) {
            client.fail("health.probe.path", "\"..\" leaves the path of the base URL.",
                    "Write the path without it, for example /health.");
        }
        else if (path.contains("{")) {
            client.fail("health.probe.path", "The path of a probe has no variables.", "Write the path as it is sent.");
        }
        if (client.properties().getBaseUrl() == null) {
            client.fail("health.probe.path", "A probe needs a base URL to append its path to.",
                    "Set base-url, or health.probe: none.");
        }
    }

    private static void checkStatuses(BoundClient client, List<String> statuses) {
        if (statuses.isEmpty()) {
            client.fail("health.probe.statuses", "With no expected status an upstream is never healthy.",
                    "Use 2xx, or remove the property.");
        }
        for (String status : statuses) {
            if (!isGroup(status) && !status.matches("[1-5]\\d\\d")) {
                client.fail("health.probe.statuses", ValueParser.quoted(status) + " is not a status.",
                        "Use codes from 100 to 599, or groups such as 2xx.");
                return;
            }
        }
    }

    static boolean isGroup(String status) {
        return status.matches("[1-5]xx");
    }

    private static void checkTimes(BoundClient client, ProbeProperties probe) {
        Duration interval = probe.getInterval();
        if (interval.compareTo(LEAST_INTERVAL) < 0) {
            client.fail("health.probe.interval",
                    "A probe every " + client.text("health.probe.interval", "") + " would be load for the upstream.",
                    "Use 1s or more (30s is the default).");
        }
        else if (probe.getTimeout().isZero()) {
            client.fail("health.probe.timeout", "A probe without time cannot be answered.",
                    "Use a positive duration (2s is the default).");
        }
        else if (probe.getTimeout().compareTo(interval) > 0) {
            boolean own = client.isSet("health.probe.timeout");
            client.fail(own ? "health.probe.timeout" : "health.probe.interval",
                    "health.probe.timeout (" + DurationText.shown(probe.getTimeout())
                            + ") is longer than health.probe.interval (" + DurationText.shown(interval) + ").",
                    "Lower the timeout or raise the interval.");
        }
    }

}
