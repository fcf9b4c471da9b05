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
            TimeoutRules::check, RetryRules::check, AuthRules::check, CredentialRules::check,
            ClientRules::checkNumbers);

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
        if (client.properties().getPool().getMaxConnections() < 1) {
            client.fail("pool.max-connections", "A client needs at least one connection.",
                    "Use a positive number (100 is the default).");
        }
    }

}
