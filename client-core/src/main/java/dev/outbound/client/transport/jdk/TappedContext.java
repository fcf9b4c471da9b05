package dev.outbound.client.transport.jdk;

import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Gives the JDK's client a {@link TappedEngine} for each of its connections.
 */
final class TappedContext extends SSLContextSpi {

    private final @Nullable SecureEngines tls;

    private final Tap tap;

    /** Sees what passes over a new connection. */
    interface Tap {

        Traffic open();

    }

    private TappedContext(@Nullable SecureEngines tls, Tap tap) {
        this.tls = tls;
        this.tap = tap;
    }

    /**
     * Create a context.
     * @param tls makes connections secure, or {@code null} for connections without TLS
     * @param tap sees what passes
     * @return the context
     */
    static SSLContext of(@Nullable SecureEngines tls, Tap tap) {
        return new SSLContext(new TappedContext(tls, tap), null, "TLS") {
        };
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return new TappedEngine(this.tls, this.tap.open(), host, port);
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return (this.tls != null) ? this.tls.context().getDefaultSSLParameters() : none();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return (this.tls != null) ? this.tls.context().getSupportedSSLParameters() : none();
    }

    /** The JDK looks for protocols in any case. */
    private static SSLParameters none() {
        return new SSLParameters(new String[0], new String[] { "TLSv1.3" });
    }

    @Override
    protected @Nullable SSLSessionContext engineGetClientSessionContext() {
        return (this.tls != null) ? this.tls.context().getClientSessionContext() : null;
    }

    @Override
    protected @Nullable SSLSessionContext engineGetServerSessionContext() {
        return (this.tls != null) ? this.tls.context().getServerSessionContext() : null;
    }

    @Override
    protected void engineInit(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust,
            @Nullable SecureRandom random) {
        throw new IllegalStateException("This context is made ready");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        throw unsupported();
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        throw unsupported();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("The JDK's client knows the host, and uses no sockets of TLS");
    }

}
