package dev.outbound.client.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A faulty line must have the faults that it is told, and no others.
 */
@Timeout(10)
class TcpProxyTests {

    private final RawServer server = RawServer.start((connection) -> {
        byte[] buffer = new byte[1024];
        for (int count = connection.read(buffer); count >= 0; count = connection.read(buffer)) {
            connection.write(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        }
        connection.write("end");
    });

    private final TcpProxy proxy = TcpProxy.to(this.server.port());

    @AfterEach
    void close() {
        this.proxy.close();
        this.server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", this.proxy.port());
        socket.setSoTimeout(5000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String hear(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void passesBytesAndEndsOn() throws IOException {
        try (Socket socket = connect()) {
            say(socket, "abc");
            assertThat(hear(socket, 3)).isEqualTo("abc");
            socket.shutdownOutput();
            assertThat(hear(socket, 10)).isEqualTo("end");
        }
        assertThat(this.server.failures()).isEmpty();
    }

    @Test
    void slicesAndDelays() throws IOException {
        this.proxy.toClient().slice(2).latency(Duration.ofMillis(20));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            say(socket, "abcdef");
            InputStream in = socket.getInputStream();
            assertThat(in.read(new byte[10])).isEqualTo(2);
            assertThat(in.readNBytes(4)).hasSize(4);
            assertThat(System.nanoTime() - start).isGreaterThan(60_000_000);
        }
    }

    @Test
    void throttles() throws IOException {
        this.proxy.toServer().throttle(100);
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            say(socket, "x".repeat(20));
            assertThat(hear(socket, 20)).hasSize(20);
            assertThat(System.nanoTime() - start).isGreaterThan(150_000_000);
        }
    }

    @Test
    void cuts() throws IOException {
        this.proxy.toClient().cutAfter(2);
        try (Socket socket = connect()) {
            say(socket, "abcdef");
            assertThat(hear(socket, 10)).isEqualTo("ab");
            this.server.awaitOpen(0);
        }
    }

    @Test
    void resets() throws IOException {
        this.proxy.toServer().resetAfter(2);
        try (Socket socket = connect()) {
            say(socket, "abcdef");
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> hear(socket, 10));
        }
        this.server.awaitOpen(0);
    }

    @Test
    void fallsSilentAndSpeaksAgain() throws IOException {
        try (Socket socket = connect()) {
            say(socket, "abc");
            assertThat(hear(socket, 3)).isEqualTo("abc");
            this.proxy.toServer().silent(true);
            say(socket, "lost");
            socket.setSoTimeout(50);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> hear(socket, 1));
            this.proxy.toServer().silent(false);
            socket.setSoTimeout(5000);
            say(socket, "d");
            assertThat(hear(socket, 1)).isEqualTo("d");
        }
        assertThat(this.proxy.connections()).isEqualTo(1);
    }

}
