package dev.outbound.client.transport.httpcomponents;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;

import javax.net.ssl.SSLSocket;

import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.HttpMessageWriter;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Limits;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.OutgoingHeadWriter;

/**
 * One connection. Used by one thread at a time, closed by any.
 */
final class Wire extends DefaultBHttpClientConnection {

    /** A busy TLS connection is not asked whether it was closed without a word of TLS. */
    static final long TRUSTED_MILLIS = 50;

    /**
     * A connection that its server has kept open for another request before, and that was
     * used within the last milliseconds, is asked for what it was not to send, and not
     * for its end: that may as well come behind the question, which costs as much as
     * writing the request.
     */
    private static final long JUST_USED_MILLIS = 2;

    private final Limits limits;

    private final ResponseHeadParser parser;

    private final ByteBuffer probe = ByteBuffer.allocate(1);

    private @Nullable Cancellation watch;

    private @Nullable Duration readLimit;

    private volatile @Nullable Future<?> lookup;

    private @Nullable SocketChannel channel;

    private @Nullable Tls tls;

    /** What is read from, where TLS is spoken. */
    private @Nullable SSLSocket secured;

    /** What TLS is spoken over: that may be TLS, too, with a proxy. */
    private @Nullable Socket below;

    private boolean kept;

    private boolean cut;

    /** Something was read that is behind a response. */
    private boolean spoilt;

    private volatile boolean closed;

    Wire(Limits limits) {
        this(limits, new ResponseHeadParser(limits));
    }

    private Wire(Limits limits, ResponseHeadParser parser) {
        super(config(limits), null, null, BodyLength::determine, Wire::bodyLength, null, Wire::headWriter,
                (config) -> parser);
        this.limits = limits;
        this.parser = parser;
    }

    private static Http1Config config(Limits limits) {
        return Http1Config.custom().setMaxLineLength(limits.head()).setMaxHeaderCount(limits.headLines()).build();
    }

    private static long bodyLength(HttpMessage message) {
        return ((OutgoingRequest) message).head().bodyLength();
    }

    private static HttpMessageWriter<ClassicHttpRequest> headWriter() {
        OutgoingHeadWriter writer = new OutgoingHeadWriter();
        return (message, buffer, out) -> {
            OutgoingRequest request = (OutgoingRequest) message;
            writer.write(request.getMethod(), request.target(), request.head());
            buffer.write(writer.bytes(), 0, writer.length(), out);
        };
    }

    Limits limits() {
        return this.limits;
    }

    /** Return with what the server is spoken to, or {@code null} for plain text. */
    @Nullable Tls tls() {
        return this.tls;
    }

    void tls(Tls tls) {
        this.tls = tls;
    }

    @Override
    protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream in) {
        return (length == ContentLengthStrategy.CHUNKED)
                ? new ChunkedBody(buffer, in, this.limits, () -> this.spoilt = true)
                : super.createContentInputStream(length, buffer, in);
    }

    /**
     * Set the longest gap between two bytes that are read.
     * @param limit the limit, or {@code null} for none
     * @throws IOException if the connection is closed
     */
    void readLimit(@Nullable Duration limit) throws IOException {
        this.watch = null;
        ensureOpen().getSocket().setSoTimeout((limit != null) ? millis(limit) : 0);
    }

    /**
     * Set the longest gap between two bytes that a call reads. Where the call is watched
     * anyhow, the socket need not do it: it would change its mode, ask, wait, ask again
     * and change back for each read.
     * @param limit the limit, or {@code null} for none
     * @throws IOException if the connection is closed
     */
    void readLimit(@Nullable Duration limit, Cancellation cancellation) throws IOException {
        boolean watched = cancellation.isWatched();
        readLimit(watched ? null : limit);
        this.readLimit = limit;
        this.watch = watched ? cancellation : null;
    }

    /**
     * Return whether the server says something, as far as it is known here. Of TLS that
     * may be a session ticket, which has to be read to be known.
     */
    boolean isSpoken() throws IOException {
        SocketChannel channel = this.channel;
        if (hasUnreadData()) {
            return true;
        }
        return channel != null && !hasNothing(channel)
                && (getSSLSession() == null || isDataAvailable(Timeout.ofMilliseconds(1)));
    }

    /**
     * End the body that is being written where it is, so that it is not taken for all.
     */
    void cutBody() {
        this.cut = true;
    }

    @Override
    protected OutputStream createContentOutputStream(long length, SessionOutputBuffer buffer, OutputStream out,
            @Nullable Supplier<List<? extends Header>> trailers) {
        this.cut = false;
        return new FilterOutputStream(super.createContentOutputStream(length, buffer, out, trailers)) {

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                this.out.write(bytes, offset, count);
            }

            @Override
            public void close() throws IOException {
                if (!Wire.this.cut) {
                    this.out.close();
                }
            }

        };
    }

    /** Forget the call. */
    void released() {
        this.watch = null;
    }

    /** Speak TLS from now on. */
    void over(SSLSocket secured, Socket socket) throws IOException {
        this.secured = secured;
        this.below = socket;
        bind(new WatchedSocket(secured, socket));
    }

    /** Round up, for 0 would stand for no limit. */
    static int millis(Duration limit) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, limit.toMillis()));
    }

    /**
     * Take a lookup of addresses to connect to, so that closing this breaks it off.
     * @throws IOException if this was closed before
     */
    void awaits(Future<?> lookup) throws IOException {
        this.lookup = lookup;
        failIfClosed();
    }

    /**
     * Take the channel of a connection to be opened, so that closing this breaks it off.
     * @throws IOException if this was closed before
     */
    void over(SocketChannel channel) throws IOException {
        this.lookup = null;
        this.channel = channel;
        bind(new WatchedSocket(channel.socket()));
        failIfClosed();
    }

    /**
     * Return whether the server has neither closed this connection nor sent what nobody
     * asked for, as far as it is known here. Does not wait.
     * @param idle how long this connection was not used, in milliseconds
     */
    boolean isFitForUse(long idle) {
        SocketChannel channel = this.channel;
        if (channel == null || !isOpen() || hasUnreadData()) {
            return false;
        }
        try {
            if (getSSLSession() == null) {
                boolean trusted = this.kept && idle < JUST_USED_MILLIS;
                this.kept = true;
                return trusted ? hasNothing(channel) : isSilent(channel);
            }
            // What has come is TLS's to read: a session ticket, its end, or a response.
            boolean silent = !hasDecrypted(this.below)
                    && ((idle < TRUSTED_MILLIS) ? hasNothing(channel) : !isReadable(channel));
            return silent || (!isStale() && !hasUnreadData());
        }
        catch (IOException ex) {
            return false;
        }
    }

    private static boolean hasNothing(SocketChannel channel) throws IOException {
        return channel.socket().getInputStream().available() == 0;
    }

    private boolean isSilent(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        boolean silent = channel.read(this.probe.clear()) == 0;
        channel.configureBlocking(true);
        return silent;
    }

    private static boolean isReadable(SocketChannel channel) throws IOException {
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return selector.selectNow() > 0;
        }
        finally {
            channel.configureBlocking(true);
        }
    }

    /**
     * Return whether there is more than the response: it must not answer the next
     * request.
     */
    boolean hasUnreadData() {
        try {
            return this.spoilt || this.parser.unread() > 0 || hasDecrypted(this.secured);
        }
        catch (IOException ex) {
            // It is closed, so that nobody can know.
            return true;
        }
    }

    /** TLS reads and decrypts a record at a time, of which a part may be left. */
    private static boolean hasDecrypted(@Nullable Socket socket) throws IOException {
        return socket instanceof SSLSocket secured && secured.getInputStream().available() > 0;
    }

    @Override
    public void close(CloseMode mode) {
        this.closed = true;
        super.close(mode);
        Future<?> lookup = this.lookup;
        if (lookup != null) {
            lookup.cancel(false);
        }
        // TLS within TLS does not always close what is below.
        Closer.closeQuietly(this.channel);
    }

    @Override
    public void close() throws IOException {
        this.closed = true;
        super.close();
        Closer.closeQuietly(this.channel);
    }

    /**
     * Check that nobody has closed this connection: one without a socket cannot take a
     * closing along.
     * @throws SocketException if it was closed
     */
    void failIfClosed() throws SocketException {
        if (this.closed) {
            throw new SocketException("The connection was closed");
        }
    }

    @Override
    protected SocketHolder ensureOpen() throws IOException {
        failIfClosed();
        return super.ensureOpen();
    }

    /** Tells the watch of a call when a read begins and ends. */
    private final class WatchedSocket extends SocketHolder {

        WatchedSocket(Socket socket) {
            super(socket);
        }

        WatchedSocket(SSLSocket secured, Socket socket) {
            super(secured, socket);
        }

        @Override
        protected InputStream getInputStream(Socket socket) throws IOException {
            return new WatchedStream(super.getInputStream(socket));
        }

    }

    private final class WatchedStream extends FilterInputStream {

        WatchedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Cancellation watch = Wire.this.watch;
            if (watch == null) {
                return this.in.read(target, offset, length);
            }
            watch.reading(Wire.this.readLimit);
            try {
                return this.in.read(target, offset, length);
            }
            finally {
                watch.hasRead();
            }
        }

    }

}
