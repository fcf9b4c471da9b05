package dev.outbound.client.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The proxy that tests lead clients through, asked by the JDK's own clients.
 */
@Timeout(10)
class ProxyServerTests {

    private final RawServer server = RawServer
        .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));

    @AfterEach
    void close() {
        this.server.close();
    }

    private static String get(String url, Proxy.Type type, int port) throws IOException {
        URLConnection connection = URI.create(url)
            .toURL()
            .openConnection(new Proxy(type, new InetSocketAddress("127.0.0.1", port)));
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Socket say(int port, String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(5000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String hear(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int b = socket.getInputStream().read();
            assertThat(b).as("after %s", text).isNotNegative();
            text.append((char) b);
        }
        return text.toString();
    }

    @Test
    void forwardsAbsoluteUrls() throws IOException {
        try (ProxyServer proxy = ProxyServer.http(this.server.port())) {
            assertThat(get("http://shop.test/a?b", Proxy.Type.HTTP, proxy.port())).isEqualTo("served");
            assertThat(proxy.targets()).containsExactly("shop.test:80");
            assertThat(this.server.requests().get(0)).startsWith("GET /a?b HTTP/1.1\r\n")
                .doesNotContainIgnoringCase("proxy-");
        }
    }

    @Test
    void opensTunnelsForWhoHasThePassword() throws IOException {
        try (ProxyServer proxy = ProxyServer.http(this.server.port(), "user", "secret")) {
            String start = "CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n";
            try (Socket refused = say(proxy.port(), start + "\r\n")) {
                assertThat(hear(refused, "\r\n\r\n")).startsWith("HTTP/1.1 407 ");
            }
            try (Socket socket = say(proxy.port(), start + "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n")) {
                assertThat(hear(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(hear(socket, "served")).startsWith("HTTP/1.1 200 OK");
            }
            assertThat(proxy.targets()).containsExactly("shop.test:443");
            proxy.awaitOpen(0);
            assertThat(proxy.failures()).isEmpty();
        }
    }

    @Test
    void speaksSocks() throws IOException {
        try (ProxyServer proxy = ProxyServer.socks(this.server.port())) {
            assertThat(get("http://shop.test/", Proxy.Type.SOCKS, proxy.port())).isEqualTo("served");
            assertThat(proxy.targets()).containsExactly("shop.test:80");
        }
        try (ProxyServer proxy = ProxyServer.socks(this.server.port(), "user", "secret")) {
            assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> get("http://shop.test/", Proxy.Type.SOCKS, proxy.port()));
            assertThat(proxy.targets()).isEmpty();
        }
    }

}
