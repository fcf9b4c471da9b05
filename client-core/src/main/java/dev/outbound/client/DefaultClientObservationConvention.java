package dev.outbound.client;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ResponseHead;

/**
 * The names of Spring's own convention, with closed sets of values: {@code client.name}
 * is the logical name, {@code uri} the template's path.
 */
class DefaultClientObservationConvention implements ClientObservationConvention {

    private static final KeyValue NO_CLIENT = KeyValue.of("client.name", KeyValue.NONE_VALUE);

    private static final KeyValue NO_EXCEPTION = KeyValue.of("exception", KeyValue.NONE_VALUE);

    /** A literal URL may hold anything, and must not make a series of its own. */
    private static final KeyValue UNTEMPLATED = KeyValue.of("uri", "UNTEMPLATED");

    private static final KeyValue NO_STATUS = KeyValue.of("status", "CLIENT_ERROR");

    private static final KeyValue UNKNOWN = KeyValue.of("outcome", "UNKNOWN");

    private static final KeyValue[] OUTCOMES = { UNKNOWN, KeyValue.of("outcome", "INFORMATIONAL"),
            KeyValue.of("outcome", "SUCCESS"), KeyValue.of("outcome", "REDIRECTION"),
            KeyValue.of("outcome", "CLIENT_ERROR"), KeyValue.of("outcome", "SERVER_ERROR") };

    private static final Map<HttpMethod, KeyValue> METHODS = ofMethods(
            (method) -> KeyValue.of("method", method.name()));

    private static final Map<HttpMethod, String> CONTEXTUAL_NAMES = ofMethods(
            DefaultClientObservationConvention::contextualName);

    /** By code. Those of two threads at a time are equal. */
    private static final @Nullable KeyValue[] STATUSES = new KeyValue[600];

    private final Map<String, KeyValue> templates = new ConcurrentHashMap<>();

    @Override
    public String getName() {
        return "http.client.requests";
    }

    @Override
    public String getContextualName(ClientObservationContext context) {
        HttpMethod method = context.request().method();
        String name = CONTEXTUAL_NAMES.get(method);
        return (name != null) ? name : contextualName(method);
    }

    private static String contextualName(HttpMethod method) {
        return "http " + method.name().toLowerCase(Locale.ROOT);
    }

    private static <T> Map<HttpMethod, T> ofMethods(Function<HttpMethod, T> value) {
        return Arrays.stream(HttpMethod.values()).collect(Collectors.toUnmodifiableMap(Function.identity(), value));
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ClientObservationContext context) {
        return KeyValues.of(clientName(context), exception(context), method(context.request().method()),
                outcome(context.getResponse()), status(context.getResponse()), uri(context.request().template()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ClientObservationContext context) {
        return context.redactedUrl();
    }

    private static KeyValue method(HttpMethod method) {
        KeyValue known = METHODS.get(method);
        return (known != null) ? known : KeyValue.of("method", method.name());
    }

    private static KeyValue clientName(ClientObservationContext context) {
        String name = context.clientName();
        return (name != null) ? KeyValue.of("client.name", name) : NO_CLIENT;
    }

    private static KeyValue exception(ClientObservationContext context) {
        Throwable error = context.getError();
        return (error != null) ? KeyValue.of("exception", error.getClass().getSimpleName()) : NO_EXCEPTION;
    }

    private static KeyValue outcome(@Nullable ResponseHead response) {
        int series = (response != null) ? response.statusCode() / 100 : 0;
        return (series < OUTCOMES.length) ? OUTCOMES[series] : UNKNOWN;
    }

    private static KeyValue status(@Nullable ResponseHead response) {
        if (response == null) {
            return NO_STATUS;
        }
        int code = response.statusCode();
        KeyValue known = (code >= 0 && code < STATUSES.length) ? STATUSES[code] : null;
        return (known != null) ? known : rememberStatus(code);
    }

    private static KeyValue rememberStatus(int code) {
        KeyValue value = KeyValue.of("status", Integer.toString(code));
        if (code >= 0 && code < STATUSES.length) {
            STATUSES[code] = value;
        }
        return value;
    }

    private KeyValue uri(@Nullable String template) {
        if (template == null) {
            return UNTEMPLATED;
        }
        KeyValue known = this.templates.get(template);
        return (known != null) ? known : remember(template);
    }

    /** Templates are few, unless somebody builds them from data. */
    private KeyValue remember(String template) {
        int query = template.indexOf('?');
        String path = (query >= 0) ? template.substring(0, query) : template;
        int host = path.indexOf("://");
        if (host >= 0) {
            int slash = path.indexOf('/', host + 3);
            path = (slash >= 0) ? path.substring(slash) : "/";
        }
        KeyValue value = KeyValue.of("uri", path.startsWith("/") ? path : "/" + path);
        if (this.templates.size() < 1000) {
            this.templates.put(template, value);
        }
        return value;
    }

}
