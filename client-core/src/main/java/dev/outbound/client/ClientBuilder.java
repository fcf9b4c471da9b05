package dev.outbound.client;

import java.net.InetAddress;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import javax.net.ssl.SSLContext;

import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.guard.BulkheadSettings;
import dev.outbound.client.guard.CircuitBreakerSettings;
import dev.outbound.client.guard.GuardSettings;
import dev.outbound.client.guard.RateLimiterSettings;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.ContentDecoder;
import dev.outbound.client.http.DefaultCharset;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.NameResolver;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.ProxyAuthentication;
import dev.outbound.client.transport.Mounts;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * Builds clients, and changes the settings of a derived one. Not thread-safe.
 * <p>
 * What {@code with(…)} gives shares its engine with the client it was derived from, so
 * there the engine's settings (connections, TLS, transports) cannot be changed.
 *
 * @since 0.1
 */
public final class ClientBuilder {

    /** Those of HTTPX, which is also the order they are sent in. */
    private static final FieldLines DEFAULT_HEADERS = FieldLines.builder()
        .add("Accept", "*/*")
        .add("Accept-Encoding", String.join(", ", ContentDecoder.supported()))
        .add("Connection", "keep-alive")
        .add("User-Agent", "outbound")
        .build();

    @Nullable String name;

    @Nullable Url baseUrl;

    FieldLines headers = DEFAULT_HEADERS;

    QueryParams query = QueryParams.empty();

    Timeouts timeouts = Timeouts.defaults();

    @Nullable RetryPolicy retry;

    @Nullable RetryBudget budget = RetryBudget.defaults();

    GuardSettings guard = GuardSettings.none();

    @Nullable Auth auth;

    RedirectPolicy redirects = RedirectPolicy.none();

    List<Interceptor> interceptors = new ArrayList<>();

    List<Hook> hooks = new ArrayList<>();

    boolean raisesForStatus;

    @Nullable CookieJar cookies;

    DefaultCharset defaultCharset = DefaultCharset.UTF_8;

    boolean allowAbsoluteUrls;

    boolean allowUserInfo;

    boolean allowPathTraversal;

    TransportSettings transport = TransportSettings.defaults("client");

    private Transports transports = Engines.transports();

    private final Map<String, @Nullable Transport> mounts = new LinkedHashMap<>();

    private final Map<String, @Nullable ReactiveTransport> reactiveMounts = new LinkedHashMap<>();

    private ObservationRegistry observations = ObservationRegistry.NOOP;

    private JsonConversion json = JsonConversion.defaults();

    private ClientClock clock = ClientClock.system();

    private final @Nullable ClientSettings inherited;

    /** What was set here and not inherited. */
    private final Set<String> own = new HashSet<>();

    ClientBuilder() {
        this.inherited = null;
    }

    ClientBuilder(ClientSettings settings) {
        this.inherited = settings;
        this.name = settings.name();
        this.baseUrl = settings.baseUrl();
        this.headers = settings.headers();
        this.query = settings.query();
        this.timeouts = settings.timeouts();
        this.retry = settings.retry();
        this.guard = settings.guard();
        this.auth = settings.auth();
        this.redirects = settings.redirects();
        this.interceptors.addAll(settings.interceptors());
        this.hooks.addAll(settings.hooks());
        this.raisesForStatus = settings.raisesForStatus();
        this.cookies = settings.cookies();
        this.defaultCharset = settings.defaultCharset();
        this.allowAbsoluteUrls = settings.allowAbsoluteUrls();
        this.allowUserInfo = settings.allowUserInfo();
        this.allowPathTraversal = settings.allowPathTraversal();
        this.transport = settings.transport();
    }

    /**
     * Set the logical name, for messages, metrics and health.
     * @param name the name
     * @return this builder
     */
    public ClientBuilder name(String name) {
        Assert.hasText(name, "name must not be empty");
        this.name = name;
        return this;
    }

    /**
     * Set the URL that every relative URL is appended to. Where that leads a derived
     * client to another origin, it inherits no credentials: no authentication, no header
     * and parameter whose name says that it carries a secret, and no cookies.
     * @param baseUrl an absolute http or https URL without query and fragment, and
     * without user information unless that is {@linkplain #allowUserInfo allowed}
     * @return this builder
     * @throws InvalidUrlException if it is something else
     */
    public ClientBuilder baseUrl(String baseUrl) {
        this.baseUrl = Merging.base(baseUrl);
        return this;
    }

    /**
     * Set a header of every request.
     * @param name the name
     * @param value the value
     * @return this builder
     * @throws IllegalArgumentException if one is not allowed in a message, or the field
     * is the transport's own
     */
    public ClientBuilder header(String name, String value) {
        return headers(FieldLines.builder().add(name, value).build());
    }

    /**
     * Set headers of every request. They take the place of those set before of the same
     * names; a name may repeat.
     * @param headers the field lines
     * @return this builder
     * @throws IllegalArgumentException if a line is not allowed in a message, or a field
     * is the transport's own
     */
    public ClientBuilder headers(FieldLines headers) {
        Merging.checkHeaders(headers);
        this.headers = this.headers.merge(headers);
        headers.forEach((name, value) -> this.own.add("header " + name.toLowerCase(Locale.ROOT)));
        return this;
    }

    /**
     * Send no header of that name, neither one that was set before nor a default one:
     * {@code Accept}, {@code Accept-Encoding}, {@code Connection}, {@code User-Agent}.
     * @param name the name, in any case
     * @return this builder
     */
    public ClientBuilder withoutHeader(String name) {
        Assert.hasText(name, "header name must not be empty");
        this.headers = this.headers.without(name);
        return this;
    }

    /**
     * Add a query parameter to every request.
     * @param name the name
     * @param value the value
     * @return this builder
     */
    public ClientBuilder query(String name, @Nullable Object value) {
        this.query = this.query.add(name, value);
        this.own.add("query " + name);
        return this;
    }

    /**
     * Add query parameters to every request.
     * @param params the parameters
     * @return this builder
     */
    public ClientBuilder query(QueryParams params) {
        Assert.notNull(params, "params must not be null");
        params.forEach(this::query);
        return this;
    }

    /**
     * Set all time limits.
     * @param timeouts the limits
     * @return this builder
     */
    public ClientBuilder timeouts(Timeouts timeouts) {
        Assert.notNull(timeouts, "timeouts must not be null");
        this.timeouts = timeouts;
        return this;
    }

    /**
     * Set the limits of connect, read, write and pool, as HTTPX's single number does.
     * @param timeout the limit, or {@code null} for none
     * @return this builder
     */
    public ClientBuilder timeout(@Nullable Duration timeout) {
        this.timeouts = this.timeouts.withAll(timeout);
        return this;
    }

    /**
     * Set the limit of the whole call, retries and waits included.
     * @param total the limit, or {@code null} for none
     * @return this builder
     */
    public ClientBuilder total(@Nullable Duration total) {
        this.timeouts = this.timeouts.withTotal(total);
        return this;
    }

    /**
     * Set the retry policy. There is none unless one is set.
     * @param retry the policy, or {@code null} for none
     * @return this builder
     */
    public ClientBuilder retry(@Nullable RetryPolicy retry) {
        this.retry = retry;
        return this;
    }

    /**
     * Set the retry budget, instead of one of its own with the default ratio.
     * @param budget the budget, or {@code null} for no limit
     * @return this builder
     */
    public ClientBuilder retryBudget(@Nullable RetryBudget budget) {
        checkNotDerived("retry budget");
        this.budget = budget;
        return this;
    }

    /**
     * Set when nothing is sent to an upstream that fails. There is no circuit breaker
     * unless this is set.
     * @param circuitBreaker the settings, or {@code null} for no breaker; needs
     * {@code io.github.resilience4j:resilience4j-circuitbreaker}
     * @return this builder
     */
    public ClientBuilder circuitBreaker(@Nullable CircuitBreakerSettings circuitBreaker) {
        checkNotDerived("circuit breaker");
        this.guard = this.guard.withCircuitBreaker(circuitBreaker);
        return this;
    }

    /**
     * Set how many requests are sent in some time. There is no limit unless this is set.
     * @param rateLimiter the settings, or {@code null} for no limit; needs
     * {@code io.github.resilience4j:resilience4j-ratelimiter}
     * @return this builder
     */
    public ClientBuilder rateLimiter(@Nullable RateLimiterSettings rateLimiter) {
        checkNotDerived("rate limiter");
        this.guard = this.guard.withRateLimiter(rateLimiter);
        return this;
    }

    /**
     * Set how many requests are on their way at a time. There is no limit but the number
     * of connections unless this is set.
     * @param bulkhead the settings, or {@code null} for no limit
     * @return this builder
     */
    public ClientBuilder bulkhead(@Nullable BulkheadSettings bulkhead) {
        checkNotDerived("bulkhead");
        this.guard = this.guard.withBulkhead(bulkhead);
        return this;
    }

    /**
     * Set the authentication of requests to the origin of the base URL.
     * @param auth the scheme, or {@code null} for none
     * @return this builder
     */
    public ClientBuilder auth(@Nullable Auth auth) {
        this.auth = auth;
        this.own.add("auth");
        return this;
    }

    /**
     * Set Basic authentication of requests to the origin of the base URL.
     * @param username the user name, without a colon
     * @param password the password
     * @return this builder
     * @see Auth#basic(String, String)
     */
    public ClientBuilder auth(String username, String password) {
        return auth(Auth.basic(username, password));
    }

    /**
     * Set which redirects are followed. None are unless this is set.
     * @param redirects the policy
     * @return this builder
     */
    public ClientBuilder redirects(RedirectPolicy redirects) {
        Assert.notNull(redirects, "redirects must not be null");
        this.redirects = redirects;
        return this;
    }

    /**
     * Add an interceptor, which stands around every call.
     * @param interceptor the interceptor
     * @return this builder
     */
    public ClientBuilder interceptor(Interceptor interceptor) {
        Assert.notNull(interceptor, "interceptor must not be null");
        this.interceptors.add(interceptor);
        return this;
    }

    /**
     * Add a hook, which is told of every request that is sent.
     * @param hook the hook
     * @return this builder
     */
    public ClientBuilder hook(Hook hook) {
        Assert.notNull(hook, "hook must not be null");
        this.hooks.add(hook);
        return this;
    }

    /**
     * Set whether a status that is not one of success (2xx) fails the call, as if
     * {@code raiseForStatus()} were called on every response.
     * @param raise whether calls throw a
     * {@link dev.outbound.client.http.StatusException}; {@code false} by default
     * @return this builder
     */
    public ClientBuilder raiseForStatus(boolean raise) {
        this.raisesForStatus = raise;
        return this;
    }

    /**
     * Set what remembers cookies, instead of a jar of the client's own.
     * @param cookies the jar, or {@link CookieJar#none()} to remember nothing
     * @return this builder
     */
    public ClientBuilder cookies(CookieJar cookies) {
        Assert.notNull(cookies, "cookies must not be null");
        this.cookies = cookies;
        this.own.add("cookies");
        return this;
    }

    /**
     * Set the largest body that is read into memory. A streamed body has no limit.
     * @param bytes the number of bytes; 16 MiB by default
     * @return this builder
     */
    public ClientBuilder maxResponseBody(long bytes) {
        this.transport = this.transport.withLimits(this.transport.limits().withBody(bytes));
        return this;
    }

    /**
     * Set how much of a response is accepted.
     * @param limits the limits
     * @return this builder
     */
    public ClientBuilder limits(Limits limits) {
        checkNotDerived("limits");
        this.transport = this.transport.withLimits(limits);
        return this;
    }

    /**
     * Set the character set of texts whose {@code Content-Type} names none that is known
     * (HTTPX's {@code default_encoding}).
     * @param charset the character set; UTF-8 by default
     * @return this builder
     */
    public ClientBuilder defaultCharset(Charset charset) {
        return defaultCharset(DefaultCharset.of(charset));
    }

    /**
     * Set how the character set is found of texts whose {@code Content-Type} names none
     * that is known.
     * @param charset for example {@link DefaultCharset#detectedBy}
     * @return this builder
     */
    public ClientBuilder defaultCharset(DefaultCharset charset) {
        Assert.notNull(charset, "charset must not be null");
        this.defaultCharset = charset;
        return this;
    }

    /**
     * Allow absolute URLs of another origin than the base URL's. They are sent without
     * the client's authentication and credential headers.
     * @param allow whether to allow them; {@code false} by default
     * @return this builder
     */
    public ClientBuilder allowAbsoluteUrls(boolean allow) {
        this.allowAbsoluteUrls = allow;
        return this;
    }

    /**
     * Allow user information in URLs, as in {@code https://user:password@example.com}
     * (HTTPX). It becomes Basic authentication of the calls that no other is set for, and
     * is taken out of the URL. For programs that are moved from HTTPX: what stands in a
     * URL ends up in the logs of those who handle it before.
     * @param allow whether to allow it; {@code false} by default
     * @return this builder
     */
    public ClientBuilder allowUserInfo(boolean allow) {
        this.allowUserInfo = allow;
        return this;
    }

    /**
     * Allow URLs that climb out of the base URL's path by dot segments.
     * @param allow whether to allow them; {@code false} by default
     * @return this builder
     */
    public ClientBuilder allowPathTraversal(boolean allow) {
        this.allowPathTraversal = allow;
        return this;
    }

    /**
     * Set how many connections there may be at a time.
     * @param maxConnections the number; 100 by default
     * @return this builder
     */
    public ClientBuilder maxConnections(int maxConnections) {
        checkNotDerived("number of connections");
        this.transport = this.transport.withMaxConnections(maxConnections);
        return this;
    }

    /**
     * Set how long a connection may wait for its next request, and how long it may be
     * used at all.
     * @param idle the longest wait, or {@code null} for no limit; 20 seconds by default
     * @param lifetime the longest use, or {@code null} for no limit; 5 minutes by default
     * @return this builder
     */
    public ClientBuilder keepAlive(@Nullable Duration idle, @Nullable Duration lifetime) {
        checkNotDerived("life of connections");
        this.transport = this.transport.withIdle(idle).withLifetime(lifetime);
        return this;
    }

    /**
     * Set the trust and the keys for TLS, instead of those of the JVM.
     * @param sslContext the context, or {@code null} for the JVM's
     * @return this builder
     */
    public ClientBuilder sslContext(@Nullable SSLContext sslContext) {
        return tls(this.transport.tls().withContext(sslContext));
    }

    /**
     * Set everything of TLS: trust and keys, versions, ciphers, server name.
     * @param tls the settings
     * @return this builder
     */
    public ClientBuilder tls(TlsSettings tls) {
        checkNotDerived("TLS settings");
        this.transport = this.transport.withTls(tls);
        return this;
    }

    /**
     * Set the engine, for the calls that it can make: {@link Engine#JDK} for blocking and
     * reactive ones. {@link Engine#HTTP_COMPONENTS} and {@link Engine#REACTOR} unless
     * this is set.
     * @param engine the engine
     * @return this builder
     */
    public ClientBuilder engine(Engine engine) {
        checkNotDerived("engine");
        this.transport = this.transport.withEngine(engine);
        return this;
    }

    /**
     * Set the engines of blocking and of reactive calls.
     * @param blocking {@link Engine#HTTP_COMPONENTS} or {@link Engine#JDK}
     * @param reactive {@link Engine#REACTOR} or {@link Engine#JDK}
     * @return this builder
     * @throws IllegalArgumentException if an engine does not make calls of that kind
     */
    public ClientBuilder engine(Engine blocking, Engine reactive) {
        checkNotDerived("engine");
        this.transport = this.transport.withBlockingEngine(blocking).withReactiveEngine(reactive);
        return this;
    }

    /**
     * Set whether HTTP/2 is spoken. It is not unless this is set.
     * @param http2 how
     * @return this builder
     */
    public ClientBuilder http2(Http2 http2) {
        checkNotDerived("HTTP/2");
        this.transport = this.transport.withHttp2(http2);
        return this;
    }

    /**
     * Send all requests through a proxy, except those of {@link #proxies}.
     * @param url {@code http}, {@code https} or {@code socks5}, host and port; user name
     * and password in it are sent to the proxy
     * @return this builder
     * @throws IllegalArgumentException if it is something else
     */
    public ClientBuilder proxy(String url) {
        return proxies(Proxies.all(Proxy.of(url)));
    }

    /**
     * Send all requests through a proxy that asks for authentication, for example with
     * {@link Auth#digest}.
     * @param url {@code http} or {@code https}, host and port
     * @param auth a scheme that needs no requests of its own
     * @return this builder
     * @throws IllegalArgumentException if it is something else
     */
    public ClientBuilder proxy(String url, Auth auth) {
        return proxies(Proxies.all(Proxy.of(url).withAuthentication(proxyAuthentication(auth))));
    }

    /**
     * Set which proxies serve which URLs. There are none unless they are set here; for
     * those of the environment give {@link Proxies#environment(java.util.Map)
     * Proxies.environment(System.getenv())}.
     * @param proxies the proxies
     * @return this builder
     */
    public ClientBuilder proxies(Proxies proxies) {
        checkNotDerived("proxies");
        this.transport = this.transport.withProxies(proxies);
        return this;
    }

    /**
     * Return what makes an authentication scheme fit for a proxy.
     * @param auth a scheme that needs no requests of its own
     * @return the scheme for {@link Proxy#withAuthentication}
     */
    public static ProxyAuthentication proxyAuthentication(Auth auth) {
        Assert.notNull(auth, "auth must not be null");
        return new ProxyCredentials(auth);
    }

    /**
     * Set what looks up host names, instead of the engine.
     * @param resolver the resolver, or {@code null} for the engine's own
     * @return this builder
     */
    public ClientBuilder resolver(@Nullable NameResolver resolver) {
        checkNotDerived("name resolver");
        this.transport = this.transport.withResolver(resolver);
        return this;
    }

    /**
     * Set the addresses of hosts, for which nothing is looked up then.
     * @param addresses host names, and the addresses to try one after the other
     * @return this builder
     */
    public ClientBuilder addresses(Map<String, List<InetAddress>> addresses) {
        checkNotDerived("addresses");
        this.transport = this.transport.withAddresses(addresses);
        return this;
    }

    /**
     * Set the local address of connections.
     * @param localAddress the address, or {@code null} for the system's choice
     * @return this builder
     */
    public ClientBuilder localAddress(@Nullable InetAddress localAddress) {
        checkNotDerived("local address");
        this.transport = this.transport.withLocalAddress(localAddress);
        return this;
    }

    /**
     * Set what this client may connect to. Everything unless this is set.
     * @param guard the guard
     * @return this builder
     */
    public ClientBuilder guard(AddressGuard guard) {
        checkNotDerived("address guard");
        this.transport = this.transport.withGuard(guard);
        return this;
    }

    /**
     * Set what gives the transports, instead of the engines on the class path.
     * @param transports gives a transport for the name of this client
     * @return this builder
     */
    public ClientBuilder transports(Transports transports) {
        checkNotDerived("transports");
        Assert.notNull(transports, "transports must not be null");
        this.transports = transports;
        return this;
    }

    /**
     * Set the transport of blocking calls.
     * @param transport the transport; the client closes it
     * @return this builder
     */
    public ClientBuilder transport(Transport transport) {
        Assert.notNull(transport, "transport must not be null");
        Transports others = this.transports;
        return transports(new FixedTransports(others, transport, null));
    }

    /**
     * Set the transport of reactive calls.
     * @param transport the transport; the client closes it
     * @return this builder
     */
    public ClientBuilder reactiveTransport(ReactiveTransport transport) {
        Assert.notNull(transport, "transport must not be null");
        Transports others = this.transports;
        return transports(new FixedTransports(others, null, transport));
    }

    /**
     * Serve some URLs of blocking calls by another transport (HTTPX's mounts). The most
     * specific pattern that fits decides, anew for each redirect.
     * @param pattern scheme, host and port as in {@link Mounts}, for example
     * {@code all://*.example.com}
     * @param transport the transport, which the client closes, or {@code null} for the
     * client's own
     * @return this builder
     * @throws IllegalArgumentException if the pattern is not one
     */
    public ClientBuilder mount(String pattern, @Nullable Transport transport) {
        checkNotDerived("transports");
        this.mounts.put(pattern, transport);
        Mounts.of(this.mounts);
        return this;
    }

    /**
     * Serve some URLs of reactive calls by another transport, as
     * {@link #mount(String, Transport)}.
     * @param pattern scheme, host and port as in {@link Mounts}
     * @param transport the transport, which the client closes, or {@code null} for the
     * client's own
     * @return this builder
     * @throws IllegalArgumentException if the pattern is not one
     */
    public ClientBuilder mountReactive(String pattern, @Nullable ReactiveTransport transport) {
        checkNotDerived("transports");
        this.reactiveMounts.put(pattern, transport);
        Mounts.of(this.reactiveMounts);
        return this;
    }

    /**
     * Set where calls are observed. Nowhere unless this is set.
     * @param observations the registry
     * @return this builder
     */
    public ClientBuilder observations(ObservationRegistry observations) {
        checkNotDerived("observation registry");
        Assert.notNull(observations, "observations must not be null");
        this.observations = observations;
        return this;
    }

    /**
     * Set how JSON is written and read, instead of by Spring's converter with the default
     * mapper of Jackson.
     * @param json the conversion
     * @return this builder
     */
    public ClientBuilder json(JsonConversion json) {
        checkNotDerived("JSON conversion");
        Assert.notNull(json, "json must not be null");
        this.json = json;
        return this;
    }

    /**
     * Set the clock, for tests.
     * @param clock the clock
     * @return this builder
     */
    public ClientBuilder clock(ClientClock clock) {
        checkNotDerived("clock");
        Assert.notNull(clock, "clock must not be null");
        this.clock = clock;
        return this;
    }

    private void checkNotDerived(String what) {
        if (this.inherited != null) {
            throw new IllegalStateException("A derived client shares its engine, so its " + what
                    + " cannot be changed; build another client instead");
        }
    }

    /**
     * Build a blocking client. It owns its engine: close it.
     * @return the client
     * @throws IllegalStateException if its engine cannot honour a setting; the message
     * names one that can
     */
    public Client build() {
        checkMounts(this.mounts, this.reactiveMounts, "mount");
        Generation generation = generation();
        generation.checkBlocking();
        return DefaultClient.owning(new Session(generation));
    }

    /** What is mounted for the other kind of client only would be ignored here. */
    private static void checkMounts(Map<String, ?> used, Map<String, ?> others, String method) {
        if (!used.keySet().containsAll(others.keySet())) {
            throw new IllegalStateException("Transports are mounted at " + others.keySet()
                    + " for the other kind of client only; mount them with " + method + "(…), too");
        }
    }

    /**
     * Build a reactive client. It owns its engine: close it.
     * @return the client
     * @throws IllegalStateException if its engine cannot honour a setting; the message
     * names one that can
     */
    public ReactiveClient buildReactive() {
        checkMounts(this.reactiveMounts, this.mounts, "mountReactive");
        Generation generation = generation();
        generation.checkReactive();
        return DefaultReactiveClient.owning(new Session(generation));
    }

    /**
     * Build what a blocking and a reactive client of the same name share.
     * @return the session; close it
     * @throws IllegalStateException if one of the two engines cannot honour a setting;
     * the message names one that can
     */
    public Session session() {
        Generation generation = generation();
        generation.checkBlocking();
        generation.checkReactive();
        return new Session(generation);
    }

    Generation generation() {
        checkNotDerived("session");
        this.transport.check();
        Transports transports = (this.mounts.isEmpty() && this.reactiveMounts.isEmpty()) ? this.transports
                : new MountedTransports(this.transports, this.mounts, this.reactiveMounts);
        return new Generation(settings(), transports, this.observations, this.json, this.clock, this.budget);
    }

    /**
     * Return what is set so far. Nothing is opened, and nothing is asked of an engine.
     * @return the settings that a client built now would have
     */
    public ClientSettings settings() {
        if (this.inherited != null && leavesOrigin(this.inherited.baseUrl())) {
            dropInheritedCredentials();
        }
        if (this.baseUrl != null && this.baseUrl.userInfo() != null) {
            takeUserInfo(this.baseUrl);
        }
        return new ClientSettings(this);
    }

    private void takeUserInfo(Url url) {
        if (!this.allowUserInfo) {
            Merging.checkUserInfo(url, "The base URL '" + url.redacted() + "'");
        }
        this.auth = (this.auth != null) ? this.auth : Auth.userInfo(url);
        this.baseUrl = url.withoutUserInfo();
    }

    private boolean leavesOrigin(@Nullable Url inherited) {
        return this.baseUrl != null && (inherited == null || !this.baseUrl.hasSameOrigin(inherited));
    }

    private void dropInheritedCredentials() {
        this.auth = this.own.contains("auth") ? this.auth : null;
        this.headers = this.headers.without((name) -> this.redirects.isCredential(name)
                && !this.own.contains("header " + name.toLowerCase(Locale.ROOT)));
        for (String name : this.query.names()) {
            if (Secrets.isSecretHeader(name) && !this.own.contains("query " + name)) {
                this.query = this.query.remove(name);
            }
        }
        this.cookies = this.own.contains("cookies") ? this.cookies : CookieJar.none();
    }

}
