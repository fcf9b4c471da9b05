package dev.outbound.boot;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import dev.outbound.client.http.Url;
import dev.outbound.client.transport.TlsSettings;

/**
 * TLS is that of this JVM, and used.
 */
final class TlsRules {

    /** RFC 8996 and RFC 7568 forbid them. */
    private static final Set<String> BROKEN = Set.of("SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1");

    private TlsRules() {
    }

    static void check(BoundClient client) {
        check(client, "ssl", client.properties().getSsl());
        ProxyProperties proxy = client.properties().getProxy();
        if (proxy != null) {
            check(client, "proxy.ssl", proxy.getSsl());
        }
        Url baseUrl = client.properties().getBaseUrl();
        String bundle = client.properties().getSsl().getBundle();
        if (bundle != null && baseUrl != null && baseUrl.scheme().equals("http")) {
            client.warn("ssl.bundle",
                    "SSL bundle " + ValueParser.quoted(bundle) + " is never used because base-url starts with http.",
                    "Use https or remove the bundle.");
        }
    }

    private static void check(BoundClient client, String block, SslProperties properties) {
        SSLParameters supported = supported();
        check(client, block + ".protocols", properties.getProtocols(), supported.getProtocols());
        check(client, block + ".ciphers", properties.getCiphers(), supported.getCipherSuites());
        try {
            TlsSettings.defaults().withPins(properties.getPins());
        }
        catch (IllegalArgumentException ex) {
            client.fail(block + ".pins", ex.getMessage() + ".",
                    "Write 'sha256/' and the Base64 of the SHA-256 digest of a public key, for two keys at least.");
        }
        properties.getProtocols()
            .stream()
            .filter(BROKEN::contains)
            .findFirst()
            .ifPresent((protocol) -> client.warn(block + ".protocols", protocol + " is broken and must not be used.",
                    "Use TLSv1.3 and TLSv1.2."));
    }

    private static void check(BoundClient client, String key, List<String> names, String[] supported) {
        List<String> known = Arrays.asList(supported);
        for (String name : names) {
            if (!known.contains(name)) {
                client.fail(key,
                        "This JVM knows no " + (key.endsWith("ciphers") ? "cipher suite " : "TLS version ")
                                + ValueParser.quoted(name) + "." + Nearest.question(Nearest.to(name, known)),
                        "Use names as the JDK has them, for example "
                                + (key.endsWith("ciphers") ? "TLS_AES_128_GCM_SHA256" : "TLSv1.3") + ".");
                return;
            }
        }
    }

    private static SSLParameters supported() {
        try {
            return SSLContext.getDefault().getSupportedSSLParameters();
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("This JVM has no default SSL context", ex);
        }
    }

}
