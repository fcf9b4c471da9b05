package dev.outbound.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotationAwareOrderComparator;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.guard.GuardSettings;
import dev.outbound.client.http.DefaultCharset;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.TransportSettings;

/**
 * Everything that is configured for a client, in one immutable object: the builder makes
 * it, the YAML binder makes it, and a client reads it once for each call.
 *
 * @since 0.1
 */
public final class ClientSettings {

    private final @Nullable String name;

    private final @Nullable Url baseUrl;

    private final FieldLines headers;

    private final FieldLines safeHeaders;

    private final QueryParams query;

    private final QueryParams safeQuery;

    private final Timeouts timeouts;

    private final @Nullable RetryPolicy retry;

    private final @Nullable Auth auth;

    private final GuardSettings guard;

    private final @Nullable HedgePolicy hedging;

    private final RedirectPolicy redirects;

    private final List<Interceptor> interceptors;

    private final List<Hook> hooks;

    private final boolean raisesForStatus;

    private final CookieJar cookies;

    private final DefaultCharset defaultCharset;

    private final boolean allowAbsoluteUrls;

    private final boolean allowUserInfo;

    private final boolean allowPathTraversal;

    private final TransportSettings transport;

    ClientSettings(ClientBuilder builder) {
        this.name = builder.name;
        this.baseUrl = builder.baseUrl;
        this.headers = builder.headers;
        this.safeHeaders = builder.headers.without(builder.redirects::isCredential);
        this.query = builder.query;
        this.safeQuery = withoutSecrets(builder.query);
        this.timeouts = builder.timeouts;
        this.retry = builder.retry;
        this.auth = builder.auth;
        this.guard = builder.guard;
        this.hedging = builder.hedging;
        this.redirects = builder.redirects;
        this.interceptors = inOrder(builder.interceptors);
        this.hooks = inOrder(builder.hooks);
        this.raisesForStatus = builder.raisesForStatus;
        this.cookies = (builder.cookies != null) ? builder.cookies : CookieJar.create();
        this.defaultCharset = builder.defaultCharset;
        this.allowAbsoluteUrls = builder.allowAbsoluteUrls;
        this.allowUserInfo = builder.allowUserInfo;
        this.allowPathTraversal = builder.allowPathTraversal;
        this.transport = builder.transport.withClientName((this.name != null) ? this.name : "client")
            .withTimeouts(this.timeouts);
    }

    private static <T> List<T> inOrder(List<T> ordered) {
        List<T> sorted = new ArrayList<>(ordered);
        AnnotationAwareOrderComparator.sort(sorted);
        return List.copyOf(sorted);
    }

    private static QueryParams withoutSecrets(QueryParams query) {
        QueryParams safe = query;
        for (String name : query.names()) {
            safe = Secrets.isSecretHeader(name) ? safe.remove(name) : safe;
        }
        return safe;
    }

    /**
     * Return the logical name, the one in metrics, messages and health.
     * @return the name, or {@code null} for a client without one
     */
    public @Nullable String name() {
        return this.name;
    }

    /**
     * Return the URL that every relative URL is appended to.
     * @return the base URL, or {@code null} when every call gives an absolute one
     */
    public @Nullable Url baseUrl() {
        return this.baseUrl;
    }

    /**
     * Return the headers of every request.
     * @return the field lines
     */
    public FieldLines headers() {
        return this.headers;
    }

    /** The headers that may go to any origin. */
    FieldLines safeHeaders() {
        return this.safeHeaders;
    }

    /**
     * Return the query parameters of every request.
     * @return the parameters
     */
    public QueryParams query() {
        return this.query;
    }

    /** The parameters that may go to any origin. */
    QueryParams safeQuery() {
        return this.safeQuery;
    }

    public Timeouts timeouts() {
        return this.timeouts;
    }

    /**
     * Return the retry policy.
     * @return the policy, or {@code null} when nothing is retried
     */
    public @Nullable RetryPolicy retry() {
        return this.retry;
    }

    /**
     * Return what protects the upstream from this client, and this client from it.
     * @return the settings of circuit breaker, rate limiter and bulkhead
     */
    public GuardSettings guard() {
        return this.guard;
    }

    /**
     * Return when a request is sent a second time because its answer is late.
     * @return the policy, or {@code null} where that is never
     */
    public @Nullable HedgePolicy hedging() {
        return this.hedging;
    }

    /**
     * Return the authentication of requests to the origin of the base URL.
     * @return the scheme, or {@code null} for none
     */
    public @Nullable Auth auth() {
        return this.auth;
    }

    public RedirectPolicy redirects() {
        return this.redirects;
    }

    /**
     * Return what stands around every call.
     * @return the interceptors, the outermost first
     */
    public List<Interceptor> interceptors() {
        return this.interceptors;
    }

    /**
     * Return what is told of every request that is sent.
     * @return the hooks, in the order they run in
     */
    public List<Hook> hooks() {
        return this.hooks;
    }

    /**
     * Return whether a status that is not one of success fails the call.
     * @return whether calls throw a {@link dev.outbound.client.http.StatusException} by
     * themselves
     */
    public boolean raisesForStatus() {
        return this.raisesForStatus;
    }

    /**
     * Return what is remembered of cookies.
     * @return the jar; {@link CookieJar#none()} where nothing is
     */
    public CookieJar cookies() {
        return this.cookies;
    }

    /**
     * Return how much of a response is accepted.
     * @return the limits
     */
    public Limits limits() {
        return this.transport.limits();
    }

    /**
     * Return the character set of texts that name none.
     * @return what texts are read in then
     */
    public DefaultCharset defaultCharset() {
        return this.defaultCharset;
    }

    /**
     * Return whether a call may leave the origin of the base URL.
     * @return whether absolute URLs of other origins are sent
     */
    public boolean allowAbsoluteUrls() {
        return this.allowAbsoluteUrls;
    }

    /**
     * Return whether URLs may contain user information.
     * @return whether it becomes Basic authentication instead of being refused
     */
    public boolean allowUserInfo() {
        return this.allowUserInfo;
    }

    /**
     * Return whether a call may leave the path of the base URL.
     * @return whether URLs that climb out of it are sent
     */
    public boolean allowPathTraversal() {
        return this.allowPathTraversal;
    }

    /**
     * Return what the engine has to know.
     * @return the engine's part of these settings
     */
    public TransportSettings transport() {
        return this.transport;
    }

    /**
     * Return the settings without secrets.
     */
    @Override
    public String toString() {
        return "ClientSettings[name=" + this.name + ", base-url=" + this.baseUrl + ", headers=" + shownHeaders()
                + ", query=" + this.query.names() + ", timeouts=[" + this.timeouts + "], retry=[" + this.retry
                + "], guard=[" + this.guard + "], hedging=[" + this.hedging + "], auth="
                + ((this.auth != null) ? Secrets.MASK : "none") + ", redirects=[" + this.redirects
                + "], raise-for-status=" + this.raisesForStatus + ", default-charset=" + this.defaultCharset
                + ", cookies=" + this.cookies + ", " + this.transport + "]";
    }

    /** Also without those that are credentials by what is set, and not by their names. */
    private FieldLines shownHeaders() {
        FieldLines.Builder shown = FieldLines.builder();
        this.headers
            .forEach((name, value) -> shown.add(name, this.redirects.isCredential(name) ? Secrets.MASK : value));
        return shown.build();
    }

}
