package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.TlsSettings;

/**
 * Makes a connection a TLS connection, with the host name verified by the JDK's own rules
 * within the handshake.
 */
final class Tls {

    private final TlsSettings settings;

    private volatile @Nullable TlsSocketStrategy strategy;

    Tls(TlsSettings settings) {
        this.settings = settings;
    }

    TlsSettings settings() {
        return this.settings;
    }

    SSLSocket upgrade(Socket socket, String host, int port) throws IOException {
        String name = this.settings.serverName();
        SSLSocket secured = strategy().upgrade(socket, (name != null) ? name : host, port, null, null);
        this.settings.verifyPins(secured.getSession());
        return secured;
    }

    /** Not made before it is needed: reading the JDK's certificates takes its time. */
    private TlsSocketStrategy strategy() {
        TlsSocketStrategy strategy = this.strategy;
        if (strategy == null) {
            SSLContext context = this.settings.context();
            strategy = new DefaultClientTlsStrategy((context != null) ? context : defaultContext(),
                    this.settings.protocols().toArray(String[]::new),
                    this.settings.ciphers().isEmpty() ? null : this.settings.ciphers().toArray(String[]::new), null,
                    HostnameVerificationPolicy.BUILTIN, null);
            this.strategy = strategy;
        }
        return strategy;
    }

    private static SSLContext defaultContext() {
        try {
            return SSLContext.getDefault();
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException(
                    "The JDK's default SSLContext cannot be made; check the system properties javax.net.ssl.*", ex);
        }
    }

}
