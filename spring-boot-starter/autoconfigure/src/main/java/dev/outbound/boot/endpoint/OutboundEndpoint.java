package dev.outbound.boot.endpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

import dev.outbound.boot.AuthProperties;
import dev.outbound.boot.Clients;
import dev.outbound.client.ClientSettings;
import dev.outbound.client.Session;
import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.transport.PoolStatistics;

/**
 * {@linkplain Endpoint} {@code outbound}: the settings of the clients as they are
 * applied, and what became of their calls. Secrets are masked whatever the exposure;
 * beans of type {@link SanitizingFunction} may mask more.
 *
 * @since 0.1
 */
@Endpoint(id = "outbound")
public final class OutboundEndpoint {

    private final Clients clients;

    private final Sanitizer sanitizer;

    OutboundEndpoint(Clients clients, List<SanitizingFunction> sanitizing) {
        this.clients = clients;
        this.sanitizer = new Sanitizer(sanitizing);
    }

    /**
     * Return all clients.
     * @return the clients by name
     */
    @ReadOperation
    public ClientsDescriptor clients() {
        Map<String, ClientDescriptor> clients = new LinkedHashMap<>();
        this.clients.names().forEach((name) -> clients.put(name, describe(name)));
        return new ClientsDescriptor(clients);
    }

    /**
     * Return one client.
     * @param name the name
     * @return the client, or {@code null} if there is none of the name
     */
    @ReadOperation
    public @Nullable ClientDescriptor client(@Selector String name) {
        return this.clients.names().contains(name) ? describe(name) : null;
    }

    private ClientDescriptor describe(String name) {
        Session session = this.clients.session(name);
        ClientSettings settings = session.settings();
        AuthProperties auth = this.clients.properties(name).getAuth();
        String scheme = (auth != null && auth.getType() != null)
                ? auth.getType().name().toLowerCase(Locale.ROOT).replace('_', '-') : null;
        return new ClientDescriptor((settings.baseUrl() != null) ? settings.baseUrl().redacted() : null,
                headers(name, settings), query(name, settings.query()), timeouts(settings.timeouts()),
                (settings.retry() != null) ? settings.retry().toString() : null,
                (scheme != null) ? scheme : (settings.auth() != null) ? "custom" : "none",
                settings.redirects().mode().name().toLowerCase(Locale.ROOT).replace('_', '-'), calls(session),
                session.pools().stream().map(OutboundEndpoint::connections).toList());
    }

    private Map<String, List<String>> headers(String client, ClientSettings settings) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        settings.headers()
            .forEach((name, value) -> headers.computeIfAbsent(name, (key) -> new ArrayList<>())
                .add(shown("outbound.clients." + client + ".headers." + name, name, value)));
        return headers;
    }

    private Map<String, List<String>> query(String client, QueryParams query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        query.forEach((name, value) -> parameters.computeIfAbsent(name, (key) -> new ArrayList<>())
            .add(shown("outbound.clients." + client + ".query." + name, name, value)));
        return parameters;
    }

    private String shown(String property, String name, String value) {
        return Secrets.isSecretHeader(name) ? Secrets.MASK
                : String.valueOf(this.sanitizer.sanitize(new SanitizableData(null, property, value), true));
    }

    private static Map<String, @Nullable String> timeouts(Timeouts timeouts) {
        Map<String, @Nullable String> limits = new LinkedHashMap<>();
        limits.put("connect", text(timeouts.connect()));
        limits.put("tls", text(timeouts.tls()));
        limits.put("read", text(timeouts.read()));
        limits.put("write", text(timeouts.write()));
        limits.put("pool", text(timeouts.pool()));
        limits.put("total", text(timeouts.total()));
        return limits;
    }

    private static @Nullable String text(@Nullable Object value) {
        return (value != null) ? value.toString() : null;
    }

    private static CallsDescriptor calls(Session session) {
        CallStatistics statistics = session.statistics();
        return new CallsDescriptor(statistics.calls(), statistics.attempts(), statistics.retries(),
                statistics.recentCalls(), statistics.recentFailures(), statistics.lastFailure());
    }

    private static ConnectionsDescriptor connections(PoolStatistics pool) {
        return new ConnectionsDescriptor(pool.engine(), pool.active(), pool.idle(), pool.pending(), pool.max());
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
     * @param baseUrl its base URL without user information, or {@code null}
     * @param headers the headers of each request, secrets masked
     * @param query the parameters of each request, secrets masked
     * @param timeouts the time limits as ISO 8601 durations, {@code null} for none
     * @param retry the retry policy, or {@code null} for none
     * @param authentication the scheme
     * @param redirects which redirects are followed
     * @param calls what became of its calls
     * @param connections the connections of each engine that was used
     */
    public record ClientDescriptor(@Nullable String baseUrl, Map<String, List<String>> headers,
            Map<String, List<String>> query, Map<String, @Nullable String> timeouts, @Nullable String retry,
            String authentication, String redirects, CallsDescriptor calls, List<ConnectionsDescriptor> connections) {

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
     */
    public record CallsDescriptor(long calls, long attempts, long retries, int recentCalls, int recentFailures,
            @Nullable String lastFailure) {

    }

    /**
     * The connections of an engine.
     *
     * @param engine the name of the engine
     * @param active how many are in use
     * @param idle how many wait for a request
     * @param pending how many calls wait for one
     * @param max how many there may be
     */
    public record ConnectionsDescriptor(String engine, int active, int idle, int pending, int max) {

    }

}
