package dev.outbound.boot;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.unit.DataSize;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.retry.RetryListener;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.RetryPolicyBuilder;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.TlsSettings;

/**
 * Gives settings to a builder: the one place that knows what a key means to the core.
 */
final class ClientAssembly {

    private final ClientProperties properties;

    private final ClientBuilder builder;

    private final RetryListener retries;

    private ClientAssembly(ClientProperties properties, ClientBuilder builder, RetryListener retries) {
        this.retries = retries;
        this.properties = properties;
        this.builder = builder;
    }

    /** Apply settings to find out whether the core takes them. */
    static void apply(ClientProperties properties, ClientBuilder builder) {
        apply(properties, builder, new RetryListener() {
        });
    }

    /**
     * Apply settings that were found to be valid.
     * @throws IllegalArgumentException if the core finds that they are not
     */
    static void apply(ClientProperties properties, ClientBuilder builder, RetryListener retries) {
        ClientAssembly assembly = new ClientAssembly(properties, builder, retries);
        assembly.applyRequest();
        assembly.applyLimits();
        assembly.applyRetry();
        assembly.applyPool();
        assembly.applyRoute();
    }

    private void applyRequest() {
        Url baseUrl = this.properties.getBaseUrl();
        if (baseUrl != null) {
            this.builder.baseUrl(baseUrl.text());
        }
        this.properties.getHeaders().forEach((name, values) -> this.builder.header(name, String.join(", ", values)));
        this.properties.getQuery()
            .forEach((name, values) -> values.forEach((value) -> this.builder.query(name, value)));
        this.builder.auth(Authentications.ofProperties(this.properties.getAuth()));
        RedirectProperties redirects = this.properties.getRedirects();
        this.builder.redirects(RedirectPolicy.of(redirects.getMode(), redirects.getMax())
            .withCredentialHeaders(Set.copyOf(redirects.getCredentialHeaders())));
        this.builder.raiseForStatus(this.properties.isRaiseForStatus());
        this.builder.defaultCharset(this.properties.getDefaultCharset());
        if (this.properties.isCookies()) {
            this.builder.cookies(CookieJar.create());
        }
        this.builder.allowAbsoluteUrls(this.properties.isAllowAbsoluteUrls());
        this.builder.allowPathTraversal(this.properties.isAllowPathTraversal());
    }

    private static String text(@Nullable String text) {
        return (text != null) ? text : "";
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
            .withHead((int) Math.min(limits.getResponseHeaders().toBytes(), Integer.MAX_VALUE))
            .withHeadLines(limits.getResponseHeaderLines())
            .withRatio(limits.getDecompressionRatio()));
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

    private void applyPool() {
        PoolProperties pool = this.properties.getPool();
        this.builder.maxConnections(pool.getMaxConnections()).keepAlive(pool.getIdle(), pool.getLifetime());
    }

    private void applyRoute() {
        this.builder.http2(this.properties.getHttp2());
        this.builder.tls(TlsSettings.defaults().withServerName(this.properties.getSsl().getServerName()));
        this.builder.guard(guard(this.properties.getSsrf()));
        ProxyProperties proxy = this.properties.getProxy();
        if (proxy != null) {
            this.builder.proxies(proxies(proxy));
        }
    }

    private static Proxies proxies(ProxyProperties properties) {
        Proxy proxy = Proxy.of(text(properties.getUrl()));
        if (properties.getUsername() != null || properties.getPassword() != null) {
            proxy = proxy.withCredentials(text(properties.getUsername()), text(properties.getPassword()));
        }
        return Proxies.all(proxy).except(properties.getExclude().toArray(String[]::new));
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
