package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.RetryPolicyBuilder;

/**
 * Gives settings to a builder: the one place that knows what a key means to the core.
 */
final class ClientAssembly {

    private final ClientProperties properties;

    private final ClientBuilder builder;

    private ClientAssembly(ClientProperties properties, ClientBuilder builder) {
        this.properties = properties;
        this.builder = builder;
    }

    /**
     * Apply settings that were found to be valid.
     * @throws IllegalArgumentException if the core finds that they are not
     */
    static void apply(ClientProperties properties, ClientBuilder builder) {
        ClientAssembly assembly = new ClientAssembly(properties, builder);
        assembly.applyRequest();
        assembly.applyLimits();
        assembly.applyRetry();
        assembly.applyPool();
    }

    private void applyRequest() {
        Url baseUrl = this.properties.getBaseUrl();
        if (baseUrl != null) {
            this.builder.baseUrl(baseUrl.text());
        }
        this.properties.getHeaders().forEach((name, values) -> this.builder.header(name, String.join(", ", values)));
        this.properties.getQuery()
            .forEach((name, values) -> values.forEach((value) -> this.builder.query(name, value)));
        this.builder.auth(auth(this.properties.getAuth()));
        RedirectProperties redirects = this.properties.getRedirects();
        this.builder.redirects(RedirectPolicy.of(redirects.getMode(), redirects.getMax()));
        this.builder.allowAbsoluteUrls(this.properties.isAllowAbsoluteUrls());
        this.builder.allowPathTraversal(this.properties.isAllowPathTraversal());
    }

    private static @Nullable Auth auth(@Nullable AuthProperties auth) {
        AuthenticationType type = (auth != null) ? auth.getType() : null;
        if (auth == null || type == null) {
            return null;
        }
        return switch (type) {
            case NONE -> null;
            case BASIC -> Auth.basic(text(auth.getUsername()), text(auth.getPassword()));
            case BEARER -> Auth.bearer(text(auth.getToken()));
        };
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
        DataSize body = this.properties.getLimits().getResponseBody();
        this.builder.maxResponseBody((body != null) ? body.toBytes() : Long.MAX_VALUE);
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
            .maxRetryAfter(retry.getMaxRetryAfter());
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
        this.builder.retry(policy.build());
        RetryBudgetProperties budget = retry.getBudget();
        this.builder
            .retryBudget((budget != null) ? new RetryBudget(budget.getRatio(), budget.getMinPerSecond()) : null);
    }

    private void applyPool() {
        PoolProperties pool = this.properties.getPool();
        this.builder.maxConnections(pool.getMaxConnections()).keepAlive(pool.getIdle(), pool.getLifetime());
    }

}
