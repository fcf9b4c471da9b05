package dev.outbound.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
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

    private static final Log logger = LogFactory.getLog(SslContexts.class);

    private final @Nullable SslBundles bundles;

    private final Set<String> watched = ConcurrentHashMap.newKeySet();

    private volatile Consumer<String> updates = (bundle) -> {
    };

    SslContexts(@Nullable SslBundles bundles) {
        this.bundles = bundles;
    }

    /**
     * Tell the names of bundles that are loaded again. One that cannot be used is logged:
     * what it held before goes on to be used.
     */
    void onUpdate(Consumer<String> updates) {
        this.updates = updates;
    }

    private void watch(SslBundles bundles, String bundle) {
        if (this.watched.add(bundle)) {
            bundles.addBundleUpdateHandler(bundle, (updated) -> {
                try {
                    this.updates.accept(bundle);
                }
                catch (RuntimeException ex) {
                    logger.error("SSL bundle '" + bundle + "' has changed and cannot be loaded. "
                            + "HTTP clients go on with what it held before.", ex);
                }
            });
        }
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
        watch(this.bundles, bundle);
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
        TlsSettings tls = TlsSettings.defaults()
            .withContext(bundle.createSslContext())
            .withCiphers(list(options.getCiphers()))
            .withServerName(properties.getServerName());
        List<String> protocols = list(options.getEnabledProtocols());
        return protocols.isEmpty() ? tls : tls.withProtocols(protocols);
    }

    private static List<String> list(String @Nullable [] values) {
        return (values != null) ? List.of(values) : List.of();
    }

}
