package dev.outbound.client.transport.reactor;

import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import reactor.netty.tcp.SslProvider;

import dev.outbound.client.transport.TransportSettings;

/** Configures TLS. Host names are verified, which Reactor Netty's client adds itself. */
final class Tls {

    private Tls() {
    }

    static Consumer<SslProvider.SslContextSpec> of(TransportSettings settings) {
        SSLContext configured = settings.sslContext();
        SslContext context = new JdkSslContext((configured != null) ? configured : standard(), true, null,
                IdentityCipherSuiteFilter.INSTANCE, null, ClientAuth.NONE, null, false);
        Duration limit = settings.timeouts().tls();
        // 0 stands for no limit.
        long millis = (limit != null) ? Math.max(1, limit.toMillis()) : 0;
        return (spec) -> spec.sslContext(context).handshakeTimeoutMillis(millis);
    }

    /** The one of the JVM: its trust store is read once for all clients. */
    private static SSLContext standard() {
        try {
            return SSLContext.getDefault();
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("The default TLS settings of this JVM cannot be used", ex);
        }
    }

}
