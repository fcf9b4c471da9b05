package dev.outbound.client.httpx;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.Client;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.httpcomponents.HttpComponentsTransport;
import dev.outbound.client.transport.reactor.ReactorTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class A13ConnectionPoolTests extends AbstractFeatureTests {

    /**
     * A client with one connection: one that is not given back is missed by the next
     * call.
     */
    private static LaneClient single(Lane lane, RawServer server) {
        return lane.client((builder) -> builder.baseUrl(server.url()).maxConnections(1));
    }

    private static RawServer answering(String message) {
        return RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(message);
        }, (connection) -> connection.forEachRequest((request) -> connection.respond(200, "next")));
    }

    private static void assertFails(Lane lane, String message, Class<? extends RequestException> type) {
        try (RawServer server = answering(message); LaneClient client = single(lane, server)) {
            assertThatExceptionOfType(type).isThrownBy(() -> client.get("/"));
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 key: scheme, host and port; no connection serves another origin")
    void key(Lane lane) {
        try (RawServer one = echo(); RawServer two = echo(); LaneClient client = lane.client((builder) -> {
        })) {
            for (RawServer server : List.of(one, two, one, two)) {
                assertThat(client.get(server.url()).text()).contains("Host: 127.0.0.1:" + server.port());
            }
            client.get("http://localhost:" + one.port());
            assertThat(one.connections()).isEqualTo(2);
            assertThat(two.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 assignment: an idle one, else a new one, else one of another origin gives way, else wait")
    void assignment(Lane lane) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (RawServer other = echo();
                RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
                    release.await();
                    connection.respond(200, "served");
                }));
                LaneClient client = lane.client((builder) -> builder.maxConnections(2))) {
            client.get(other.url());
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calls.add(threads.submit(() -> client.get(server.url()).text()));
            }
            server.awaitConnections(2);
            other.awaitOpen(0);
            release.countDown();
            for (Future<String> call : calls) {
                assertThat(call.get()).isEqualTo("served");
            }
            assertThat(server.connections()).isEqualTo(2);
        }
        finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 housekeeping: a connection that the server has closed meanwhile is not used")
    void housekeeping(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.respond(200, "first");
            connection.fin();
            if (lane == Lane.REACTIVE) {
                // Who blocks finds out when it needs a connection; an event loop closes
                // its
                // side when it knows.
                connection.hold();
            }
        }, (connection) -> connection.forEachRequest((request) -> connection.respond(200, "next")));
                LaneClient client = single(lane, server)) {
            assertThat(client.get("/").text()).isEqualTo("first");
            server.awaitOpen(0);
            assertThat(client.post("/", (spec) -> spec.text("not idempotent")).text()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 reuse: of what was read to its end, and neither side asked to close")
    void reuse(Lane lane) {
        try (RawServer server = echo(); LaneClient client = single(lane, server)) {
            client.get("/");
            client.stream("/", (response) -> assertThat(response.statusCode()).isEqualTo(200));
            assertThat(server.connections()).isEqualTo(1);
        }
        try (RawServer server = RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.respond(200, "", "Connection: close")));
                LaneClient client = single(lane, server)) {
            client.get("/");
            client.get("/");
            assertThat(server.connections()).isEqualTo(2);
        }
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\nsome");
            connection.hold();
        }); LaneClient client = single(lane, server)) {
            client.leave("/", 4);
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 failed request: leaves the pool free; closing the client ends what is being read")
    void failedRequest(Lane lane) throws Exception {
        assertFails(lane, "nonsense\r\n\r\n", RemoteProtocolException.class);
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsome");
            connection.hold();
        })) {
            Client client = Client.builder().baseUrl(server.url()).build();
            try (StreamedResponse response = client.stream(HttpMethod.GET, "/")) {
                assertThat(response.body().readNBytes(4)).hasSize(4);
                client.close();
                assertThatExceptionOfType(RequestException.class).isThrownBy(() -> response.body().read());
            }
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 stale connection: nothing is sent twice unasked; a retry policy does it for what is idempotent")
    void staleConnection(Lane lane) {
        for (boolean retries : new boolean[] { false, true }) {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readRequest();
                connection.respond(200, "first");
                connection.readRequest();
                connection.rst();
            }, (connection) -> connection.forEachRequest((request) -> connection.respond(200, "next")));
                    LaneClient client = lane.client((builder) -> builder.baseUrl(server.url())
                        .retry(retries ? RetryPolicy.fixed(1, java.time.Duration.ofMillis(1)) : null))) {
                client.get("/");
                if (retries) {
                    assertThat(client.get("/").text()).isEqualTo("next");
                }
                else {
                    assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> client.get("/"));
                    assertThat(server.requests()).hasSize(2);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 refused schemes: the message says which are supported")
    void refusedSchemes(Lane lane) {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> client(lane).get("ftp://shop.test/"))
            .withMessageContaining("'ftp'")
            .withMessageContaining("http and https");
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> client(lane).get("shop.test/"))
            .withMessageContaining("write http:// or https://");
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> client(lane).get("//shop.test/"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 write failure: an answer that comes before the upload has ended is delivered")
    void writeFailure(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readHead();
            connection.respond(413, "too large", "Connection: close");
            connection.hold();
        }); LaneClient client = client(lane, server)) {
            assertThat(client.post("/", (spec) -> spec.body(RequestBody.bytes(new byte[5_000_000]))).statusCode())
                .isEqualTo(413);
        }
        try (RawServer server = RawServer.start((connection) -> {
            connection.readHead();
            connection.rst();
        }); LaneClient client = client(lane, server)) {
            assertThatExceptionOfType(ConnectionLostException.class)
                .isThrownBy(() -> client.post("/", (spec) -> spec.body(RequestBody.bytes(new byte[5_000_000]))));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 disconnect before a response: the connection was lost")
    void disconnect(Lane lane) {
        assertFails(lane, "", ConnectionLostException.class);
        assertFails(lane, "HTTP/1.1 200 OK\r\nContent-Le", ConnectionLostException.class);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 truncated body, bad framing: neither passes for an answer")
    void framing(Lane lane) {
        assertFails(lane, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", TruncatedBodyException.class);
        assertFails(lane, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                TruncatedBodyException.class);
        assertFails(lane, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                RemoteProtocolException.class);
        assertFails(lane, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                RemoteProtocolException.class);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 bad request headers/method: the caller's mistake, found before sending")
    void badRequest(Lane lane) {
        try (RawServer server = echo(); LaneClient client = client(lane, server)) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> client.get("/", (spec) -> spec.header("X-A", "a\r\nb: c")));
            assertThatIllegalArgumentException()
                .isThrownBy(() -> client.request(HttpMethod.valueOf("GET /x"), "/", PLAIN));
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 1xx: 100 and 103 are passed over; an upgrade is not asked for, so 101 is the server's mistake")
    void informational(Lane lane) {
        try (RawServer server = answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfinal"); LaneClient client = single(lane, server)) {
            Response response = client.get("/");
            assertThat(response.text()).isEqualTo("final");
            assertThat(response.fields().contains("Link")).isFalse();
        }
        assertFails(lane, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
                RemoteProtocolException.class);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 header block: at most 64 KiB")
    void headerBlock(Lane lane) {
        String large = "HTTP/1.1 200 OK\r\nX-Large: " + "a".repeat(200_000) + "\r\nContent-Length: 0\r\n\r\n";
        assertFails(lane, large, LimitExceededException.class);
        try (RawServer server = answering(
                "HTTP/1.1 200 OK\r\nX-Large: " + "a".repeat(5_000) + "\r\nContent-Length: 0\r\n\r\n");
                LaneClient client = single(lane, server)) {
            assertThat(client.get("/").headers().getFirst("X-Large")).hasSize(5_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 response header case: as it was received")
    void responseHeaderCase(Lane lane) {
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "", "x-WeIrD: 1")));
                LaneClient client = client(lane, server)) {
            assertThat(client.get("/").fields().toString()).contains("x-WeIrD: 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 Expect: 100-continue: is neither produced nor accepted")
    void expect(Lane lane) {
        try (RawServer server = echo(); LaneClient client = client(lane, server)) {
            assertThat(client.post("/", (spec) -> spec.bytes(new byte[100_000])).text())
                .doesNotContainIgnoringCase("expect:");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> client.get("/", (spec) -> spec.header("Expect", "100-continue")))
                .withMessageContaining("set by the transport");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A13 trailers: are read, and left out")
    void trailers(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> connection
            .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n")));
                LaneClient client = single(lane, server)) {
            for (int i = 0; i < 2; i++) {
                Response response = client.get("/");
                assertThat(response.text()).isEqualTo("abc");
                assertThat(response.fields().contains("X-Trailer")).isFalse();
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("A13 pool display: connections in use, idle, and calls that wait")
    void poolDisplay() {
        try (RawServer server = echo();
                HttpComponentsTransport transport = HttpComponentsTransport.of(TransportSettings.defaults("shop"));
                Client client = Client.builder().transport(transport).build()) {
            try (StreamedResponse response = client.stream(HttpMethod.GET, server.url())) {
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(transport.leased()).isEqualTo(1);
            }
            assertThat(transport.leased()).isZero();
            assertThat(transport.idle()).isEqualTo(1);
            assertThat(transport.pending()).isZero();
        }
        try (RawServer server = echo();
                ReactorTransport transport = ReactorTransport.of(TransportSettings.defaults("shop"));
                LaneClient client = Lane.REACTIVE.client((builder) -> builder.reactiveTransport(transport))) {
            client.stream(server.url(), (response) -> assertThat(transport.acquired()).isEqualTo(1));
            client.get(server.url());
            assertThat(transport.pending()).isZero();
        }
    }

}
