package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLSocket;

import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.Route;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Tunnel;

/**
 * Opens connections: lookup, TCP, what a proxy has to be told, TLS. HttpClient's own
 * operator gives each address the whole connect limit, begins another address when it was
 * broken off, and reports a TLS handshake that takes too long as a connection that does.
 */
final class Connector {

    private volatile Tls tls;

    private final @Nullable InetAddress localAddress;

    Connector(Tls tls, @Nullable InetAddress localAddress) {
        this.tls = tls;
        this.localAddress = localAddress;
    }

    void reload(TlsSettings tls) {
        this.tls = new Tls(tls);
    }

    /** Return whether a new connection would be opened in the same way. */
    boolean isCurrent(Wire wire) {
        Tls tls = wire.tls();
        return tls == null || tls == this.tls;
    }

    /**
     * Open a connection. It is bound to the wire before it blocks, so that closing the
     * wire breaks it off.
     * @throws IOException if it cannot be opened; the attempt's phase tells where
     */
    void connect(Wire wire, Route route, Origin origin, Attempt attempt, Cancellation cancellation) throws IOException {
        Timeouts timeouts = attempt.timeouts();
        Socket socket = open(wire, route, timeouts.connect(), attempt, cancellation);
        try {
            if (origin.secure()) {
                attempt.phase(Phase.TLS);
                Tls tls = this.tls;
                wire.tls(tls);
                secure(tls, wire, socket, origin.host(), origin.port(), timeouts.tls(), cancellation);
            }
            wire.failIfClosed();
        }
        catch (IOException | RuntimeException ex) {
            Closer.closeQuietly(socket);
            throw ex;
        }
    }

    private Socket open(Wire wire, Route route, @Nullable Duration limit, Attempt attempt, Cancellation cancellation)
            throws IOException {
        Limit time = new Limit(limit, route, attempt);
        attempt.phase(Phase.LOOKUP);
        List<InetAddress> addresses = Addresses.of(route, (limit != null) ? limit.toNanos() : Long.MAX_VALUE,
                cancellation, wire);
        if (addresses == null) {
            throw route.timeout(Phase.LOOKUP, null);
        }
        attempt.phase(Phase.CONNECT);
        if (route.proxy() == null) {
            return open(wire, addresses, route.port(), time);
        }
        Tunnel tunnel = route.tunnels() ? route.tunnel() : null;
        while (true) {
            Socket socket = open(wire, addresses, route.port(), time);
            try {
                socket = throughProxy(wire, socket, route.proxy(), tunnel, time, cancellation);
                if (tunnel == null || tunnel.isOpen()) {
                    return socket;
                }
                Closer.closeQuietly(socket);
            }
            catch (IOException | RuntimeException ex) {
                Closer.closeQuietly(socket);
                throw ex;
            }
        }
    }

    private Socket open(Wire wire, List<InetAddress> addresses, int port, Limit time) throws IOException {
        for (int i = 0;; i++) {
            // Each address has its share, so that a dead one does not hide a live one.
            int millis = time.millisLeft(addresses.size() - i);
            SocketChannel channel = SocketChannel.open();
            Socket socket = channel.socket();
            try {
                wire.over(channel);
                socket.setTcpNoDelay(true);
                if (this.localAddress != null) {
                    socket.bind(new InetSocketAddress(this.localAddress, 0));
                }
                socket.connect(new InetSocketAddress(addresses.get(i), port), millis);
                return socket;
            }
            catch (IOException ex) {
                Closer.closeQuietly(socket);
                wire.failIfClosed();
                if (i == addresses.size() - 1) {
                    throw ex;
                }
            }
        }
    }

    private Socket throughProxy(Wire wire, Socket socket, Proxy proxy, @Nullable Tunnel tunnel, Limit time,
            Cancellation cancellation) throws IOException {
        Socket toProxy = proxy.isSecure()
                ? secure(new Tls(proxy.tls()), wire, socket, proxy.host(), proxy.port(), time.left(), cancellation)
                : socket;
        if (tunnel != null) {
            // The socket limits each read only; a proxy that trickles is ended like a
            // write.
            cancellation.writing(time.left());
            toProxy.setSoTimeout(time.millisLeft(1));
            converse(tunnel, toProxy);
            cancellation.written();
        }
        return toProxy;
    }

    private static void converse(Tunnel tunnel, Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] buffer = new byte[1024];
        out.write(tunnel.begin());
        out.flush();
        while (!tunnel.isOpen() && !tunnel.needsAnotherConnection()) {
            int count = in.read(buffer);
            if (count < 0) {
                throw tunnel.closed();
            }
            byte[] answer = tunnel.received(ByteBuffer.wrap(buffer, 0, count));
            if (answer.length > 0) {
                out.write(answer);
                out.flush();
            }
        }
    }

    private static SSLSocket secure(Tls tls, Wire wire, Socket socket, String host, int port, @Nullable Duration limit,
            Cancellation cancellation) throws IOException {
        socket.setSoTimeout((limit != null) ? Wire.millis(limit) : 0);
        // The socket limits each read only; a handshake that trickles is ended like a
        // write.
        cancellation.writing(limit);
        SSLSocket secured = tls.upgrade(socket, host, port);
        cancellation.written();
        wire.over(secured, socket);
        return secured;
    }

    /** What is left of the time for opening a connection. */
    private static final class Limit {

        private final boolean limited;

        private final long end;

        private final Route route;

        private final Attempt attempt;

        Limit(@Nullable Duration limit, Route route, Attempt attempt) {
            this.limited = limit != null;
            this.end = (limit != null) ? System.nanoTime() + limit.toNanos() : 0;
            this.route = route;
            this.attempt = attempt;
        }

        /** Return the time that is left, or {@code null} where there is no limit. */
        @Nullable Duration left() {
            if (!this.limited) {
                return null;
            }
            long left = this.end - System.nanoTime();
            if (left <= 0) {
                throw this.route.timeout(this.attempt.phase(), null);
            }
            return Duration.ofNanos(left);
        }

        int millisLeft(int shares) {
            Duration left = left();
            return (left != null) ? Wire.millis(left.dividedBy(shares)) : 0;
        }

    }

}
