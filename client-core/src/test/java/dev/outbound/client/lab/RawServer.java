package dev.outbound.client.lab;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * A TCP server on 127.0.0.1 that plays a {@link Script} on each connection: the n-th one
 * gets the n-th script, all further ones the last. Its threads are daemons; closing it
 * closes all connections.
 */
public final class RawServer implements AutoCloseable {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final ServerSocket listener;

    private final @Nullable ServerTls tls;

    private final List<Script> scripts;

    private final AtomicInteger accepted = new AtomicInteger();

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    private final List<String> requests;

    private final List<InetAddress> peers;

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private final List<Socket> fillers = new ArrayList<>();

    private @Nullable Thread acceptor;

    private RawServer(ServerSocket listener, @Nullable ServerTls tls, List<Script> scripts) {
        this(listener, tls, scripts, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    private RawServer(ServerSocket listener, @Nullable ServerTls tls, List<Script> scripts, List<String> requests,
            List<InetAddress> peers) {
        this.listener = listener;
        this.tls = tls;
        this.scripts = scripts;
        this.requests = requests;
        this.peers = peers;
    }

    /**
     * Start a server for more requests than are worth remembering: it knows neither
     * {@link #requests()} nor {@link #peers()}.
     * @param script what to do on each connection
     * @return the server, accepting connections
     */
    public static RawServer startForgetful(Script script) {
        return started(
                new RawServer(listen("127.0.0.1", 0, 50), null, List.of(script), new Nothing<>(), new Nothing<>()));
    }

    /**
     * Start a server.
     * @param first what to do on the first connection
     * @param next what to do on the following ones; the last script is repeated
     * @return the server, accepting connections
     */
    public static RawServer start(Script first, Script... next) {
        return start((ServerTls) null, first, next);
    }

    /**
     * Start a server that speaks TLS as the JDK does by default.
     * @param context key and certificate of the server
     * @param first what to do on the first connection
     * @param next what to do on the following ones; the last script is repeated
     * @return the server, accepting connections
     */
    public static RawServer start(SSLContext context, Script first, Script... next) {
        return start(ServerTls.of(context), first, next);
    }

    /**
     * Start a server that may speak TLS.
     * @param tls how it speaks TLS, or {@code null} for plain TCP
     * @param first what to do on the first connection
     * @param next what to do on the following ones; the last script is repeated
     * @return the server, accepting connections
     */
    public static RawServer start(@Nullable ServerTls tls, Script first, Script... next) {
        List<Script> scripts = new ArrayList<>(List.of(next));
        scripts.add(0, first);
        return started(new RawServer(listen("127.0.0.1", 0, 50), tls, scripts));
    }

    /**
     * Start a server on an address, and maybe a port, of its own.
     * @param address a local address, for example {@code 127.0.0.2}
     * @param port the port of another server at another address, or 0 for any
     * @param script what to do on each connection
     * @return the server, accepting connections
     */
    public static RawServer startAt(String address, int port, Script script) {
        return started(new RawServer(listen(address, port, 50), null, List.of(script)));
    }

    private static RawServer started(RawServer server) {
        Thread acceptor = daemon(server::accept, "raw-server-" + server.port());
        server.acceptor = acceptor;
        acceptor.start();
        return server;
    }

    /**
     * Start a server to which no connection can be opened: connecting hangs, for its
     * backlog is full.
     * @return the server
     */
    public static RawServer blackHole() {
        RawServer server = new RawServer(listen("127.0.0.1", 0, 1), null, List.of());
        while (server.fill()) {
            if (server.fillers.size() > 16) {
                throw new IllegalStateException("The backlog of 1 takes more than 16 connections");
            }
        }
        return server;
    }

    private static ServerSocket listen(String address, int port, int backlog) {
        try {
            return new ServerSocket(port, backlog, InetAddress.getByName(address));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private boolean fill() {
        try {
            Socket filler = new Socket();
            filler.connect(new InetSocketAddress("127.0.0.1", port()), 50);
            return this.fillers.add(filler);
        }
        catch (SocketTimeoutException ex) {
            return false;
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void accept() {
        while (!this.listener.isClosed()) {
            try {
                Socket socket = this.listener.accept();
                this.peers.add(socket.getInetAddress());
                Connection connection = new Connection(socket, this.tls, this.requests);
                this.open.add(connection);
                int index = this.accepted.getAndIncrement();
                changed();
                Script script = this.scripts.get(Math.min(index, this.scripts.size() - 1));
                daemon(() -> run(script, connection), "raw-server-" + port() + "-" + (index + 1)).start();
            }
            catch (IOException ex) {
                keep(ex);
            }
        }
    }

    private void run(Script script, Connection connection) {
        try {
            script.run(connection);
        }
        catch (Throwable ex) {
            keep(ex);
        }
        finally {
            end(connection);
        }
    }

    private void end(Connection connection) {
        try {
            connection.close();
        }
        catch (IOException ex) {
            keep(ex);
        }
        this.open.remove(connection);
        changed();
    }

    private void keep(Throwable ex) {
        boolean gone = ex instanceof SocketException || ex instanceof EOFException || ex instanceof SSLException;
        if (!gone) {
            this.failures.add(ex);
        }
    }

    public int port() {
        return this.listener.getLocalPort();
    }

    /**
     * Return the URL of this server.
     * @return for example {@code http://127.0.0.1:40000}
     */
    public String url() {
        return ((this.tls != null) ? "https" : "http") + "://127.0.0.1:" + port();
    }

    /**
     * Return a URL on this server.
     * @param path begins with a slash
     * @return the URL
     */
    public String url(String path) {
        return url() + path;
    }

    /**
     * Return how many connections were accepted so far.
     * @return the number of connections
     */
    public int connections() {
        return this.accepted.get();
    }

    /**
     * Return where connections came from.
     * @return an address for each connection
     */
    public List<InetAddress> peers() {
        return List.copyOf(this.peers);
    }

    /**
     * Return how many connections are open: their script is still running. A script that
     * reads or {@linkplain Connection#hold() holds} ends when the peer closes.
     * @return the number of connections
     */
    public int open() {
        return this.open.size();
    }

    /**
     * Wait until that many connections are open, for the end of a connection takes its
     * time to arrive.
     * @param expected the number of connections
     * @throws AssertionError if it is still another number after 5 seconds
     */
    public void awaitOpen(int expected) {
        await(() -> open() == expected, () -> "open connections: " + open() + ", expected: " + expected);
    }

    /**
     * Wait until that many connections were accepted.
     * @param expected the number of connections
     * @throws AssertionError if there are fewer after 5 seconds
     */
    public void awaitConnections(int expected) {
        await(() -> connections() >= expected, () -> "connections: " + connections() + ", expected: " + expected);
    }

    private synchronized void await(BooleanSupplier condition, Supplier<String> message) {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError(message.get());
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            catch (InterruptedException ex) {
                throw new AssertionError("Interrupted; " + message.get(), ex);
            }
        }
    }

    private synchronized void changed() {
        notifyAll();
    }

    /**
     * Return the heads of the requests seen, on all connections, in the order of arrival.
     * @return the heads, each with its empty line
     */
    public List<String> requests() {
        return List.copyOf(this.requests);
    }

    /**
     * Return what scripts have thrown, but for what says that the peer was gone.
     * @return the exceptions and errors
     */
    public List<Throwable> failures() {
        return List.copyOf(this.failures);
    }

    @Override
    public void close() {
        try {
            this.listener.close();
            for (Socket filler : this.fillers) {
                filler.close();
            }
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        awaitAcceptor();
        this.open.forEach(this::end);
    }

    /**
     * The kernel listens as long as a thread is in its accept: a connection could be
     * opened after the closing.
     */
    private void awaitAcceptor() {
        Thread acceptor = this.acceptor;
        try {
            if (acceptor != null && acceptor != Thread.currentThread()) {
                acceptor.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE));
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Keeps nothing of what is added. */
    private static final class Nothing<T> extends AbstractList<T> {

        @Override
        public boolean add(T element) {
            return false;
        }

        @Override
        public T get(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public int size() {
            return 0;
        }

    }

}
