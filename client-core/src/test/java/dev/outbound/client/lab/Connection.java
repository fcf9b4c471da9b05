package dev.outbound.client.lab;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link RawServer}, in the hands of its {@link Script}. Used by the
 * thread of the script only.
 */
public final class Connection {

    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

    private static final Pattern CHUNKED = Pattern.compile("(?im)^transfer-encoding: *chunked");

    /** So that a machine that runs other tests is not held up. */
    private static final long RENEGOTIATION_PAUSE = TimeUnit.MICROSECONDS.toNanos(100);

    private final Socket raw;

    private final Socket socket;

    private final List<String> requests;

    private @Nullable InputStream in;

    Connection(Socket raw, @Nullable ServerTls tls, List<String> requests) throws IOException {
        this.raw = raw;
        // A head and its body that are written apart must not wait for each other.
        raw.setTcpNoDelay(true);
        this.requests = requests;
        this.socket = (tls != null) ? tls.over(raw) : raw;
    }

    /**
     * What a {@link #forEachRequest(Handler) keep-alive} connection does with a request.
     */
    @FunctionalInterface
    public interface Handler {

        void handle(String request) throws Exception;

    }

    /**
     * Read the head of a request.
     * @return all up to and with the empty line, or {@code null} when the peer has ended
     * the connection before its first byte
     * @throws EOFException if it ended in the middle
     */
    public @Nullable String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int b = in().read();
            if (b < 0) {
                if (head.isEmpty()) {
                    return null;
                }
                throw new EOFException("The peer closed in the middle of a head: " + head);
            }
            head.append((char) b);
        }
        this.requests.add(head.toString());
        return head.toString();
    }

    /**
     * Read bytes.
     * @param length how many
     * @return as many bytes as that
     * @throws EOFException if there are fewer
     */
    public byte[] readBody(int length) throws IOException {
        byte[] body = in().readNBytes(length);
        if (body.length < length) {
            throw new EOFException("The peer closed after " + body.length + " of " + length + " bytes");
        }
        return body;
    }

    /**
     * Read a request with its body, by {@code Content-Length} or chunked.
     * @return head, empty line and content (chunks put together) in Latin-1, or
     * {@code null} when the peer has ended the connection
     */
    public @Nullable String readRequest() throws IOException {
        String head = readHead();
        if (head == null) {
            return null;
        }
        Matcher length = LENGTH.matcher(head);
        if (CHUNKED.matcher(head).find()) {
            return head + readChunks();
        }
        return length.find() ? head + latin1(readBody(Integer.parseInt(length.group(1)))) : head;
    }

    private String readChunks() throws IOException {
        StringBuilder content = new StringBuilder();
        int size;
        do {
            size = Integer.parseInt(readLine(), 16);
            content.append(latin1(readBody(size)));
            readBody(2);
        }
        while (size > 0);
        return content.toString();
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = readBody(1)[0]; b != '\n'; b = readBody(1)[0]) {
            line.write(b);
        }
        return latin1(line.toByteArray()).trim();
    }

    /**
     * Write text in Latin-1, at once.
     * @param text the text
     */
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Write bytes, at once.
     * @param bytes the bytes
     */
    public void write(byte[] bytes) throws IOException {
        OutputStream out = this.socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    /**
     * Write text in Latin-1, byte by byte.
     * @param text the text
     * @param between the pause behind each byte
     */
    public void trickle(String text, Duration between) throws IOException, InterruptedException {
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            write(new byte[] { b });
            pause(between);
        }
    }

    /**
     * Return the port that the peer has connected from: another one for each connection.
     * @return the remote port
     */
    public int peerPort() {
        return this.raw.getPort();
    }

    /**
     * Return the TLS session, after a handshake if there was none yet.
     * @return the session
     * @throws IllegalStateException if this is plain TCP
     */
    public SSLSession tlsSession() {
        if (this.socket instanceof SSLSocket secure) {
            return secure.getSession();
        }
        throw new IllegalStateException("The connection is plain TCP");
    }

    /**
     * Agree on keys anew, time and again, until the peer has ended the connection: by new
     * handshakes up to TLS 1.2, by new keys alone since (RFC 8446, section 4.6.3). What
     * the peer sends is thrown away.
     * @throws IllegalStateException if this is plain TCP
     */
    public void renegotiateForever() throws IOException {
        if (!(this.socket instanceof SSLSocket secure)) {
            throw new IllegalStateException("The connection is plain TCP");
        }
        Thread reader = new Thread(this::hold, "raw-server-hold-" + this.raw.getPort());
        reader.setDaemon(true);
        reader.start();
        while (reader.isAlive()) {
            secure.startHandshake();
            LockSupport.parkNanos(RENEGOTIATION_PAUSE);
        }
    }

    /**
     * Take a small receive buffer, so that the peer soon cannot write when nothing is
     * read.
     * @param bytes the size, which the kernel may raise
     */
    public void receiveBuffer(int bytes) throws IOException {
        this.raw.setReceiveBufferSize(bytes);
    }

    /**
     * Do nothing for a while.
     * @param duration how long
     */
    public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
    }

    /**
     * End the sending direction; the other one stays open. On TLS without its closing
     * alert.
     */
    public void fin() throws IOException {
        this.raw.shutdownOutput();
    }

    /** Break the connection off with a reset. */
    public void rst() throws IOException {
        this.raw.setSoLinger(true, 0);
        this.raw.close();
    }

    /**
     * Read what the peer has sent.
     * @param buffer the target
     * @return the number of bytes, or -1 when the peer has ended its direction
     */
    public int read(byte[] buffer) throws IOException {
        return in().read(buffer);
    }

    /**
     * Pass bytes on in both directions, until one side is gone.
     * @param other the other side; it is closed at the end
     */
    public void join(Socket other) throws IOException {
        Thread back = new Thread(() -> pass(other), "raw-server-join-" + this.raw.getPort());
        back.setDaemon(true);
        back.start();
        try (other) {
            byte[] buffer = new byte[16 * 1024];
            for (int count = read(buffer); count >= 0; count = read(buffer)) {
                other.getOutputStream().write(buffer, 0, count);
            }
            other.shutdownOutput();
            back.join();
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Socket other) {
        try {
            byte[] buffer = new byte[16 * 1024];
            for (int count = other.getInputStream().read(buffer); count >= 0; count = other.getInputStream()
                .read(buffer)) {
                this.socket.getOutputStream().write(buffer, 0, count);
            }
            this.socket.shutdownOutput();
        }
        catch (IOException ex) {
            // One side is gone; so is the other one soon.
            abort();
        }
    }

    private void abort() {
        try {
            this.raw.close();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Keep the connection open until the peer ends it or the server closes; what the peer
     * sends is thrown away.
     */
    public void hold() {
        try {
            in().transferTo(OutputStream.nullOutputStream());
        }
        catch (IOException ex) {
            // This is what was waited for.
        }
    }

    /**
     * Write a response with {@code Content-Length}.
     * @param status the status code
     * @param body the content, written in UTF-8
     * @param headerLines more lines, for example {@code "Retry-After: 1"}
     */
    public void respond(int status, String body, String... headerLines) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status)
            .append((status == 200) ? " OK" : " Status")
            .append("\r\nContent-Length: ")
            .append(content.length);
        for (String line : headerLines) {
            head.append("\r\n").append(line);
        }
        byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] message = new byte[start.length + content.length];
        System.arraycopy(start, 0, message, 0, start.length);
        System.arraycopy(content, 0, message, start.length, content.length);
        write(message);
    }

    /**
     * Read requests with their bodies and handle them until the peer ends the connection.
     * @param handler is given what {@link #readRequest()} returns
     */
    public void forEachRequest(Handler handler) throws Exception {
        for (String request = readRequest(); request != null; request = readRequest()) {
            handler.handle(request);
        }
    }

    void close() throws IOException {
        this.raw.close();
    }

    private InputStream in() throws IOException {
        InputStream in = this.in;
        if (in == null) {
            in = new BufferedInputStream(this.socket.getInputStream());
            this.in = in;
        }
        return in;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

}
