package dev.outbound.boot;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;

import dev.outbound.client.Answer;
import dev.outbound.client.Hook;
import dev.outbound.client.Interceptor;
import dev.outbound.client.Sending;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;

/**
 * Logs the requests of a client: each one that is sent with its head and body, and the
 * body that the call is answered with. What could forge a line is escaped.
 */
final class RequestLog implements Hook, Interceptor {

    private final Log logger;

    private final LoggingLevel level;

    private final int bodyLimit;

    private final boolean redact;

    /** Those that the configuration says are credentials, beside those whose names do. */
    private final Set<String> credentialHeaders = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    RequestLog(String clientName, LoggingProperties properties, Collection<String> credentialHeaders) {
        this.credentialHeaders.addAll(credentialHeaders);
        this.logger = LogFactory.getLog("outbound.client." + clientName);
        this.level = properties.getLevel();
        this.bodyLimit = (int) Math.min(properties.getBodyLimit().toBytes(), Integer.MAX_VALUE);
        this.redact = properties.isRedact();
    }

    @Override
    public void onAttempt(Sending sending) {
        if (!this.logger.isInfoEnabled()) {
            return;
        }
        Request request = sending.request();
        StringBuilder text = new StringBuilder(request.method().name()).append(' ').append(shown(request.url()));
        ResponseHead response = sending.response();
        if (response != null) {
            text.append(" -> ").append(response.statusCode());
        }
        else if (sending.failure() != null) {
            text.append(" -> ")
                .append(sending.failure().getClass().getSimpleName())
                .append(": ")
                .append(ShownValue.escape(sending.failure().detail()));
        }
        text.append(" (")
            .append(sending.elapsed().toMillis())
            .append(" ms, ")
            .append(sending.reason().name().toLowerCase(Locale.ROOT))
            .append(')');
        if (this.level.compareTo(LoggingLevel.HEADERS) >= 0) {
            headers(text, "> ", request.fields());
            RequestBody body = request.body();
            if (this.level == LoggingLevel.BODY && body != null) {
                MediaType type = body.contentType();
                String contentType = request.fields().first("Content-Type");
                body(text, "> ", body.bytes(), (contentType != null) ? contentType : String.valueOf(type));
            }
            if (response != null) {
                headers(text, "< ", response.fields());
            }
        }
        this.logger.info(text);
    }

    @Override
    public Answer intercept(Request request, Next next) {
        return next.send(request).then((response) -> {
            if (this.logger.isInfoEnabled()) {
                this.logger.info(answered(request, response));
            }
            return Answer.of(response);
        });
    }

    private String answered(Request request, Response response) {
        StringBuilder text = new StringBuilder(request.method().name()).append(' ')
            .append(shown(request.url()))
            .append(" was answered with ")
            .append(response.statusCode());
        body(text, "< ", response.isHeadOnly() ? null : response.bytes(),
                String.valueOf(response.fields().first("Content-Type")));
        return text.toString();
    }

    private String shown(Url url) {
        return this.redact ? url.redacted() : url.text();
    }

    private void headers(StringBuilder text, String mark, FieldLines fields) {
        (this.redact ? fields.masked() : fields).forEach((name, value) -> {
            boolean masked = this.redact && this.credentialHeaders.contains(name);
            text.append("\n  ")
                .append(mark)
                .append(escape(name))
                .append(": ")
                .append(masked ? Secrets.MASK : escape(value));
        });
    }

    private void body(StringBuilder text, String mark, byte @Nullable [] bytes, String contentType) {
        text.append("\n  ").append(mark);
        if (bytes == null || bytes.length == 0) {
            text.append("(no body in memory)");
        }
        else if (!isText(contentType)) {
            text.append('(').append(bytes.length).append(" bytes of ").append(escape(contentType)).append(')');
        }
        else {
            String shown = new String(bytes, 0, Math.min(bytes.length, this.bodyLimit), StandardCharsets.UTF_8);
            text.append(escape(this.redact ? Secrets.maskFields(shown) : shown));
            if (bytes.length > this.bodyLimit) {
                text.append("… (").append(bytes.length).append(" bytes)");
            }
        }
    }

    private static boolean isText(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("text/") || type.contains("json") || type.contains("xml")
                || type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE);
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach((c) -> {
            if (c < ' ' || c == 0x7f) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
            else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

}
