package dev.outbound.client.transport.jdk;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.transport.BodyScanner;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.IncomingHeadReader;

/**
 * What passes over one connection, in plain. In HTTP/1.1 it puts the heads of requests in
 * the place of those that the JDK writes, and gives the JDK for the head of a response
 * only what it needs to find the end of the body; HTTP/2 passes untouched. Outgoing and
 * incoming bytes may pass at the same time.
 */
final class Traffic {

    /** How much longer than what was received that may be which the JDK is given. */
    static final int ROOM = 128;

    /** The field line by which the JDK's head of a request tells whose it is. */
    static final String MARK = "outbound-attempt";

    /** The length of a chunk's first line as it is written here. */
    private static final int CHUNK_HEAD = 10;

    private static final byte[] LAST_CHUNK = { '0', '\r', '\n', '\r', '\n' };

    private static final byte[] END_OF_HEAD = { '\r', '\n', '\r', '\n' };

    private final Connections connections;

    private final JdkClient client;

    /** Whether the JDK's heads tell whose they are. */
    private final boolean marked;

    /** Of whose connect this connection is, while it is being opened. */
    private final @Nullable Attempt opener;

    /** Whether the connection before it, for the same call, was lost at once. */
    private final boolean again;

    private final long opened = System.nanoTime();

    private final ByteArrayOutputStream replaced = new ByteArrayOutputStream(256);

    private final BodyScanner sending;

    private @Nullable ByteBuffer head;

    private int endMatched;

    private final IncomingHeadReader reader;

    private final BodyScanner receiving;

    private int interim;

    private boolean inBody;

    private boolean keepAlive;

    private boolean chunked;

    /** The one whose response is due, or whose body is on its way. */
    private volatile @Nullable Attempt attempt;

    private volatile boolean spoiled;

    private volatile boolean opaque;

    private volatile boolean secure;

    private volatile boolean secured;

    private volatile long idleSince;

    Traffic(Connections connections, JdkClient client, @Nullable Attempt opener) {
        this.connections = connections;
        this.client = client;
        this.marked = client.isMarked();
        this.opener = opener;
        this.reader = new IncomingHeadReader(connections.limits());
        this.sending = new BodyScanner(connections.limits());
        this.receiving = new BodyScanner(connections.limits());
        this.again = opener != null && !opener.opening();
    }

    /** The connection is open, but for TLS. */
    void connected(boolean secure) throws SSLException {
        if (this.again && this.opener != null) {
            this.opener.lostEarly();
            throw new SSLException("The JDK connects again");
        }
        this.secure = secure;
        this.connections.opened(this.client, this);
        if (this.opener != null) {
            if (secure) {
                this.opener.phase(Phase.TLS);
            }
            else {
                this.opener.connected();
            }
        }
    }

    /** The connection is closed, or serves nobody any more. */
    void ended() {
        this.client.ended(this);
    }

    /** The JDK has met the end of the connection. */
    void endMet() {
        ended();
        Attempt attempt = this.attempt;
        if (attempt != null) {
            attempt.ended(this);
        }
    }

    long opened() {
        return this.opened;
    }

    /** Return whether this has served a call, and serves none. */
    boolean isIdle() {
        return this.attempt == null && this.idleSince != 0;
    }

    /**
     * Return whether this has served nobody for too long, or has been open for too long.
     */
    boolean isOutdated() {
        return isIdle() && this.connections.isTooOld(this.opened, this.idleSince);
    }

    /** The TLS handshake is over. */
    void secured(String protocol) {
        this.secured = true;
        if (this.opener != null) {
            this.opener.connected();
        }
        this.opaque = protocol.equals("h2") || !this.marked;
        if (this.opener != null && this.opaque) {
            this.opener.openedFully();
            if (protocol.equals("h2")) {
                this.connections.shared(this.opener.request());
            }
            this.opener.sending();
        }
    }

    /** The server has ended the connection in the way of TLS. */
    void closed() {
        Attempt attempt = this.attempt;
        if (attempt != null) {
            attempt.cutOff(false);
        }
    }

    /**
     * Return what is to be sent of, or for, what the JDK sends.
     * @param source the JDK's bytes
     * @return another view of them, other bytes, or nothing where these were taken
     */
    ByteBuffer outgoing(ByteBuffer source) throws SSLException {
        if (this.opaque) {
            return source.duplicate();
        }
        if (this.head != null) {
            return this.head;
        }
        if (!this.sending.isEnded()) {
            return source.duplicate();
        }
        collectHead(source);
        return (this.head != null) ? this.head : ByteBuffer.allocate(0);
    }

    /**
     * Take the JDK's head, but for its last byte: as long as that is left, the JDK comes
     * again for what does not fit at once.
     */
    private void collectHead(ByteBuffer source) throws SSLException {
        int start = source.position();
        for (int i = start; i < source.limit(); i++) {
            byte b = source.get(i);
            this.endMatched = (b == END_OF_HEAD[this.endMatched]) ? this.endMatched + 1 : (b == END_OF_HEAD[0]) ? 1 : 0;
            if (this.endMatched == END_OF_HEAD.length) {
                this.endMatched = 0;
                take(source, i - start);
                Attempt attempt = this.connections.attempt(mark());
                this.replaced.reset();
                this.head = begin(attempt);
                return;
            }
        }
        take(source, source.remaining());
    }

    private void take(ByteBuffer source, int count) {
        byte[] bytes = new byte[count];
        source.get(bytes);
        this.replaced.write(bytes, 0, count);
    }

    private long mark() {
        String head = this.replaced.toString(StandardCharsets.ISO_8859_1);
        int start = head.indexOf("\r\n" + MARK + ": ");
        if (start < 0) {
            return -1;
        }
        start += MARK.length() + 4;
        return IncomingHead.number(head.substring(start, head.indexOf('\r', start)));
    }

    private ByteBuffer begin(@Nullable Attempt attempt) throws SSLException {
        if (attempt == null) {
            throw new SSLException("The call was ended before its request was sent");
        }
        if (this.spoiled || this.connections.isTooOld(this.opened, this.idleSince)) {
            attempt.sentNothing();
            throw new SSLException("The connection is not fit for another request");
        }
        if (this.opener == null && this.idleSince == 0 && attempt.hasOpened()) {
            attempt.lostEarly();
            throw new SSLException("The JDK has connected again");
        }
        if (!attempt.sendOnce()) {
            throw new SSLException("The JDK repeats a request that may have been received");
        }
        this.attempt = attempt;
        attempt.sentOver(this);
        return ByteBuffer.wrap(attempt.head());
    }

    /** Some of what {@link #outgoing} has given is sent. */
    void sent(ByteBuffer source, int count) {
        ByteBuffer head = this.head;
        if (this.opaque) {
            source.position(source.position() + count);
        }
        else if (head != null) {
            if (!head.hasRemaining()) {
                source.get();
                this.head = null;
                Attempt attempt = this.attempt;
                if (attempt != null) {
                    this.sending.begin(attempt.sentLength());
                    attempt.sending();
                    endRequest();
                }
            }
        }
        else if (count > 0) {
            ByteBuffer passed = source.duplicate();
            passed.limit(passed.position() + count);
            this.sending.scan(passed, (content) -> {
            });
            source.position(source.position() + count);
            endRequest();
        }
    }

    private void endRequest() {
        Attempt attempt = this.attempt;
        if (attempt != null && this.sending.isEnded()) {
            attempt.sent();
        }
    }

    /**
     * Take what was received.
     * @param source the bytes; what is left there is behind the response, and breaks the
     * connection when it is given again
     * @param target takes what the JDK is given; has room for all of them, and for
     * {@link #ROOM}
     */
    void incoming(ByteBuffer source, ByteBuffer target) {
        if (!source.hasRemaining()) {
            return;
        }
        if (this.opaque) {
            target.put(source);
            return;
        }
        Attempt attempt = this.attempt;
        if (attempt == null || this.spoiled) {
            this.spoiled = true;
            throw new RemoteProtocolException(Phase.HEAD, "the server sent what nobody had asked for", null);
        }
        attempt.received();
        if (!this.inBody) {
            readHead(source, target, attempt);
        }
        if (this.inBody) {
            passBody(source, target, attempt);
        }
        if (source.hasRemaining()) {
            // Never for the next request: the JDK is about to close it.
            this.spoiled = true;
            ended();
        }
    }

    private void readHead(ByteBuffer source, ByteBuffer target, Attempt attempt) {
        for (IncomingHead head = this.reader.read(source); head != null; head = this.reader.read(source)) {
            if (head.status() >= 200) {
                respond(head, source, target, attempt);
                return;
            }
            if (head.status() == 101) {
                throw new RemoteProtocolException(Phase.HEAD, "the server switched to a protocol that nobody asked for",
                        null);
            }
            int most = this.connections.limits().informational();
            if (++this.interim > most) {
                throw new RemoteProtocolException(Phase.HEAD,
                        "the server sent more than " + most + " interim responses", null);
            }
        }
    }

    private void respond(IncomingHead head, ByteBuffer source, ByteBuffer target, Attempt attempt) {
        long length = head.bodyLength(attempt.method());
        // The JDK delivers it behind the rest of the request.
        boolean early = !attempt.isSent();
        this.keepAlive = head.keepsAlive() && !early && length != IncomingHead.TO_END
                && (length != 0 || !source.hasRemaining())
                && !this.connections.isTooOld(this.opened, System.nanoTime());
        this.interim = 0;
        this.inBody = true;
        this.chunked = length == IncomingHead.CHUNKED;
        this.receiving.begin(length);
        target.put(forJdk(length, this.keepAlive).getBytes(StandardCharsets.US_ASCII));
        // Without a word of TLS anybody may have cut it.
        attempt.cutOff(this.secure && this.receiving.isOpenEnded());
        attempt.responded(head, early);
        endBody(attempt);
    }

    /** The JDK need not know more than where the body ends, and what comes then. */
    private static String forJdk(long length, boolean keepAlive) {
        String end = keepAlive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
        if (length == IncomingHead.CHUNKED) {
            return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + end;
        }
        return (length >= 0) ? "HTTP/1.1 200 OK\r\nContent-Length: " + length + end : "HTTP/1.1 200 OK" + end;
    }

    /**
     * Pass on what there is of the content, without the server's extensions and trailers:
     * the JDK does not wait for the end of those.
     */
    private void passBody(ByteBuffer source, ByteBuffer target, Attempt attempt) {
        int start = target.position();
        if (this.chunked) {
            target.position(start + CHUNK_HEAD);
        }
        this.receiving.scan(source, (content) -> {
            attempt.receivedEarly(content);
            target.put(content);
        });
        if (this.chunked) {
            endChunk(target, start);
        }
        endBody(attempt);
    }

    /** All that has come is one chunk. */
    private void endChunk(ByteBuffer target, int start) {
        int size = target.position() - start - CHUNK_HEAD;
        if (size == 0) {
            target.position(start);
        }
        else {
            target.put(start, (HexFormat.of().toHexDigits(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            target.put((byte) '\r').put((byte) '\n');
        }
        if (this.receiving.isEnded()) {
            target.put(LAST_CHUNK);
        }
    }

    private void endBody(Attempt attempt) {
        if (this.receiving.isEnded()) {
            this.inBody = false;
            this.idleSince = System.nanoTime();
            this.attempt = null;
            attempt.receivedAll();
            if (!this.keepAlive) {
                ended();
            }
        }
    }

    /**
     * TLS has failed, be it while the connection is opened or because the server does not
     * like the client's certificate.
     */
    void failed(SSLException failure) {
        ended();
        Attempt attempt = (this.attempt != null) ? this.attempt : this.opener;
        if (attempt != null && (this.attempt != null || !this.secured)) {
            attempt.found(failure);
        }
    }

    /**
     * Return what the JDK is to see of a failure found here. The attempt knows it as it
     * is.
     */
    SSLException failed(RuntimeException failure) {
        ended();
        Attempt attempt = this.attempt;
        if (attempt != null) {
            attempt.found(failure);
        }
        return new SSLException("The bytes of the connection are not HTTP", failure);
    }

}
