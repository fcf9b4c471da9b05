package dev.outbound.client;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.retry.RetryPolicy;

/**
 * Builds clients, and changes the settings of a derived one. Not thread-safe.
 * <p>
 * What {@code with(…)} gives shares its engine with the client it was derived from, so
 * there the engine's settings (connections, TLS, transports) cannot be changed.
 *
 * @since 0.1
 */
public final class ClientBuilder extends EngineBuilder {

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

    @Nullable HedgePolicy hedging;

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

    private ObservationRegistry observations = ObservationRegistry.NOOP;

    private JsonConversion json = JsonConversion.defaults();

    private ClientClock clock = ClientClock.system();

    private final @Nullable ClientSettings inherited;

    /** What was set here and not inherited. */
    private final Set<String> own = new HashSet<>();

    ClientBuilder() {
        super(null);
        this.inherited = null;
    }

    ClientBuilder(ClientSettings settings) {
        super(settings.transport());
        this.inherited = settings;
        this.name = settings.name();
        this.baseUrl = settings.baseUrl();
        this.headers = settings.headers();
        this.query = settings.query();
        this.timeouts = settings.timeouts();
        this.retry = settings.retry();
        this.guard = settings.guard();
        this.hedging = settings.hedging();
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
     * Set the budget of retries and hedges, instead of one of its own with the default
     * ratio.
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
     * Set when a request whose answer is late is sent a second time, so that the answer
     * that comes first counts. Nothing is unless this is set. The two are one attempt:
     * retries, circuit breaker, rate limiter, bulkhead and hooks see one request, the
     * observation has a child for the second. A request whose progress somebody listens
     * to is not sent a second time.
     * <p>
     * The second send of a blocking call has a daemon thread of its own. A transport over
     * Spring's {@code ClientHttpRequestFactory} cannot break its first one off, and so
     * gains nothing by it.
     * @param hedging the policy, or {@code null} for none
     * @return this builder
     */
    public ClientBuilder hedging(@Nullable HedgePolicy hedging) {
        checkNotDerived("hedging");
        this.hedging = hedging;
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

    /**
     * Build a blocking client. It owns its engine: close it.
     * @return the client
     * @throws IllegalStateException if its engine cannot honour a setting; the message
     * names one that can
     */
    public Client build() {
        checkBlockingMounts();
        Generation generation = generation();
        generation.checkBlocking();
        return DefaultClient.owning(new Session(generation));
    }

    /**
     * Build a reactive client. It owns its engine: close it.
     * @return the client
     * @throws IllegalStateException if its engine cannot honour a setting; the message
     * names one that can
     */
    public ReactiveClient buildReactive() {
        checkReactiveMounts();
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
        return new Generation(settings(), makers(), this.observations, this.json, this.clock, this.budget);
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
