package dev.outbound.client.http;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What can be said of a call in a message, a log or a metric: no query, no user
 * information, no header.
 *
 * @param clientName the logical name of the client, or {@code null} for one without a
 * name
 * @param method the request method
 * @param uri the URI template, or the URL's scheme, host and path where the caller gave
 * no template
 * @param attempt which attempt this was, counted from 1; redirects and authentication
 * rounds do not count
 * @param elapsed the time since the call began
 * @param notRetried why a failure that a retry might have helped was final, or
 * {@code null}
 * @param transferred how much of the bodies of the attempt has passed, or {@code null}
 * where nothing was to pass, or nobody knows
 * @since 0.1
 */
public record CallContext(@Nullable String clientName, String method, String uri, int attempt, Duration elapsed,
        @Nullable String notRetried, @Nullable Transferred transferred) {

    /**
     * Create a context of a call that no retry was refused to, and of which no byte was
     * counted.
     * @param clientName the logical name of the client, or {@code null}
     * @param method the request method
     * @param uri the URI template, or the URL's scheme, host and path
     * @param attempt which attempt this was, counted from 1
     * @param elapsed the time since the call began
     */
    public CallContext(@Nullable String clientName, String method, String uri, int attempt, Duration elapsed) {
        this(clientName, method, uri, attempt, elapsed, null, null);
    }

    String describe(String detail, @Nullable Phase phase) {
        StringBuilder text = new StringBuilder(this.method).append(' ').append(this.uri);
        if (this.clientName != null) {
            text.append(" of client '").append(this.clientName).append('\'');
        }
        text.append(": ").append(detail).append(" (");
        if (phase != null) {
            text.append("phase ").append(phase).append(", ");
        }
        text.append("attempt ").append(this.attempt).append(", after ").append(seconds(this.elapsed));
        String bytes = (this.transferred != null) ? this.transferred.describe(phase) : null;
        if (bytes != null) {
            text.append(", ").append(bytes);
        }
        if (this.notRetried != null) {
            text.append("; not retried: ").append(this.notRetried);
        }
        text.append(')');
        return text.toString();
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
    }

}
