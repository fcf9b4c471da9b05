package dev.outbound.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The upstream of all contenders: one thread that answers from memory. It looks for
 * requests without sleeping while they come, for waking a sleeping core costs more than
 * most of what is measured here.
 * <p>
 * {@code GET /bytes/N} answers N bytes; a request with a body is answered when the body
 * has been read; everything else answers {@link Item#JSON}.
 */
final class Server implements AutoCloseable {

    private static final long SPIN = TimeUnit.MILLISECONDS.toNanos(2);

    private final Selector selector;

    private final ServerSocketChannel listener;

    private long lastActive = System.nanoTime();

    private Server(Selector selector, ServerSocketChannel listener) {
        this.selector = selector;
        this.listener = listener;
    }

    static Server open() throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        return new Server(selector, listener);
    }

    int port() {
        return this.listener.socket().getLocalPort();
    }

    /** Serve until this server is closed. */
    void run() throws IOException {
        try {
            serve();
        }
        catch (ClosedSelectorException ex) {
            // That is how it ends.
        }
    }

    private void serve() throws IOException {
        while (true) {
            boolean active = System.nanoTime() - this.lastActive < SPIN;
            int ready = active ? this.selector.selectNow(this::handle) : this.selector.select(this::handle);
            if (ready > 0) {
                this.lastActive = System.nanoTime();
            }
            else if (active) {
                Thread.onSpinWait();
            }
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            }
            else {
                ((Exchanges) key.attachment()).ready();
            }
        }
        catch (IOException ex) {
            // The client went away.
            key.cancel();
            try {
                key.channel().close();
            }
            catch (IOException other) {
                ex.addSuppressed(other);
            }
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = this.listener.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.socket().setTcpNoDelay(true);
            SelectionKey key = channel.register(this.selector, SelectionKey.OP_READ);
            key.attach(new Exchanges(channel, key));
        }
    }

    @Override
    public void close() throws IOException {
        this.listener.close();
        this.selector.close();
    }

    /** Says its port, and serves until its standard input ends. */
    public static void main(String[] args) throws IOException {
        Server server = open();
        OutputStream out = System.out;
        out.write((server.port() + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        Thread parent = new Thread(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            }
            catch (IOException ex) {
                throw new IllegalStateException("The standard input broke", ex);
            }
            finally {
                Runtime.getRuntime().halt(0);
            }
        });
        parent.setDaemon(true);
        parent.start();
        server.run();
    }

}
