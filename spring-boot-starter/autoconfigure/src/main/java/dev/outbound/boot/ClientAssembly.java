package dev.outbound.boot;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.http.HttpMethod;
import org.springframework.util.unit.DataSize;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.guard.BulkheadSettings;
import dev.outbound.client.guard.CircuitBreakerSettings;
import dev.outbound.client.guard.RateLimiterSettings;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.retry.RetryListener;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.RetryPolicyBuilder;
import dev.outbound.client.transport.AddressGuard;

/**
 * Gives settings to a builder: the one place that knows what a key means to the core.
 */
final class ClientAssembly {

    private final ClientProperties properties;

    private final ClientBuilder builder;

    private final RetryListener retries;

    private final References references;

    private ClientAssembly(ClientProperties properties, ClientBuilder builder, RetryListener retries,
            References references) {
        this.references = references;
        this.retries = retries;
        this.properties = properties;
        this.builder = builder;
    }

    /** Apply settings to find out whether the core takes them. */
    static void apply(ClientProperties properties, ClientBuilder builder) {
        apply(properties, builder, new RetryListener() {
        }, References.UNRESOLVED);
    }

    /**
     * Apply settings that were found to be valid.
     * @throws IllegalArgumentException if the core finds that they are not
     */
    static void apply(ClientProperties properties, ClientBuilder builder, RetryListener retries,
            References references) {
        ClientAssembly assembly = new ClientAssembly(properties, builder, retries, references);
        assembly.applyRequest();
        assembly.applyLimits();
        assembly.applyRetry();
        assembly.applyGuard();
        assembly.applyHedging();
        assembly.applyPool();
        assembly.applyRoute();
    }

    private void applyRequest() {
        Url baseUrl = this.properties.getBaseUrl();
        if (baseUrl != null) {
            this.builder.baseUrl(baseUrl.text());
        }
        this.properties.getWithoutHeaders().forEach(this.builder::withoutHeader);
        this.properties.getHeaders().forEach((name, values) -> this.builder.header(name, String.join(", ", values)));
        this.properties.getQuery()
            .forEach((name, values) -> values.forEach((value) -> this.builder.query(name, value)));
        this.builder.auth(Authentications.ofProperties(this.properties.getAuth()));
        RedirectProperties redirects = this.properties.getRedirects();
        RedirectPolicy policy = RedirectPolicy.of(redirects.getMode(), redirects.getMax())
            .withCredentialHeaders(Set.copyOf(redirects.getCredentialHeaders()));
        this.builder.redirects(redirects.isTrusting() ? policy.trusting() : policy);
        this.builder.raiseForStatus(this.properties.isRaiseForStatus());
        this.builder.defaultCharset(this.properties.getDefaultCharset());
        if (this.properties.isCookies()) {
            this.builder.cookies(CookieJar.create());
        }
        this.properties.getInterceptors()
            .forEach((name) -> this.builder.interceptor(this.references.interceptor(name)));
        this.properties.getHooks().forEach((name) -> this.builder.hook(this.references.hook(name)));
        this.builder.allowUserInfo(this.properties.isAllowUserInfo());
        this.builder.allowAbsoluteUrls(this.properties.isAllowAbsoluteUrls());
        this.builder.allowPathTraversal(this.properties.isAllowPathTraversal());
    }

    private void applyLimits() {
        TimeoutProperties timeouts = this.properties.getTimeouts();
        this.builder.timeouts(Timeouts.none()
            .withConnect(timeouts.getConnect())
            .withTls(timeouts.getTls())
            .withRead(timeouts.getRead())
            .withWrite(timeouts.getWrite())
            .withPool(timeouts.getPool())
            .withTotal(timeouts.getTotal())
            .withStreamTotal(timeouts.getStreamTotal()));
        LimitProperties limits = this.properties.getLimits();
        DataSize body = limits.getResponseBody();
        this.builder.limits(Limits.defaults()
            .withBody((body != null) ? body.toBytes() : Long.MAX_VALUE)
            .withHead(bytes(limits.getResponseHeaders()))
            .withHeadLines(limits.getResponseHeaderLines())
            .withInformational(limits.getInformationalResponses())
            .withRatio(limits.getDecompressionRatio())
            .withCodings(limits.getContentCodings())
            .withDrain(bytes(limits.getDrain())));
    }

    private static int bytes(DataSize size) {
        return (int) Math.min(size.toBytes(), Integer.MAX_VALUE);
    }

    private void applyRetry() {
        RetryProperties retry = this.properties.getRetry();
        if (retry == null) {
            return;
        }
        RetryPolicyBuilder policy = RetryPolicy.builder()
            .maxRetries(retry.getMaxRetries())
            .delay(retry.getDelay())
            .multiplier(retry.getMultiplier())
            .maxDelay(retry.getMaxDelay())
            .maxRetryAfter(retry.getMaxRetryAfter())
            .timeout(retry.getTimeout())
            .methods(RetryRules.methods(retry).toArray(HttpMethod[]::new))
            .idempotencyKey(retry.isIdempotencyKey())
            .allowNonIdempotent(retry.isAllowNonIdempotent())
            .rateLimitReset(retry.isRateLimitReset())
            .throwWhenExhausted(retry.isThrowWhenExhausted());
        try {
            policy.statuses(RetryRules.statuses(retry.getStatuses()).toArray(Integer[]::new));
            Duration jitter = RetryRules.jitter(retry);
            if (jitter != null) {
                policy.jitter(jitter);
            }
        }
        catch (InvalidValueException ex) {
            throw new IllegalArgumentException(ex.reason());
        }
        this.builder.retry(policy.listener(this.retries).build());
        RetryBudgetProperties budget = retry.getBudget();
        this.builder
            .retryBudget((budget != null) ? new RetryBudget(budget.getRatio(), budget.getMinPerSecond()) : null);
    }

    private void applyGuard() {
        CircuitBreakerProperties breaker = this.properties.getCircuitBreaker();
        if (breaker != null) {
            this.builder.circuitBreaker(circuitBreaker(breaker));
        }
        RateLimiterProperties limiter = this.properties.getRateLimiter();
        if (limiter != null && limiter.getPermits() != null) {
            this.builder
                .rateLimiter(new RateLimiterSettings(limiter.getPermits(), limiter.getPeriod(), limiter.getMaxWait()));
        }
        BulkheadProperties bulkhead = this.properties.getBulkhead();
        if (bulkhead != null && bulkhead.getMaxCalls() != null) {
            this.builder.bulkhead(new BulkheadSettings(bulkhead.getMaxCalls(), bulkhead.getMaxWait()));
        }
    }

    private void applyHedging() {
        HedgingProperties hedging = this.properties.getHedging();
        if (hedging != null) {
            Duration delay = hedging.getDelay();
            this.builder.hedging((delay != null) ? HedgePolicy.after(delay)
                    : HedgePolicy.afterPercentile(hedging.getPercentile()).withMinDelay(hedging.getMinDelay()));
        }
    }

    private static CircuitBreakerSettings circuitBreaker(CircuitBreakerProperties breaker) {
        Set<Integer> statuses;
        try {
            statuses = breaker.getStatuses().equals(List.of("5xx")) ? Set.of()
                    : RetryRules.statuses(breaker.getStatuses());
        }
        catch (InvalidValueException ex) {
            throw new IllegalArgumentException(ex.reason());
        }
        // The default is for the default window, and follows a smaller one.
        int minimum = (breaker.getWindowTime() != null) ? breaker.getMinimumCalls()
                : Math.min(breaker.getMinimumCalls(), breaker.getWindow());
        return new CircuitBreakerSettings(breaker.getFailureRate(), breaker.getSlowCall(), breaker.getSlowCallRate(),
                breaker.getWindow(), breaker.getWindowTime(), minimum, breaker.getOpenTime(), breaker.getTrialCalls(),
                statuses);
    }

    private void applyPool() {
        PoolProperties pool = this.properties.getPool();
        this.builder.maxConnections(pool.getMaxConnections()).keepAlive(pool.getIdle(), pool.getLifetime());
    }

    private void applyRoute() {
        EngineProperties engine = this.properties.getEngine();
        this.builder.engine(engine.getBlocking(), engine.getReactive());
        this.builder.http2(this.properties.getHttp2());
        this.builder.tls(this.references.tls(this.properties.getSsl()));
        this.builder.guard(guard(this.properties.getSsrf()));
        this.builder.localAddress(this.properties.getLocalAddress());
        this.builder.addresses(addresses());
        if (this.properties.getResolver() != null) {
            this.builder.resolver(this.references.resolver(this.properties.getResolver()));
        }
        ProxyProperties proxy = this.properties.getProxy();
        if (proxy != null) {
            this.builder.proxies(new ProxyAssembly(proxy, this.references).proxies());
        }
    }

    private Map<String, List<InetAddress>> addresses() {
        Map<String, List<InetAddress>> addresses = new LinkedHashMap<>();
        this.properties.getAddresses().forEach((host, texts) -> {
            List<InetAddress> parsed = new ArrayList<>();
            for (String text : texts) {
                try {
                    parsed.add(AddressText.parse(text));
                }
                catch (InvalidValueException ex) {
                    throw new IllegalArgumentException(ex.reason());
                }
            }
            addresses.put(host, parsed);
        });
        return addresses;
    }

    private static AddressGuard guard(SsrfProperties ssrf) {
        AddressGuard guard = switch (ssrf.getMode()) {
            case OFF -> AddressGuard.off();
            case PUBLIC_ONLY -> AddressGuard.publicOnly().withHosts(ssrf.getAllowedHosts());
            case ALLOWED_HOSTS -> AddressGuard.allowedHosts(ssrf.getAllowedHosts());
        };
        guard = guard.withPorts(ssrf.getAllowedPorts());
        return ssrf.isTrustProxy() ? guard.withTrustedProxies() : guard;
    }

}
