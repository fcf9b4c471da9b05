package dev.outbound.client.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Self-signed certificates, made by the JDK's {@code keytool} once for each name.
 *
 * @param server speaks with the certificate
 * @param client trusts it, and nothing else
 */
public record TestCertificates(SSLContext server, SSLContext client) {

    private static final Map<String, TestCertificates> MADE = new ConcurrentHashMap<>();

    private static final char[] PASSWORD = "changeit".toCharArray();

    /**
     * Return a certificate for some names.
     * @param names as {@code keytool} wants them, for example
     * {@code "dns:localhost,ip:127.0.0.1"}
     * @return contexts of both sides
     */
    public static TestCertificates of(String names) {
        return MADE.computeIfAbsent(names, TestCertificates::make);
    }

    private static TestCertificates make(String names) {
        try {
            Path directory = Files.createTempDirectory("outbound-lab");
            Path store = directory.resolve("server.p12");
            try {
                generate(names, store);
                return load(store);
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

    private static void generate(String names, Path store) throws IOException {
        Process keytool = new ProcessBuilder(
                List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                        "server", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", "-dname",
                        "CN=outbound lab", "-ext", "san=" + names, "-storetype", "PKCS12", "-keystore",
                        store.toString(), "-storepass", new String(PASSWORD)))
            .redirectErrorStream(true)
            .start();
        String output = new String(keytool.getInputStream().readAllBytes());
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

    private static TestCertificates load(Path file) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, PASSWORD);
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(keyManagers.getKeyManagers(), null, null);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, trustManagers.getTrustManagers(), null);
        return new TestCertificates(server, client);
    }

}
