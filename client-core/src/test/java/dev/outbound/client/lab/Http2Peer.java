package dev.outbound.client.lab;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of an HTTP/2 connection, frame by frame (RFC 9113): it does not know
 * what is allowed, and so can do what is not.
 *
 * <pre class="code">
 * RawServer.start(ServerTls.of(certificates.server()).offering("h2"), Http2Peer.script((peer) -&gt; {
 *     Http2Peer.Request request = peer.readRequest();
 *     peer.respond(request.stream(), 200, "hello");
 *     peer.hold();
 * }));
 * </pre>
 */
public final class Http2Peer {

    /** Types of frames. */
    public static final int DATA = 0;

    public static final int HEADERS = 1;

    public static final int RST_STREAM = 3;

    public static final int SETTINGS = 4;

    public static final int PING = 6;

    public static final int GOAWAY = 7;

    public static final int WINDOW_UPDATE = 8;

    public static final int CONTINUATION = 9;

    /** Flags: of DATA and HEADERS; the same bit is ACK for SETTINGS and PING. */
    public static final int END_STREAM = 1;

    public static final int ACK = 1;

    public static final int END_HEADERS = 4;

    private static final int PADDED = 8;

    private static final int PRIORITY = 32;

    /** Codes of errors (section 7). */
    public static final int NO_ERROR = 0;

    public static final int PROTOCOL_ERROR = 1;

    public static final int INTERNAL_ERROR = 2;

    public static final int REFUSED_STREAM = 7;

    public static final int CANCEL = 8;

    public static final int ENHANCE_YOUR_CALM = 11;

    public static final int HTTP_1_1_REQUIRED = 13;

    /** Settings (section 6.5.2). */
    public static final int MAX_CONCURRENT_STREAMS = 3;

    public static final int INITIAL_WINDOW_SIZE = 4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Connection connection;

    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    private boolean acknowledging = true;

    private Http2Peer(Connection connection) {
        this.connection = connection;
    }

    /**
     * Return a script that reads the preface, sends settings, and goes on as told.
     * @param script what to do then
     * @param settings identifiers, each followed by its value
     * @return a script for a {@link RawServer}
     */
    public static Script script(Http2Script script, int... settings) {
        return silent((peer) -> {
            peer.settings(settings);
            script.run(peer);
        });
    }

    /**
     * Return a script that reads the preface and goes on as told, without any settings.
     * @param script what to do then
     * @return a script for a {@link RawServer}
     */
    public static Script silent(Http2Script script) {
        return (connection) -> {
            byte[] preface = connection.readBody(PREFACE.length);
            if (!Arrays.equals(preface, PREFACE)) {
                throw new IllegalStateException(
                        "Not the preface of HTTP/2: " + new String(preface, StandardCharsets.ISO_8859_1));
            }
            script.run(new Http2Peer(connection));
        };
    }

    /** What a server does on one connection of HTTP/2. */
    @FunctionalInterface
    public interface Http2Script {

        void run(Http2Peer peer) throws Exception;

    }

    /**
     * One frame.
     *
     * @param type its type
     * @param flags its flags
     * @param stream its stream, 0 for the connection
     * @param payload its content
     */
    public record Frame(int type, int flags, int stream, byte[] payload) {

        public boolean has(int flag) {
            return (this.flags & flag) != 0;
        }

        /** Return the first four bytes of the payload, for example an error code. */
        public int code() {
            return number(this.payload, 0, 4);
        }

    }

    /**
     * The head of a request.
     *
     * @param stream its stream
     * @param fields its field lines, those with a colon before their name included; of
     * lines with the same name the last
     * @param ended whether there is no body
     */
    public record Request(int stream, Map<String, String> fields, boolean ended) {
    }

    /**
     * Read the next frame, whatever it is.
     * @return the frame, or {@code null} when the client has ended the connection
     */
    public @Nullable Frame readFrame() throws IOException {
        byte[] head;
        try {
            head = this.connection.readBody(9);
        }
        catch (EOFException ex) {
            return null;
        }
        byte[] payload = this.connection.readBody(number(head, 0, 3));
        return new Frame(head[3] & 0xff, head[4] & 0xff, number(head, 5, 4) & Integer.MAX_VALUE, payload);
    }

    /**
     * Read up to a frame of that type, acknowledging settings and pings in between.
     * @param type the type
     * @return the frame
     * @throws EOFException if the client ends the connection before
     */
    public Frame awaitFrame(int type) throws IOException {
        while (true) {
            Frame frame = readFrame();
            if (frame == null) {
                throw new EOFException("The client has ended the connection; expected was a frame of type " + type);
            }
            if (frame.type() == type) {
                return frame;
            }
            acknowledge(frame);
        }
    }

    /** Ask for a sign of life, and await it: the client has read all that came before. */
    public void ping() throws IOException {
        write(PING, 0, 0, new byte[8]);
        Frame frame = awaitFrame(PING);
        while (!frame.has(ACK)) {
            acknowledge(frame);
            frame = awaitFrame(PING);
        }
    }

    /** From now on, acknowledge nothing. */
    public void stopAcknowledging() {
        this.acknowledging = false;
    }

    private void acknowledge(Frame frame) throws IOException {
        if (!this.acknowledging) {
            return;
        }
        if (frame.type() == SETTINGS && !frame.has(ACK)) {
            write(SETTINGS, ACK, 0);
        }
        else if (frame.type() == PING && !frame.has(ACK)) {
            write(PING, ACK, 0, frame.payload());
        }
    }

    /**
     * Read up to the next head of a request.
     * @return the head
     * @throws EOFException if the client ends the connection before
     */
    public Request readRequest() throws IOException {
        Frame frame = awaitFrame(HEADERS);
        boolean ended = frame.has(END_STREAM);
        int stream = frame.stream();
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int begin = (frame.has(PADDED) ? 1 : 0) + (frame.has(PRIORITY) ? 5 : 0);
        int padding = frame.has(PADDED) ? frame.payload()[0] & 0xff : 0;
        block.write(frame.payload(), begin, frame.payload().length - begin - padding);
        while (!frame.has(END_HEADERS)) {
            frame = awaitFrame(CONTINUATION);
            block.writeBytes(frame.payload());
        }
        return new Request(stream, decode(stream, block.toByteArray()), ended);
    }

    private Map<String, String> decode(int stream, byte[] block) {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            this.decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block))
                .forEach((line) -> fields.put(line.getKey().toString(), line.getValue().toString()));
        }
        catch (Http2Exception ex) {
            throw new IllegalStateException("The client's header block cannot be read", ex);
        }
        return fields;
    }

    /**
     * Read requests until the client ends the connection.
     * @param handler what to do with each
     */
    public void forEachRequest(Handler handler) throws Exception {
        while (true) {
            Request request;
            try {
                request = readRequest();
            }
            catch (EOFException ex) {
                return;
            }
            handler.handle(request);
        }
    }

    /** What to do with one request. */
    @FunctionalInterface
    public interface Handler {

        void handle(Request request) throws Exception;

    }

    /**
     * Write a whole response.
     * @param stream the stream of the request
     * @param status the status code
     * @param body its content in UTF-8
     * @param fields names, each followed by its value
     */
    public void respond(int stream, int status, String body, String... fields) throws IOException {
        headers(stream, false, status, fields);
        data(stream, true, body);
    }

    /**
     * Write the head of a response.
     * @param stream the stream of the request
     * @param end whether there is no body
     * @param status the status code
     * @param fields names, each followed by its value
     */
    public void headers(int stream, boolean end, int status, String... fields) throws IOException {
        String[] all = new String[fields.length + 2];
        all[0] = ":status";
        all[1] = Integer.toString(status);
        System.arraycopy(fields, 0, all, 2, fields.length);
        write(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(all));
    }

    /**
     * Return a header block without compression.
     * @param fields names, each followed by its value, of whatever kind
     * @return the block, for a frame of HEADERS or CONTINUATION
     */
    public static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            literal(block, fields[i]);
            literal(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    /**
     * Return a field line that the client is to remember, the first one as number 62 (RFC
     * 7541, section 6.2.1).
     * @param name the name
     * @param value the value
     * @return a part of a header block
     */
    public static byte[] remembered(String name, String value) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.write(0x40);
        literal(line, name);
        literal(line, value);
        return line.toByteArray();
    }

    /** A string of RFC 7541, section 5.2. */
    private static void literal(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length;
        if (length < 127) {
            block.write(length);
        }
        else {
            block.write(127);
            for (length -= 127; length >= 128; length >>>= 7) {
                block.write(128 | (length & 127));
            }
            block.write(length);
        }
        block.writeBytes(bytes);
    }

    public void data(int stream, boolean end, String content) throws IOException {
        write(DATA, end ? END_STREAM : 0, stream, content.getBytes(StandardCharsets.UTF_8));
    }

    public void reset(int stream, int code) throws IOException {
        write(RST_STREAM, 0, stream, bytes(code));
    }

    /**
     * Announce the end of the connection.
     * @param lastStream the last stream that was, or may be, processed
     * @param code why
     */
    public void goAway(int lastStream, int code) throws IOException {
        write(GOAWAY, 0, 0, bytes(lastStream, code));
    }

    public void windowUpdate(int stream, int increment) throws IOException {
        write(WINDOW_UPDATE, 0, stream, bytes(increment));
    }

    /**
     * Write settings.
     * @param settings identifiers, each followed by its value
     */
    public void settings(int... settings) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < settings.length; i += 2) {
            payload.write(settings[i] >>> 8);
            payload.write(settings[i]);
            payload.writeBytes(bytes(settings[i + 1]));
        }
        write(SETTINGS, 0, 0, payload.toByteArray());
    }

    /**
     * Write any frame, at once.
     * @param type its type
     * @param flags its flags
     * @param stream its stream
     * @param payload its content
     */
    public void write(int type, int flags, int stream, byte... payload) throws IOException {
        this.connection.write(frame(type, flags, stream, payload));
    }

    /** Return the bytes of any frame. */
    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        byte[] frame = new byte[9 + payload.length];
        frame[0] = (byte) (payload.length >>> 16);
        frame[1] = (byte) (payload.length >>> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        System.arraycopy(bytes(stream), 0, frame, 5, 4);
        System.arraycopy(payload, 0, frame, 9, payload.length);
        return frame;
    }

    /** Read and acknowledge until the client ends the connection. */
    public void hold() throws IOException {
        for (Frame frame = readFrame(); frame != null; frame = readFrame()) {
            acknowledge(frame);
        }
    }

    /** Return the connection below. */
    public Connection connection() {
        return this.connection;
    }

    private static int number(byte[] bytes, int begin, int length) {
        int number = 0;
        for (int i = begin; i < begin + length; i++) {
            number = (number << 8) | (bytes[i] & 0xff);
        }
        return number;
    }

    private static byte[] bytes(int... numbers) {
        byte[] bytes = new byte[4 * numbers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (numbers[i / 4] >>> (24 - 8 * (i % 4)));
        }
        return bytes;
    }

}
