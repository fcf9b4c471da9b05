package dev.outbound.boot;

import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.Name;

import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Http2;

/**
 * Settings of a client, and of those that inherit from it.
 * <p>
 * A key that can be unset, because its getter returns {@code null}, takes the text
 * "none".
 *
 * @since 0.1
 */
public class ClientProperties {

    /**
     * Whether there is a client of this name. Not inherited from "extends".
     */
    private boolean enabled = true;

    /**
     * Name of another client whose settings are inherited, but for its credentials when
     * the origin is another. Not for defaults.
     */
    @Name("extends")
    private @Nullable String parent;

    /**
     * Whether this client is injected where none is named. Not for defaults.
     */
    private boolean primary;

    /**
     * Absolute http or https URL that the URLs of calls are appended to, or "none" if
     * every call gives an absolute URL.
     */
    private @Nullable Url baseUrl;

    /**
     * Headers of every request. The values of a list are joined by commas.
     */
    private Map<String, List<String>> headers = new LinkedHashMap<>();

    /**
     * Query parameters of every request. A list gives the parameter several times.
     */
    private Map<String, List<String>> query = new LinkedHashMap<>();

    /**
     * Time limits.
     */
    @NestedConfigurationProperty
    private final TimeoutProperties timeouts = new TimeoutProperties();

    /**
     * Retries. Without this block there are none; "none" cancels an inherited block.
     */
    @NestedConfigurationProperty
    private @Nullable RetryProperties retry;

    /**
     * Circuit breaker. Without this block there is none; "none" cancels an inherited
     * block.
     */
    @NestedConfigurationProperty
    private @Nullable CircuitBreakerProperties circuitBreaker;

    /**
     * Limit of the requests in some time. Without this block there is none; "none"
     * cancels an inherited block.
     */
    @NestedConfigurationProperty
    private @Nullable RateLimiterProperties rateLimiter;

    /**
     * Limit of the requests at a time. Without this block there is none; "none" cancels
     * an inherited block.
     */
    @NestedConfigurationProperty
    private @Nullable BulkheadProperties bulkhead;

    /**
     * Second sends of requests whose answers are late. Without this block there are none;
     * "none" cancels an inherited block.
     */
    @NestedConfigurationProperty
    private @Nullable HedgingProperties hedging;

    /**
     * Authentication. "none" sends no credentials, and inherits none.
     */
    @NestedConfigurationProperty
    private @Nullable AuthProperties auth;

    /**
     * Redirects.
     */
    @NestedConfigurationProperty
    private final RedirectProperties redirects = new RedirectProperties();

    /**
     * Limits on responses.
     */
    @NestedConfigurationProperty
    private final LimitProperties limits = new LimitProperties();

    /**
     * Connection pool.
     */
    @NestedConfigurationProperty
    private final PoolProperties pool = new PoolProperties();

    /**
     * Whether calls may give absolute URLs of another origin. They are sent without
     * credentials.
     */
    private boolean allowAbsoluteUrls;

    /**
     * Whether URLs of calls may climb out of the path of the base URL by dot segments.
     */
    private boolean allowPathTraversal;

    /**
     * Whether credentials are sent over plain HTTP to a remote host without a warning.
     */
    private boolean allowPlainHttp;

    /**
     * Log of the requests.
     */
    @NestedConfigurationProperty
    private final LoggingProperties logging = new LoggingProperties();

    /**
     * Entry in the health of the application.
     */
    @NestedConfigurationProperty
    private final ClientHealthProperties health = new ClientHealthProperties();

    /**
     * Whether a call fails with an exception for every status outside 200-299. Not for
     * RestClient and WebClient, which have rules of their own.
     */
    private boolean raiseForStatus;

    /**
     * Character set of texts whose Content-Type names none that is known.
     */
    private Charset defaultCharset = StandardCharsets.UTF_8;

    /**
     * Whether cookies of responses are remembered and sent back.
     */
    private boolean cookies;

    /**
     * Whether HTTP/2 is spoken, which not every engine can.
     */
    private Http2 http2 = Http2.OFF;

    /**
     * TLS of the connections.
     */
    @NestedConfigurationProperty
    private final SslProperties ssl = new SslProperties();

    /**
     * Proxy. Without this block there is none; "none" cancels an inherited block.
     */
    @NestedConfigurationProperty
    private @Nullable ProxyProperties proxy;

    /**
     * What the client may connect to.
     */
    @NestedConfigurationProperty
    private final SsrfProperties ssrf = new SsrfProperties();

    /**
     * Headers that are not sent although they are inherited or sent by default, as
     * Accept, Accept-Encoding, Connection and User-Agent are.
     */
    private List<String> withoutHeaders = List.of();

    /**
     * What the clients are built on. One word stands for the calls that this engine can
     * make, "jdk" for both kinds.
     */
    @NestedConfigurationProperty
    private final EngineProperties engine = new EngineProperties();

    /**
     * Names of beans of type Interceptor, which stand around every call, the outermost
     * first. Those that are ordered come before the others.
     */
    private List<String> interceptors = List.of();

    /**
     * Names of beans of type Hook, which see every request that is sent, in this order.
     * Those that are ordered come before the others.
     */
    private List<String> hooks = List.of();

    /**
     * Whether the application's beans of type RestClientCustomizer and
     * WebClientCustomizer are called for this client's RestClient, WebClient and
     * interfaces, too. A header or a token that they add for one server is sent to this
     * one then.
     */
    private boolean inheritCustomizers;

    /**
     * Name of a bean of type NameResolver that looks up host names instead of the engine,
     * or "none".
     */
    private @Nullable String resolver;

    /**
     * Addresses of hosts by name, tried one after the other. Nothing is looked up for
     * these hosts.
     */
    private Map<String, List<String>> addresses = new LinkedHashMap<>();

    /**
     * Address of this machine that connections are opened from, or "none" for the
     * system's choice.
     */
    private @Nullable InetAddress localAddress;

    /**
     * Whether URLs of calls may have user information, as https://user:password@host,
     * which becomes Basic authentication.
     */
    private boolean allowUserInfo;

    public boolean isEnabled() {
        return this.enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public @Nullable String getParent() {
        return this.parent;
    }

    public void setParent(@Nullable String parent) {
        this.parent = parent;
    }

    public boolean isPrimary() {
        return this.primary;
    }

    public void setPrimary(boolean primary) {
        this.primary = primary;
    }

    public @Nullable Url getBaseUrl() {
        return this.baseUrl;
    }

    public void setBaseUrl(@Nullable Url baseUrl) {
        this.baseUrl = baseUrl;
    }

    public Map<String, List<String>> getHeaders() {
        return this.headers;
    }

    public void setHeaders(Map<String, List<String>> headers) {
        this.headers = headers;
    }

    public Map<String, List<String>> getQuery() {
        return this.query;
    }

    public void setQuery(Map<String, List<String>> query) {
        this.query = query;
    }

    public TimeoutProperties getTimeouts() {
        return this.timeouts;
    }

    public @Nullable RetryProperties getRetry() {
        return this.retry;
    }

    public void setRetry(@Nullable RetryProperties retry) {
        this.retry = retry;
    }

    public @Nullable CircuitBreakerProperties getCircuitBreaker() {
        return this.circuitBreaker;
    }

    public void setCircuitBreaker(@Nullable CircuitBreakerProperties circuitBreaker) {
        this.circuitBreaker = circuitBreaker;
    }

    public @Nullable RateLimiterProperties getRateLimiter() {
        return this.rateLimiter;
    }

    public void setRateLimiter(@Nullable RateLimiterProperties rateLimiter) {
        this.rateLimiter = rateLimiter;
    }

    public @Nullable BulkheadProperties getBulkhead() {
        return this.bulkhead;
    }

    public void setBulkhead(@Nullable BulkheadProperties bulkhead) {
        this.bulkhead = bulkhead;
    }

    public @Nullable HedgingProperties getHedging() {
        return this.hedging;
    }

    public void setHedging(@Nullable HedgingProperties hedging) {
        this.hedging = hedging;
    }

    public @Nullable AuthProperties getAuth() {
        return this.auth;
    }

    public void setAuth(@Nullable AuthProperties auth) {
        this.auth = auth;
    }

    public RedirectProperties getRedirects() {
        return this.redirects;
    }

    public LimitProperties getLimits() {
        return this.limits;
    }

    public PoolProperties getPool() {
        return this.pool;
    }

    public boolean isAllowAbsoluteUrls() {
        return this.allowAbsoluteUrls;
    }

    public void setAllowAbsoluteUrls(boolean allowAbsoluteUrls) {
        this.allowAbsoluteUrls = allowAbsoluteUrls;
    }

    public boolean isAllowPathTraversal() {
        return this.allowPathTraversal;
    }

    public void setAllowPathTraversal(boolean allowPathTraversal) {
        this.allowPathTraversal = allowPathTraversal;
    }

    public boolean isAllowPlainHttp() {
        return this.allowPlainHttp;
    }

    public void setAllowPlainHttp(boolean allowPlainHttp) {
        this.allowPlainHttp = allowPlainHttp;
    }

    public LoggingProperties getLogging() {
        return this.logging;
    }

    public ClientHealthProperties getHealth() {
        return this.health;
    }

    public boolean isRaiseForStatus() {
        return this.raiseForStatus;
    }

    public void setRaiseForStatus(boolean raiseForStatus) {
        this.raiseForStatus = raiseForStatus;
    }

    public Charset getDefaultCharset() {
        return this.defaultCharset;
    }

    public void setDefaultCharset(Charset defaultCharset) {
        this.defaultCharset = defaultCharset;
    }

    public boolean isCookies() {
        return this.cookies;
    }

    public void setCookies(boolean cookies) {
        this.cookies = cookies;
    }

    public Http2 getHttp2() {
        return this.http2;
    }

    public void setHttp2(Http2 http2) {
        this.http2 = http2;
    }

    public SslProperties getSsl() {
        return this.ssl;
    }

    public @Nullable ProxyProperties getProxy() {
        return this.proxy;
    }

    public void setProxy(@Nullable ProxyProperties proxy) {
        this.proxy = proxy;
    }

    public SsrfProperties getSsrf() {
        return this.ssrf;
    }

    public List<String> getWithoutHeaders() {
        return this.withoutHeaders;
    }

    public void setWithoutHeaders(List<String> withoutHeaders) {
        this.withoutHeaders = withoutHeaders;
    }

    public EngineProperties getEngine() {
        return this.engine;
    }

    public List<String> getInterceptors() {
        return this.interceptors;
    }

    public void setInterceptors(List<String> interceptors) {
        this.interceptors = interceptors;
    }

    public List<String> getHooks() {
        return this.hooks;
    }

    public void setHooks(List<String> hooks) {
        this.hooks = hooks;
    }

    public boolean isInheritCustomizers() {
        return this.inheritCustomizers;
    }

    public void setInheritCustomizers(boolean inheritCustomizers) {
        this.inheritCustomizers = inheritCustomizers;
    }

    public @Nullable String getResolver() {
        return this.resolver;
    }

    public void setResolver(@Nullable String resolver) {
        this.resolver = resolver;
    }

    public Map<String, List<String>> getAddresses() {
        return this.addresses;
    }

    public void setAddresses(Map<String, List<String>> addresses) {
        this.addresses = addresses;
    }

    public @Nullable InetAddress getLocalAddress() {
        return this.localAddress;
    }

    public void setLocalAddress(@Nullable InetAddress localAddress) {
        this.localAddress = localAddress;
    }

    public boolean isAllowUserInfo() {
        return this.allowUserInfo;
    }

    public void setAllowUserInfo(boolean allowUserInfo) {
        this.allowUserInfo = allowUserInfo;
    }

}
