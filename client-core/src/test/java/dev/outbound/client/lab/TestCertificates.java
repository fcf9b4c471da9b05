package dev.outbound.client.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * A key with a certificate, made by the JDK's {@code keytool} once for each name. The
 * certificate is self-signed, or, where its time matters, by an authority of its own: the
 * JDK does not ask what it was told to trust for its time.
 */
public final class TestCertificates {

    private static final Map<String, TestCertificates> MADE = new ConcurrentHashMap<>();

    private static final char[] PASSWORD = "changeit".toCharArray();

    private static final String ALIAS = "server";

    private static final String AUTHORITY = "authority";

    private final KeyStore keys;

    /** What clients trust. */
    private final Certificate anchor;

    private TestCertificates(KeyStore keys, Certificate anchor) {
        this.keys = keys;
        this.anchor = anchor;
    }

    /**
     * Return a certificate for some names.
     * @param names as {@code keytool} wants them, for example
     * {@code "dns:localhost,ip:127.0.0.1"}
     * @return contexts of both sides
     */
    public static TestCertificates of(String names) {
        return of(names, "", 2);
    }

    /**
     * Return a certificate that has expired yesterday.
     * @param names as for {@link #of(String)}
     * @return contexts of both sides; the client's trusts who has signed it
     */
    public static TestCertificates expired(String names) {
        return of(names, "-3d", 2);
    }

    /**
     * Return a certificate that is valid from tomorrow.
     * @param names as for {@link #of(String)}
     * @return contexts of both sides; the client's trusts who has signed it
     */
    public static TestCertificates notYetValid(String names) {
        return of(names, "+1d", 2);
    }

    /**
     * Return a certificate that an authority has signed.
     * @param names as for {@link #of(String)}
     * @return contexts of both sides; the client's trusts the authority
     */
    public static TestCertificates signed(String names) {
        return of(names, "-1d", 10);
    }

    private static TestCertificates of(String names, String start, int days) {
        return MADE.computeIfAbsent(names + " " + start, (key) -> make(names, start, days));
    }

    private static TestCertificates make(String names, String start, int days) {
        try {
            Path directory = Files.createTempDirectory("outbound-lab");
            Path store = directory.resolve("server.p12");
            try {
                if (!start.isEmpty()) {
                    generate(AUTHORITY, "bc=ca:true", List.of("-validity", "10", "-startdate", "-5d"), store);
                    generate(ALIAS, "san=" + names,
                            List.of("-validity", Integer.toString(days), "-startdate", start, "-signer", AUTHORITY),
                            store);
                }
                else {
                    generate(ALIAS, "san=" + names, List.of("-validity", Integer.toString(days)), store);
                }
                KeyStore keys = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(store)) {
                    keys.load(in, PASSWORD);
                }
                Certificate anchor = keys.getCertificate(keys.containsAlias(AUTHORITY) ? AUTHORITY : ALIAS);
                keys.deleteEntry(AUTHORITY);
                return new TestCertificates(keys, anchor);
            }
            finally {
                Files.deleteIfExists(store);
                Files.delete(directory);
            }
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static void generate(String alias, String extension, List<String> options, Path store) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair", "-alias", alias, "-keyalg",
                        "EC", "-groupname", "secp256r1", "-dname", "CN=outbound lab " + alias, "-ext", extension,
                        "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        command.addAll(options);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool failed: " + output);
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    /**
     * Return the context of a server that speaks with the certificate.
     * @return a context that trusts nobody's
     */
    public SSLContext server() {
        return context(this, null);
    }

    /**
     * Return the context of a server that speaks with the certificate.
     * @param trusted whose certificate a client may show
     * @return a context for {@link ServerTls#demandingCertificates()}
     */
    public SSLContext serverTrusting(TestCertificates trusted) {
        return context(this, trusted);
    }

    /**
     * Return the context of a client that trusts the certificate, and nothing else.
     * @return a context without a certificate of its own
     */
    public SSLContext client() {
        return context(null, this);
    }

    /**
     * Return the context of a client that trusts the certificate, and shows one.
     * @param shown the client's own
     * @return a context with a key
     */
    public SSLContext clientShowing(TestCertificates shown) {
        return context(shown, this);
    }

    private static SSLContext context(@Nullable TestCertificates own, @Nullable TestCertificates trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init((own != null) ? own.keyManagers() : null,
                    (trusted != null) ? trusted.trustManagers() : new TrustManager[0], null);
            return context;
        }
        catch (GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /**
     * Return the context of a server that sends a certificate along that has nothing to
     * do with its own.
     * @param other whose certificate
     * @return a context that trusts nobody's
     */
    public SSLContext serverSending(TestCertificates other) {
        try {
            // This kind of store takes any chain.
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setKeyEntry(ALIAS, this.keys.getKey(ALIAS, PASSWORD), PASSWORD,
                    new Certificate[] { certificate(), other.certificate() });
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), new TrustManager[0], null);
            return context;
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /**
     * Return the context of a client that trusts no certificate of which it cannot find
     * out whether it was revoked.
     * @return a context without a certificate of its own
     */
    public SSLContext clientCheckingRevocation() {
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    Set.of(new TrustAnchor((X509Certificate) this.anchor, null)), new X509CertSelector());
            parameters.setRevocationEnabled(true);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        }
        catch (GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private KeyManager[] keyManagers() throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(this.keys, PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager[] trustManagers() throws GeneralSecurityException {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, this.anchor);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Return the certificate of who has signed this one, or this one. */
    public X509Certificate authority() {
        return (X509Certificate) this.anchor;
    }

    public X509Certificate certificate() {
        try {
            return (X509Certificate) this.keys.getCertificate(ALIAS);
        }
        catch (GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /**
     * Return the certificate as a bundle's file has it.
     * @return PEM
     */
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate().getEncoded());
        }
        catch (GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /**
     * Return the private key as a bundle's file has it.
     * @return PEM of PKCS #8
     */
    public String privateKeyPem() {
        try {
            PrivateKey key = (PrivateKey) this.keys.getKey(ALIAS, PASSWORD);
            return pem("PRIVATE KEY", key.getEncoded());
        }
        catch (GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content)
                + "\n-----END " + type + "-----\n";
    }

}
