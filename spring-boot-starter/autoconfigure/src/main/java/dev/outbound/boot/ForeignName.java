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
            case "followredirects" -> new ForeignName("Redirects have a block of their own.",
                    (value) -> "Write `redirects.mode: follow`, `same-origin` or `none`.");
            case "redirectscrossorigin", "redirectsallowedorigins", "redirectstrustedorigins" ->
                new ForeignName("Credentials never follow a redirect to another origin, whichever it is.",
                        (value) -> "Remove it; `redirects.mode: same-origin` refuses such redirects, "
                                + "`redirects.mode: follow` follows them without credentials.");
            case "sslinsecuretrustall", "sslinsecure", "insecure", "ssltrustall", "sslverify", "verify",
                    "sslverifyhostname", "sslvalidation", "disablesslvalidation" ->
                new ForeignName("Certificates and host names are always verified, in every profile.",
                        (value) -> "Remove it and use an SSL bundle with the server's CA: `ssl.bundle: ...`.");
            case "poolmaxperhost", "poolmaxperroute", "poolmaxtotal", "poolsize", "poolmax", "maxconnections" ->
                new ForeignName("The pool of a client has one limit, for all its hosts.",
                        (value) -> "Write `pool.max-connections: " + value + "`.");
            case "metrics", "metricstags", "tags" ->
                new ForeignName("The tags of a client's metrics are a fixed set, so that their number is limited.",
                        (value) -> "Remove it; `uri` is the template of the URL and never the path.");
            case "hostheader" -> new ForeignName("The Host header is made of the URL.",
                    (value) -> "Write the host in base-url, and where to connect to in `addresses`.");
            case "httpversion", "httpversions", "protocol" ->
                new ForeignName("HTTP/1.1 is always spoken, HTTP/2 by a key of its own.",
                        (value) -> "Write `http2: negotiated`, `prior-knowledge` or `off`.");
            case "useragent" -> new ForeignName("User-Agent is a header like others.",
                    (value) -> "Write `headers: { User-Agent: " + value + " }`.");
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
