package dev.outbound.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The requests and responses of one connection of the {@link Server}. It trusts its
 * clients: what they send is HTTP/1.1.
 */
final class Exchanges {

    private static final int CHUNK = 1 << 16;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(CHUNK).asReadOnlyBuffer();

    private final ByteBuffer json = ByteBuffer.allocateDirect(1024);

    private final SocketChannel channel;

    private final SelectionKey key;

    private final ByteBuffer in = ByteBuffer.allocateDirect(CHUNK);

    private final byte[] head = new byte[16 * 1024];

    private int headLength;

    /** Of the body that is being received, or of the chunk. */
    private long toSkip;

    private boolean chunked;

    private final StringBuilder chunkSize = new StringBuilder();

    /** The head, and where there are no zeros behind it the body, too. */
    private ByteBuffer out = ByteBuffer.allocate(0);

    private long zeros;

    Exchanges(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
        this.json.put(response(Item.JSON.length, "application/json")).put(Item.JSON).flip();
    }

    private static byte[] response(long length, String type) {
        return ("HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\nServer: benchmarks\r\nContent-Type: " + type
                + "\r\nContent-Length: " + length + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    }

    void ready() throws IOException {
        if (this.key.isWritable()) {
            write();
        }
        if (this.key.isReadable()) {
            this.in.clear();
            if (this.channel.read(this.in) < 0) {
                throw new EOFException();
            }
            this.in.flip();
            while (this.in.hasRemaining()) {
                if (this.toSkip > 0 || this.chunked) {
                    readBody();
                }
                else {
                    readHead();
                }
            }
        }
    }

    private void readHead() throws IOException {
        while (this.in.hasRemaining()) {
            byte next = this.in.get();
            this.head[this.headLength++] = next;
            if (next == '\n' && this.headLength >= 4 && this.head[this.headLength - 3] == '\n') {
                request();
                return;
            }
        }
    }

    private void request() throws IOException {
        String head = new String(this.head, 0, this.headLength, StandardCharsets.ISO_8859_1);
        this.headLength = 0;
        if (head.startsWith("GET /bytes/")) {
            long length = Long.parseLong(head.substring(11, head.indexOf(' ', 11)));
            respond(ByteBuffer.wrap(response(length, "application/octet-stream")), length);
            return;
        }
        if (!head.startsWith("GET ")) {
            String lower = head.toLowerCase(java.util.Locale.ROOT);
            int length = lower.indexOf("\r\ncontent-length: ");
            if (length >= 0) {
                this.toSkip = Long.parseLong(lower.substring(length + 18, lower.indexOf("\r\n", length + 18)));
            }
            this.chunked = lower.contains("\r\ntransfer-encoding: chunked");
            if (this.chunked || this.toSkip > 0) {
                return;
            }
        }
        respond(this.json.rewind(), 0);
    }

    private void readBody() throws IOException {
        if (this.toSkip > 0) {
            int skipped = (int) Math.min(this.toSkip, this.in.remaining());
            this.in.position(this.in.position() + skipped);
            this.toSkip -= skipped;
            if (this.toSkip == 0 && !this.chunked) {
                respond(this.json.rewind(), 0);
            }
            return;
        }
        char next = (char) this.in.get();
        if (next != '\n') {
            this.chunkSize.append(next);
            return;
        }
        long size = Long.parseLong(this.chunkSize.toString().trim(), 16);
        this.chunkSize.setLength(0);
        if (size > 0) {
            // With the line break behind the chunk.
            this.toSkip = size + 2;
        }
        else if (size == 0) {
            this.chunked = false;
            this.toSkip = 2;
        }
    }

    private void respond(ByteBuffer out, long zeros) throws IOException {
        this.out = out;
        this.zeros = zeros;
        write();
    }

    private void write() throws IOException {
        while (this.out.hasRemaining() || this.zeros > 0) {
            if (!this.out.hasRemaining()) {
                int length = (int) Math.min(this.zeros, CHUNK);
                this.out = ZEROS.duplicate().limit(length);
                this.zeros -= length;
            }
            if (this.channel.write(this.out) == 0) {
                this.key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
        }
        if (this.key.interestOps() != SelectionKey.OP_READ) {
            this.key.interestOps(SelectionKey.OP_READ);
        }
    }

}
