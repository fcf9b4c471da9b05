package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Failures;

/**
 * Opens connections: lookup, TCP, TLS. HttpClient's own operator gives each address the
 * whole connect limit, begins another address when it was broken off, and reports a TLS
 * handshake that takes too long as a connection that does.
 */
final class Connector {

    private final @Nullable SSLContext sslContext;

    private volatile @Nullable TlsSocketStrategy tls;

    private final Lookup lookup;

    Connector(@Nullable SSLContext sslContext, Lookup lookup) {
        this.sslContext = sslContext;
        this.lookup = lookup;
    }

    /**
     * Open a connection. It is bound to the wire before it blocks, so that closing the
     * wire breaks it off.
     * @throws IOException if it cannot be opened; the attempt's phase tells where
     */
    void connect(Wire wire, Origin origin, Attempt attempt, Cancellation cancellation) throws IOException {
        Timeouts timeouts = attempt.timeouts();
        Socket socket = open(wire, origin, timeouts.connect(), attempt, cancellation);
        try {
            if (origin.secure()) {
                attempt.phase(Phase.TLS);
                secure(wire, socket, origin, timeouts.tls(), cancellation);
            }
            wire.failIfClosed();
        }
        catch (IOException | RuntimeException ex) {
            Closer.closeQuietly(socket);
            throw ex;
        }
    }

    private Socket open(Wire wire, Origin origin, @Nullable Duration limit, Attempt attempt, Cancellation cancellation)
            throws IOException {
        long end = (limit != null) ? System.nanoTime() + limit.toNanos() : 0;
        attempt.phase(Phase.LOOKUP);
        InetAddress[] addresses = this.lookup.addresses(origin.host(),
                (limit != null) ? limit.toNanos() : Long.MAX_VALUE, cancellation);
        if (addresses == null) {
            throw Failures.timeout(Phase.LOOKUP, attempt.url(), null);
        }
        for (int i = 0;; i++) {
            long left = (limit != null) ? end - System.nanoTime() : 0;
            if (limit != null && left <= 0) {
                throw Failures.timeout(attempt.phase(), attempt.url(), null);
            }
            attempt.phase(Phase.CONNECT);
            // Each address has its share, so that a dead one does not hide a live one.
            int millis = (limit != null) ? Wire.millis(Duration.ofNanos(left / (addresses.length - i))) : 0;
            SocketChannel channel = SocketChannel.open();
            Socket socket = channel.socket();
            try {
                wire.over(channel);
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(addresses[i], origin.port()), millis);
                return socket;
            }
            catch (IOException ex) {
                Closer.closeQuietly(socket);
                wire.failIfClosed();
                if (i == addresses.length - 1) {
                    throw ex;
                }
            }
        }
    }

    private void secure(Wire wire, Socket socket, Origin origin, @Nullable Duration limit, Cancellation cancellation)
            throws IOException {
        socket.setSoTimeout((limit != null) ? Wire.millis(limit) : 0);
        // The socket limits each read only; a handshake that trickles is ended like a
        // write.
        cancellation.writing(limit);
        SSLSocket secured = tls().upgrade(socket, origin.host(), origin.port(), null, null);
        cancellation.written();
        wire.bind(secured, socket);
    }

    /** Not made before it is needed: reading the JDK's certificates takes its time. */
    private TlsSocketStrategy tls() {
        TlsSocketStrategy tls = this.tls;
        if (tls == null) {
            tls = new DefaultClientTlsStrategy((this.sslContext != null) ? this.sslContext : defaultContext(),
                    HostnameVerificationPolicy.BUILTIN, null);
            this.tls = tls;
        }
        return tls;
    }

    private static SSLContext defaultContext() {
        try {
            return SSLContext.getDefault();
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException(
                    "The JDK's default SSLContext cannot be made; check the system" + " properties javax.net.ssl.*",
                    ex);
        }
    }

}
