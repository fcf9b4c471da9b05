package dev.outbound.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * The limit: the same bytes over one socket, with no more sense of HTTP than the server's
 * answer needs.
 */
final class RawContender implements Contender {

    private static final byte[] LENGTH = "\r\nContent-Length: ".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;

    private final InputStream in;

    private final OutputStream out;

    private final byte[] request;

    private final byte[] buffer = new byte[8192];

    private RawContender(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.request = ("GET /json HTTP/1.1\r\nHost: 127.0.0.1:" + socket.getPort()
                + "\r\nAccept: application/json\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    }

    static RawContender open(String url) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort());
            socket.setTcpNoDelay(true);
            return new RawContender(socket);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public Item call() throws IOException {
        this.out.write(this.request);
        int read = 0;
        int body = -1;
        int length = -1;
        while (body < 0 || read < body + length) {
            int more = this.in.read(this.buffer, read, this.buffer.length - read);
            if (more < 0) {
                throw new EOFException("The server closed the connection");
            }
            read += more;
            if (body < 0) {
                body = endOfHead(read);
                length = (body < 0) ? -1 : contentLength();
            }
        }
        return Json.read(this.buffer, body, length);
    }

    private int endOfHead(int read) {
        for (int i = 3; i < read; i++) {
            if (this.buffer[i] == '\n' && this.buffer[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private int contentLength() {
        int i = 0;
        while (!isLength(i)) {
            i++;
        }
        int length = 0;
        for (i += LENGTH.length; this.buffer[i] != '\r'; i++) {
            length = 10 * length + this.buffer[i] - '0';
        }
        return length;
    }

    private boolean isLength(int from) {
        for (int i = 0; i < LENGTH.length; i++) {
            if (this.buffer[from + i] != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        this.socket.close();
    }

}
