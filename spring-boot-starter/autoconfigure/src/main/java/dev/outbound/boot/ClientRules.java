package dev.outbound.boot;

import java.util.List;
import java.util.function.Consumer;

import dev.outbound.client.RedirectPolicy;

/**
 * What must hold of the settings of a client once all is inherited. Each rule reports
 * everything that it finds.
 */
final class ClientRules {

    private static final List<Consumer<BoundClient>> RULES = List.of(BaseUrlRules::check, HeaderRules::check,
            TimeoutRules::check, RetryRules::check, GuardRules::check, HedgingRules::check, RouteRules::check,
            AuthRules::check, CredentialRules::check, HealthRules::check, ClientRules::checkNumbers);

    private ClientRules() {
    }

    static void check(BoundClient client) {
        RULES.forEach((rule) -> rule.accept(client));
    }

    private static void checkNumbers(BoundClient client) {
        int max = client.properties().getRedirects().getMax();
        if (max < 0 || max > RedirectPolicy.MAX_REDIRECTS) {
            client.fail("redirects.max", "redirects.max must be between 0 and " + RedirectPolicy.MAX_REDIRECTS + ".",
                    "Use 5.");
        }
        LimitProperties limits = client.properties().getLimits();
        checkAtLeast(client, "limits.response-header-lines", limits.getResponseHeaderLines(), 1);
        checkAtLeast(client, "limits.informational-responses", limits.getInformationalResponses(), 0);
        checkAtLeast(client, "limits.content-codings", limits.getContentCodings(), 0);
        checkAtLeast(client, "limits.decompression-ratio", limits.getDecompressionRatio(), 1);
        if (limits.getResponseHeaders().toBytes() < 1024) {
            client.fail("limits.response-headers", "The head of a response needs at least 1 KB.",
                    "Use 1KB or more (64KB is the default).");
        }
        if (client.properties().getPool().getMaxConnections() < 1) {
            client.fail("pool.max-connections", "A client needs at least one connection.",
                    "Use a positive number (100 is the default).");
        }
    }

    private static void checkAtLeast(BoundClient client, String key, int value, int least) {
        if (value < least) {
            client.fail(key, key + " must be at least " + least + ".", "Use a number from " + least + " on.");
        }
    }

}
