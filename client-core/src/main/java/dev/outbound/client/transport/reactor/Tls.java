package dev.outbound.client.transport.reactor;

import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import reactor.netty.tcp.SslProvider;

import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.TransportSettings;

/** Configures TLS. */
final class Tls {

    private Tls() {
    }

    static Consumer<SslProvider.SslContextSpec> of(TransportSettings settings) {
        SslContext context = context(settings.tls(), settings.http2());
        Duration limit = settings.timeouts().tls();
        // 0 stands for no limit.
        long millis = (limit != null) ? Math.max(1, limit.toMillis()) : 0;
        TlsSettings tls = settings.tls();
        return (spec) -> spec.sslContext(context)
            .handshakeTimeoutMillis(millis)
            .handlerConfigurator((handler) -> verify(handler, tls));
    }

    /**
     * Have the server's host name and its keys verified. The keys are behind the
     * handshake, before anybody learns that it is over.
     */
    private static void verify(SslHandler handler, TlsSettings tls) {
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        handler.engine().setSSLParameters(parameters);
        if (tls.pins().isEmpty()) {
            return;
        }
        handler.handshakeFuture().addListener((Future<Channel> handshake) -> {
            if (handshake.isSuccess()) {
                try {
                    tls.verifyPins(handler.engine().getSession());
                }
                catch (SSLException ex) {
                    ChannelGuard.refuse(handshake.getNow(), ex);
                }
            }
        });
    }

    static SslContext context(TlsSettings tls, Http2 http2) {
        SSLContext configured = tls.context();
        SslContext context = new JdkSslContext((configured != null) ? configured : standard(), true,
                tls.ciphers().isEmpty() ? null : tls.ciphers(), IdentityCipherSuiteFilter.INSTANCE, offer(http2),
                ClientAuth.NONE, tls.protocols().toArray(String[]::new), false);
        String name = tls.serverName();
        return (name != null) ? new NamedContext(context, name) : context;
    }

    private static @Nullable ApplicationProtocolConfig offer(Http2 http2) {
        return switch (http2) {
            case OFF -> null;
            case NEGOTIATED -> offer(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
            case PRIOR_KNOWLEDGE -> offer(ApplicationProtocolNames.HTTP_2);
        };
    }

    private static ApplicationProtocolConfig offer(String... protocols) {
        return new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, protocols);
    }

    /** Return what speaks TLS with a proxy, in front of everything else. */
    static SslHandler handler(SslContext context, TlsSettings tls, Channel channel, String host, int port) {
        SslHandler handler = context.newHandler(channel.alloc(), host, port);
        verify(handler, tls);
        // It is part of opening the connection, which has a limit.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
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

    /** Asks every server for one name, which its certificate must be for. */
    private static final class NamedContext extends SslContext {

        private final SslContext context;

        private final String name;

        NamedContext(SslContext context, String name) {
            this.context = context;
            this.name = name;
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator alloc, String host, int port) {
            return this.context.newEngine(alloc, this.name, port);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator alloc) {
            return this.context.newEngine(alloc, this.name, -1);
        }

        @Override
        public boolean isClient() {
            return true;
        }

        @Override
        public List<String> cipherSuites() {
            return this.context.cipherSuites();
        }

        @Override
        @SuppressWarnings("deprecation")
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return this.context.applicationProtocolNegotiator();
        }

        @Override
        public SSLSessionContext sessionContext() {
            return this.context.sessionContext();
        }

    }

}
