package dev.outbound.boot.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import dev.outbound.boot.AuthProperties;
import dev.outbound.boot.ClientSetting;
import dev.outbound.boot.Clients;
import dev.outbound.client.ClientSettings;
import dev.outbound.client.Session;
import dev.outbound.client.guard.Bulkhead;
import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.guard.CircuitBreaker;
import dev.outbound.client.guard.FailedCall;
import dev.outbound.client.guard.Guard;
import dev.outbound.client.guard.RateLimiter;
import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.retry.Hedges;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TimeStatistics;

/**
 * {@linkplain Endpoint} {@code outbound}: the settings of the clients as they are
 * applied, each with the place where it is written, and what became of their calls.
 * Secrets are masked whatever the exposure; beans of type {@link SanitizingFunction} may
 * mask more. Nothing can be done to a client unless
 * {@code management.endpoint.outbound.access} is {@code unrestricted}.
 *
 * @since 0.1
 */
@Endpoint(id = "outbound", defaultAccess = Access.READ_ONLY)
public final class OutboundEndpoint {

    private final Clients clients;

    private final Sanitizer sanitizer;

    private final Show showValues;

    OutboundEndpoint(Clients clients, List<SanitizingFunction> sanitizing, Show showValues) {
        this.clients = clients;
        this.showValues = showValues;
        this.sanitizer = new Sanitizer(sanitizing);
    }

    /**
     * Return all clients.
     * @return the clients by name
     */
    @ReadOperation
    public ClientsDescriptor clients() {
        return describe(this.showValues.isShown(true));
    }

    /**
     * Return one client.
     * @param name the name
     * @return the client, or {@code null} if there is none of the name
     */
    @ReadOperation
    public @Nullable ClientDescriptor client(@Selector String name) {
        return knows(name) ? describe(name, this.showValues.isShown(true)) : null;
    }

    /**
     * Do something to a client.
     * @param name the name
     * @param action what to do
     * @throws InvalidEndpointRequestException if no client has the name
     */
    @WriteOperation
    public void act(@Selector String name, OutboundEndpointAction action) {
        if (!knows(name)) {
            throw new InvalidEndpointRequestException("No HTTP client named '" + name + "'", "No such client");
        }
        Session session = this.clients.session(name);
        switch (action) {
            case EVICT_IDLE -> session.evictIdle();
            case OPEN_CIRCUIT -> circuitBreaker(name, session).open();
            case CLOSE_CIRCUIT -> circuitBreaker(name, session).close();
        }
    }

    private static CircuitBreaker circuitBreaker(String name, Session session) {
        CircuitBreaker breaker = session.guard().circuitBreaker();
        if (breaker == null) {
            throw new InvalidEndpointRequestException("HTTP client '" + name + "' has no circuit breaker",
                    "No circuit breaker");
        }
        return breaker;
    }

    boolean knows(String name) {
        return this.clients.names().contains(name);
    }

    ClientsDescriptor describe(boolean shown) {
        Map<String, ClientDescriptor> clients = new LinkedHashMap<>();
        this.clients.names().forEach((name) -> clients.put(name, describe(name, shown)));
        return new ClientsDescriptor(clients);
    }

    ClientDescriptor describe(String name, boolean shown) {
        Session session;
        try {
            session = this.clients.session(name);
        }
        catch (RuntimeException ex) {
            // What is configured is needed most where it makes no client
            return ClientDescriptor.unusable(ex, settings(name, shown));
        }
        ClientSettings settings = session.settings();
        AuthProperties auth = this.clients.properties(name).getAuth();
        String scheme = (auth != null && auth.getType() != null)
                ? auth.getType().name().toLowerCase(Locale.ROOT).replace('_', '-') : null;
        String property = "outbound.clients." + name;
        return new ClientDescriptor(null,
                (settings.baseUrl() != null) ? shown(property + ".base-url", "", settings.baseUrl().redacted(), shown)
                        : null,
                headers(name, settings, shown), query(name, settings.query(), shown), timeouts(settings.timeouts()),
                (settings.retry() != null) ? settings.retry().toString() : null,
                (scheme != null) ? scheme : (settings.auth() != null) ? "custom" : "none",
                settings.redirects().mode().name().toLowerCase(Locale.ROOT).replace('_', '-'), engines(settings),
                settings(name, shown), calls(session), budget(session), guard(session.guard()),
                hedging(session.hedges()), session.pools().stream().map(OutboundEndpoint::connections).toList());
    }

    private static GuardDescriptor guard(Guard guard) {
        CircuitBreaker breaker = guard.circuitBreaker();
        RateLimiter limiter = guard.rateLimiter();
        Bulkhead bulkhead = guard.bulkhead();
        return new GuardDescriptor(
                (breaker != null)
                        ? new CircuitBreakerDescriptor(breaker.state().toString(), percent(breaker.failureRate()),
                                percent(breaker.slowCallRate()), breaker.calls(), breaker.rejected())
                        : null,
                (limiter != null)
                        ? new RateLimiterDescriptor(limiter.waits(), limiter.waited().toMillis(), limiter.rejected())
                        : null,
                (bulkhead != null) ? new BulkheadDescriptor(bulkhead.running(), bulkhead.waiting(), bulkhead.rejected())
                        : null);
    }

    private static @Nullable HedgingDescriptor hedging(@Nullable Hedges hedges) {
        if (hedges == null) {
            return null;
        }
        Duration delay = hedges.delay();
        return new HedgingDescriptor((delay != null) ? delay.toMillis() : null, hedges.sent(), hedges.won(),
                hedges.suppressed());
    }

    private static @Nullable Float percent(float rate) {
        return (rate >= 0) ? rate : null;
    }

    private static EnginesDescriptor engines(ClientSettings settings) {
        return new EnginesDescriptor(settings.transport().blockingEngine().toString(),
                settings.transport().reactiveEngine().toString());
    }

    private Map<String, SettingDescriptor> settings(String client, boolean shown) {
        Map<String, SettingDescriptor> settings = new LinkedHashMap<>();
        for (ClientSetting setting : this.clients.settings(client)) {
            Object value = this.sanitizer.sanitize(
                    new SanitizableData(null, "outbound.clients." + client + "." + setting.property(), setting.value()),
                    shown);
            settings.put(setting.property(), new SettingDescriptor(text(value), text(setting.origin())));
        }
        return settings;
    }

    private static @Nullable Double budget(Session session) {
        boolean used = session.settings().retry() != null || session.settings().hedging() != null;
        return used ? session.retryBalance() : null;
    }

    private Map<String, List<String>> headers(String client, ClientSettings settings, boolean shown) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        List<String> credentials = this.clients.properties(client).getRedirects().getCredentialHeaders();
        settings.headers().forEach((name, value) -> {
            boolean secret = credentials.stream().anyMatch(name::equalsIgnoreCase);
            headers.computeIfAbsent(name, (key) -> new ArrayList<>())
                .add(secret ? Secrets.MASK
                        : shown("outbound.clients." + client + ".headers." + name, name, value, shown));
        });
        return headers;
    }

    private Map<String, List<String>> query(String client, QueryParams query, boolean shown) {
        Set<String> secrets = this.clients.settings(client)
            .stream()
            .filter((setting) -> Secrets.MASK.equals(setting.value()))
            .map(ClientSetting::property)
            .collect(Collectors.toSet());
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        query.forEach((name, value) -> parameters.computeIfAbsent(name, (key) -> new ArrayList<>())
            .add(secrets.contains("query." + name) ? Secrets.MASK
                    : shown("outbound.clients." + client + ".query." + name, name, value, shown)));
        return parameters;
    }

    private String shown(String property, String name, String value, boolean shown) {
        return Secrets.isSecretHeader(name) ? Secrets.MASK
                : String.valueOf(this.sanitizer.sanitize(new SanitizableData(null, property, value), shown));
    }

    private static Map<String, @Nullable String> timeouts(Timeouts timeouts) {
        Map<String, @Nullable String> limits = new LinkedHashMap<>();
        limits.put("connect", text(timeouts.connect()));
        limits.put("tls", text(timeouts.tls()));
        limits.put("read", text(timeouts.read()));
        limits.put("write", text(timeouts.write()));
        limits.put("pool", text(timeouts.pool()));
        limits.put("total", text(timeouts.total()));
        limits.put("stream-total", text(timeouts.streamTotal()));
        return limits;
    }

    private static @Nullable String text(@Nullable Object value) {
        return (value != null) ? value.toString() : null;
    }

    private static CallsDescriptor calls(Session session) {
        CallStatistics statistics = session.statistics();
        return new CallsDescriptor(statistics.calls(), statistics.attempts(), statistics.retries(),
                statistics.recentCalls(), statistics.recentFailures(), statistics.lastFailure(), statistics.failures());
    }

    private static ConnectionsDescriptor connections(PoolStatistics pool) {
        return new ConnectionsDescriptor(pool.engine(), pool.active(), pool.idle(), pool.pending(), pool.max(),
                times(pool.acquires()), times(pool.connects()));
    }

    private static TimesDescriptor times(TimeStatistics times) {
        return new TimesDescriptor(times.count(), times.total().toMillis(), times.longest().toMillis());
    }

    /**
     * The clients of the application.
     *
     * @param clients the clients by name
     */
    public record ClientsDescriptor(Map<String, ClientDescriptor> clients) {

    }

    /**
     * A client.
     *
     * @param error why it cannot be made, or {@code null} as a rule; only its settings
     * are known then
     * @param baseUrl its base URL without user information, or {@code null}
     * @param headers the headers of each request, secrets masked
     * @param query the parameters of each request, secrets masked
     * @param timeouts the time limits as ISO 8601 durations, {@code null} for none
     * @param retry the retry policy, or {@code null} for none
     * @param authentication the scheme
     * @param redirects which redirects are followed
     * @param engines what sends its calls
     * @param settings its properties with the places where they are written
     * @param calls what became of its calls
     * @param retryBudget how many retries and hedges could be made now, or {@code null}
     * where there are none of them or nothing limits them
     * @param guard its circuit breaker, rate limiter and bulkhead
     * @param hedging its second sends, or {@code null} where there are none
     * @param connections the connections of each engine that was used
     */
    public record ClientDescriptor(@Nullable String error, @Nullable String baseUrl, Map<String, List<String>> headers,
            Map<String, List<String>> query, Map<String, @Nullable String> timeouts, @Nullable String retry,
            @Nullable String authentication, @Nullable String redirects, @Nullable EnginesDescriptor engines,
            Map<String, SettingDescriptor> settings, @Nullable CallsDescriptor calls, @Nullable Double retryBudget,
            @Nullable GuardDescriptor guard, @Nullable HedgingDescriptor hedging,
            List<ConnectionsDescriptor> connections) {

        private static ClientDescriptor unusable(RuntimeException failure, Map<String, SettingDescriptor> settings) {
            return new ClientDescriptor(failure.getClass().getName() + ": " + failure.getMessage(), null, Map.of(),
                    Map.of(), Map.of(), null, null, null, null, settings, null, null, null, null, List.of());
        }

    }

    /**
     * The engines of a client.
     *
     * @param blocking the one of blocking calls
     * @param reactive the one of reactive calls
     */
    public record EnginesDescriptor(String blocking, String reactive) {

    }

    /**
     * A property of a client.
     *
     * @param value the value, or {@code null} for "none"
     * @param origin where it is written, or {@code null} for what holds by itself
     */
    public record SettingDescriptor(@Nullable String value, @Nullable String origin) {

    }

    /**
     * The calls of a client since the start.
     *
     * @param calls the number of calls that have ended
     * @param attempts the number of requests that were sent
     * @param retries the number of retries among them
     * @param recentCalls how many calls the health looks at
     * @param recentFailures how many of them failed
     * @param lastFailure the last failure, or {@code null}
     * @param failures the last calls that failed, the newest first
     */
    public record CallsDescriptor(long calls, long attempts, long retries, int recentCalls, int recentFailures,
            @Nullable String lastFailure, List<FailedCall> failures) {

    }

    /**
     * What protects the upstream.
     *
     * @param circuitBreaker the circuit breaker, or {@code null} for none
     * @param rateLimiter the limit of requests in some time, or {@code null} for none
     * @param bulkhead the limit of requests at a time, or {@code null} for none
     */
    public record GuardDescriptor(@Nullable CircuitBreakerDescriptor circuitBreaker,
            @Nullable RateLimiterDescriptor rateLimiter, @Nullable BulkheadDescriptor bulkhead) {

    }

    /**
     * A circuit breaker.
     *
     * @param state "closed", "open", "half-open", or "forced-open" when it was opened by
     * hand
     * @param failureRate the part of the requests looked at that failed, in percent;
     * {@code null} while there are too few
     * @param slowCallRate the part of them that were slow; {@code null} while there are
     * too few
     * @param calls how many requests are looked at
     * @param rejected how many were not let through
     */
    public record CircuitBreakerDescriptor(String state, @Nullable Float failureRate, @Nullable Float slowCallRate,
            int calls, long rejected) {

    }

    /**
     * A limit of the requests in some time.
     *
     * @param waits how many requests had to wait
     * @param waitedMillis how long they waited together
     * @param rejected how many were not let through
     */
    public record RateLimiterDescriptor(long waits, long waitedMillis, long rejected) {

    }

    /**
     * A limit of the requests at a time.
     *
     * @param running how many are on their way
     * @param waiting how many wait for the end of another one
     * @param rejected how many were not let through
     */
    public record BulkheadDescriptor(int running, int waiting, long rejected) {

    }

    /**
     * Second sends of requests whose answers were late.
     *
     * @param delayMillis after what time one is due now; {@code null} while too few
     * answers were measured
     * @param sent how many were sent
     * @param won how many of them gave the answer
     * @param suppressed how many the retry budget did not allow
     */
    public record HedgingDescriptor(@Nullable Long delayMillis, long sent, long won, long suppressed) {

    }

    /**
     * The connections of an engine.
     *
     * @param engine the name of the engine
     * @param active how many are in use
     * @param idle how many wait for a request
     * @param pending how many calls wait for one
     * @param max how many there may be
     * @param acquires the waits of calls for one, or for room for a new one
     * @param connects how long it took to open them
     */
    public record ConnectionsDescriptor(String engine, int active, int idle, int pending, int max,
            TimesDescriptor acquires, TimesDescriptor connects) {

    }

    /**
     * How often something was done since the last change of the settings, and how long it
     * took.
     *
     * @param count how often
     * @param totalMillis how long altogether
     * @param longestMillis how long at the most
     */
    public record TimesDescriptor(long count, long totalMillis, long longestMillis) {

    }

}
