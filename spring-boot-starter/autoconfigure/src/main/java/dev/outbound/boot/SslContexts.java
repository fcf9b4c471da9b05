package dev.outbound.boot;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Date;
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
    void check(ConfiguredClients clients, Problems problems) {
        clients.bound().forEach((client) -> {
            ProxyProperties proxy = client.properties().getProxy();
            check(client, "ssl.bundle", client.properties().getSsl(), problems);
            if (proxy != null) {
                check(client, "proxy.ssl.bundle", proxy.getSsl(), problems);
            }
        });
    }

    private void check(BoundClient client, String key, SslProperties properties, Problems problems) {
        String name = properties.getBundle();
        ConfiguredValue value = client.value(key);
        if (name == null || value == null) {
            return;
        }
        Set<String> names = new TreeSet<>((this.bundles != null) ? this.bundles.getBundleNames() : Set.of());
        if (this.bundles == null || !names.contains(name)) {
            problems.fail(value,
                    "SSL bundle " + ValueParser.quoted(name) + " does not exist. Defined bundles: "
                            + (names.isEmpty() ? "none" : String.join(", ", names)) + "."
                            + Nearest.question(Nearest.to(name, names)),
                    "Correct the name or define `spring.ssl.bundle.pem." + ShownValue.escape(name) + "` / `...jks."
                            + ShownValue.escape(name) + "`.");
            return;
        }
        watch(this.bundles, name);
        try {
            SslBundle bundle = this.bundles.getBundle(name);
            bundle.createSslContext();
            if (key.equals("ssl.bundle") && bundle.getStores().getKeyStore() != null) {
                CredentialRules.checkKey(client, key, name, problems);
            }
            checkExpired(name, bundle.getStores().getKeyStore(), value, problems);
        }
        catch (RuntimeException | KeyStoreException ex) {
            problems.fail(value,
                    "SSL bundle " + ValueParser.quoted(name) + " cannot be loaded: " + ex.getMessage() + ".",
                    "Correct `spring.ssl.bundle...." + ShownValue.escape(name) + "`.");
        }
    }

    /** The certificates that this side shows. */
    private static void checkExpired(String bundle, @Nullable KeyStore keys, ConfiguredValue value, Problems problems)
            throws KeyStoreException {
        if (keys == null) {
            return;
        }
        for (String alias : Collections.list(keys.aliases())) {
            if (keys.isKeyEntry(alias) && keys.getCertificate(alias) instanceof X509Certificate certificate
                    && certificate.getNotAfter().before(new Date())) {
                problems.warn(value,
                        "The client certificate of SSL bundle " + ValueParser.quoted(bundle) + " expired on "
                                + LocalDate.ofInstant(certificate.getNotAfter().toInstant(), ZoneOffset.UTC) + ".",
                        "Renew it.");
            }
        }
    }

    /** The TLS settings of a client: those of the bundle, and what is said beside it. */
    TlsSettings settings(SslProperties properties) {
        if (properties.getBundle() == null || this.bundles == null) {
            return settings(properties, TlsSettings.defaults());
        }
        return settings(properties, this.bundles.getBundle(properties.getBundle()));
    }

    static TlsSettings settings(SslProperties properties, SslBundle bundle) {
        SslOptions options = bundle.getOptions();
        TlsSettings settings = TlsSettings.defaults().withContext(bundle.createSslContext());
        if (options.getEnabledProtocols() != null) {
            settings = settings.withProtocols(List.of(options.getEnabledProtocols()));
        }
        if (options.getCiphers() != null) {
            settings = settings.withCiphers(List.of(options.getCiphers()));
        }
        return settings(properties, settings);
    }

    static TlsSettings settings(SslProperties properties, TlsSettings base) {
        TlsSettings settings = base.withServerName(properties.getServerName()).withPins(properties.getPins());
        if (!properties.getProtocols().isEmpty()) {
            settings = settings.withProtocols(properties.getProtocols());
        }
        return properties.getCiphers().isEmpty() ? settings : settings.withCiphers(properties.getCiphers());
    }

}
