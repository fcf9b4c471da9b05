package dev.outbound.client.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bad line: passes TCP connections on to a port of 127.0.0.1, and does to their bytes
 * what each {@link Direction} is told, for all connections, at any time.
 */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket listener;

    private final int target;

    private final Direction toServer = new Direction();

    private final Direction toClient = new Direction();

    private final AtomicInteger accepted = new AtomicInteger();

    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    private final Thread acceptor;

    private TcpProxy(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
        this.acceptor = daemon(this::accept, "tcp-proxy-" + listener.getLocalPort());
    }

    /**
     * Start a line that is good for now.
     * @param target the port of 127.0.0.1 that it leads to
     * @return the line, accepting connections
     */
    public static TcpProxy to(int target) {
        try {
            TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), target);
            proxy.acceptor.start();
            return proxy;
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void accept() {
        while (!this.listener.isClosed()) {
            try {
                Socket client = this.listener.accept();
                this.accepted.incrementAndGet();
                Socket server = new Socket();
                Link link = new Link(client, server);
                this.links.add(link);
                server.connect(new InetSocketAddress("127.0.0.1", this.target));
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                daemon(() -> link.pump(client, server, this.toServer), "tcp-proxy-up-" + client.getPort()).start();
                daemon(() -> link.pump(server, client, this.toClient), "tcp-proxy-down-" + client.getPort()).start();
            }
            catch (IOException ex) {
                // The proxy was closed, or the server is: the client is told by the end.
                this.links.forEach(Link::closeUnconnected);
            }
        }
    }

    public int port() {
        return this.listener.getLocalPort();
    }

    /**
     * Return what is done to the bytes of requests.
     * @return the direction from the client to the server
     */
    public Direction toServer() {
        return this.toServer;
    }

    /**
     * Return what is done to the bytes of responses.
     * @return the direction from the server to the client
     */
    public Direction toClient() {
        return this.toClient;
    }

    /**
     * Return how many connections were accepted so far.
     * @return the number of connections
     */
    public int connections() {
        return this.accepted.get();
    }

    /** End all connections in both directions. */
    public void cut() {
        this.links.forEach((link) -> link.end(false));
    }

    /** Reset all connections. */
    public void reset() {
        this.links.forEach((link) -> link.end(true));
    }

    @Override
    public void close() {
        try {
            this.listener.close();
            this.acceptor.join(5000);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        cut();
        this.toServer.silent(false);
        this.toClient.silent(false);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Both sockets of one connection. */
    private final class Link {

        private final Socket client;

        private final Socket server;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pump(Socket from, Socket to, Direction direction) {
            byte[] buffer = new byte[16 * 1024];
            Direction.Flow flow = direction.flow();
            try {
                while (true) {
                    int count = from.getInputStream().read(buffer, 0, flow.most(buffer.length));
                    if (count < 0) {
                        flow.awaitVoice();
                        to.shutdownOutput();
                        return;
                    }
                    int passed = flow.pass(count);
                    to.getOutputStream().write(buffer, 0, passed);
                    if (flow.isBroken()) {
                        end(flow.isReset());
                        return;
                    }
                }
            }
            catch (IOException ex) {
                end(false);
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }

        void closeUnconnected() {
            if (!this.server.isConnected()) {
                end(false);
            }
        }

        void end(boolean reset) {
            TcpProxy.this.links.remove(this);
            for (Socket socket : new Socket[] { this.client, this.server }) {
                try {
                    if (reset) {
                        socket.setSoLinger(true, 0);
                    }
                    socket.close();
                }
                catch (IOException ex) {
                    // It was closed before: nothing is left to end.
                }
            }
        }

    }

}
