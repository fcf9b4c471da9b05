package dev.outbound.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

import dev.outbound.client.transport.TlsSettings;

/**
 * TLS of the clients from Spring Boot's SSL bundles. Every bundle is loaded at the start,
 * so that a wrong one is told then.
 */
final class SslContexts {

    private final @Nullable SslBundles bundles;

    SslContexts(@Nullable SslBundles bundles) {
        this.bundles = bundles;
    }

    /** Check what the configuration alone cannot tell. */
    void check(ConfiguredClients clients) {
        List<Problem> problems = new ArrayList<>();
        clients.properties().forEach((name, properties) -> {
            String bundle = properties.getSsl().getBundle();
            if (bundle != null) {
                check(bundle, clients.value(name, "ssl.bundle"), problems);
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidClientConfigurationException(problems);
        }
    }

    private void check(String bundle, @Nullable ConfiguredValue value, List<Problem> problems) {
        Set<String> names = new TreeSet<>((this.bundles != null) ? this.bundles.getBundleNames() : Set.of());
        String nearest = Nearest.to(bundle, names);
        if (this.bundles == null || !names.contains(bundle)) {
            problems.add(problem(value,
                    "SSL bundle " + ValueParser.quoted(bundle) + " does not exist. Defined bundles: "
                            + (names.isEmpty() ? "none" : String.join(", ", names)) + "." + Nearest.question(nearest),
                    "Correct the name or define `spring.ssl.bundle.pem." + bundle + "` / `...jks." + bundle + "`."));
            return;
        }
        try {
            this.bundles.getBundle(bundle).createSslContext();
        }
        catch (RuntimeException ex) {
            problems.add(problem(value,
                    "SSL bundle " + ValueParser.quoted(bundle) + " cannot be loaded: " + ex.getMessage() + ".",
                    "Correct `spring.ssl.bundle...." + bundle + "`."));
        }
    }

    private static Problem problem(@Nullable ConfiguredValue value, String reason, String action) {
        return (value != null) ? new Problem(value.property(), ShownValue.of(value), value.origin(), reason, action)
                : new Problem("outbound.clients", null, null, reason, action);
    }

    /** The TLS settings of a client, or {@code null} where it names no bundle. */
    @Nullable TlsSettings settings(SslProperties properties) {
        if (properties.getBundle() == null || this.bundles == null) {
            return null;
        }
        SslBundle bundle = this.bundles.getBundle(properties.getBundle());
        SslOptions options = bundle.getOptions();
        return TlsSettings.defaults()
            .withContext(bundle.createSslContext())
            .withProtocols(list(options.getEnabledProtocols()))
            .withCiphers(list(options.getCiphers()))
            .withServerName(properties.getServerName());
    }

    private static List<String> list(String @Nullable [] values) {
        return (values != null) ? List.of(values) : List.of();
    }

}
