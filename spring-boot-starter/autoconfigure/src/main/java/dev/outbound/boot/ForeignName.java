package dev.outbound.boot;

import java.util.Locale;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Names that other HTTP clients have for what is called otherwise here.
 *
 * @param reason why there is no such property
 * @param advice gives the way out for a value
 */
record ForeignName(String reason, UnaryOperator<String> advice) {

    private static final String LIMITS = "This starter has separate limits: connect, tls, read, write, pool, total.";

    private static final String RETRIES = "This starter counts retries, not the first call, "
            + "as Spring's own retry settings do.";

    static @Nullable ForeignName of(String path) {
        return switch (PropertyPath.uniform(path)) {
            case "timeout", "timeouts", "requesttimeout", "responsetimeout" -> new ForeignName(LIMITS,
                    (value) -> "For one limit around the whole call write `timeouts.total: " + value + "`.");
            case "connecttimeout", "readtimeout", "writetimeout" ->
                new ForeignName(LIMITS, (value) -> "Write `timeouts."
                        + path.toLowerCase(Locale.ROOT).replaceAll("[-_]?timeout$", "") + ": " + value + "`.");
            case "retries", "maxretries", "retrycount" -> new ForeignName(RETRIES, (value) -> retries(value, 0));
            case "maxattempts", "attempts", "retrymaxattempts", "retryattempts" ->
                new ForeignName(RETRIES, (value) -> retries(value, 1));
            case "url", "uri", "baseuri", "rooturi", "host" ->
                new ForeignName("The URL of a client is its base-url.", (value) -> "Write `base-url: https://...`.");
            default -> null;
        };
    }

    private static String retries(String value, int first) {
        return value.matches("[1-9]")
                ? "Write `retry.max-retries: " + (Integer.parseInt(value) - first) + "` for "
                        + (Integer.parseInt(value) + 1 - first) + " attempts."
                : "Write `retry.max-retries: 2` for 3 attempts.";
    }

    String action(String value) {
        return this.advice.apply(ShownValue.escape(value));
    }

}
