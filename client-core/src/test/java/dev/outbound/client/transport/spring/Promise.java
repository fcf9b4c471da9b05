package dev.outbound.client.transport.spring;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What every lane of ours does, and an engine behind an adapter should.
 */
enum Promise {

    REQUEST("Method, target, fields and body are sent as they are") {

        @Override
        void check(Adapter.Running engine) {
            Script script = (connection) -> {
                connection.readHead();
                connection.respond(200, new String(connection.readBody(4), StandardCharsets.US_ASCII));
            };
            try (RawServer server = RawServer.start(script); LaneClient client = engine.client(server.url())) {
                Response response = client.post("/p?q=1%2F2;3", (spec) -> spec.header("X-Case", "a  b").text("text"));
                assertThat(response.text()).isEqualTo("text");
                assertThat(server.requests()).singleElement()
                    .asString()
                    .startsWith("POST /p?q=1%2F2;3 HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nX-Case: a  b\r\n")
                    .containsIgnoringCase("\r\nContent-Length: 4\r\n");
            }
        }

    },

    PATCH("Any method can be sent, `PATCH` too") {

        @Override
        void check(Adapter.Running engine) {
            try (RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    LaneClient client = engine.client(server.url())) {
                assertThat(client.request(HttpMethod.PATCH, "/", (spec) -> spec.text("x")).statusCode()).isEqualTo(200);
            }
        }

    },

    UPLOAD("A body of unknown length is streamed") {

        @Override
        void check(Adapter.Running engine) {
            try (RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    LaneClient client = engine.client(server.url())) {
                RequestBody body = RequestBody.stream(new ByteArrayInputStream(new byte[300_000]), -1);
                assertThat(client.post("/", (spec) -> spec.body(body)).statusCode()).isEqualTo(200);
                assertThat(server.requests()).singleElement()
                    .asString()
                    .containsIgnoringCase("\r\ntransfer-encoding: chunked\r\n");
            }
        }

    },

    ERROR_STATUS("A response of an error is a response, with its body") {

        @Override
        void check(Adapter.Running engine) {
            String challenge = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 5\r\n\r\nlogin";
            try (RawServer server = answering(challenge); LaneClient client = engine.client(server.url())) {
                assertThat(client.get("/").text()).isEqualTo("login");
                Response response = client.post("/", (spec) -> spec.text("x"));
                assertThat(response.statusCode()).isEqualTo(401);
                assertThat(response.text()).isEqualTo("login");
                assertThat(server.requests()).hasSize(2);
            }
        }

    },

    REDIRECT("A redirect is left to the client") {

        @Override
        void check(Adapter.Running engine) {
            try (RawServer server = answering("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
                    LaneClient client = engine.client(server.url())) {
                assertThat(client.get("/").statusCode()).isEqualTo(302);
                assertThat(server.requests()).hasSize(1);
            }
        }

    },

    FIELDS("Repeated fields stay apart and in order") {

        @Override
        void check(Adapter.Running engine) {
            try (RawServer server = answering(
                    "HTTP/1.1 200 OK\r\nX-A: 2, 3\r\nX-A: 1\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n");
                    LaneClient client = engine.client(server.url())) {
                Response response = client.get("/");
                assertThat(response.headers().get("X-A")).containsExactly("2, 3", "1");
                assertThat(response.headers().get("X-Empty")).containsExactly("");
            }
        }

    },

    REASON("The reason phrase is told") {

        @Override
        void check(Adapter.Running engine) {
            try (RawServer server = answering("HTTP/1.1 200 Fine\r\nContent-Length: 0\r\n\r\n");
                    LaneClient client = engine.client(server.url())) {
                assertThat(client.get("/").reasonPhrase()).isEqualTo("Fine");
            }
        }

    },

    CODING("Content codings are left to the client") {

        @Override
        void check(Adapter.Running engine) throws IOException {
            ByteArrayOutputStream coded = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
                out.write("plain".getBytes(StandardCharsets.US_ASCII));
            }
            try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
                connection
                    .write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + coded.size() + "\r\n\r\n");
                connection.write(coded.toByteArray());
            })); LaneClient client = engine.client(server.url())) {
                Response response = client.get("/");
                assertThat(response.text()).isEqualTo("plain");
                assertThat(response.headers().getFirst("Content-Encoding")).isEqualTo("gzip");
            }
        }

    },

    INTERIM("Interim responses are passed over") {

        @Override
        void check(Adapter.Running engine) throws Exception {
            try (RawServer server = answering("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    LaneClient client = engine.client(server.url())) {
                BackgroundCall<Response> call = BackgroundCall.onPlatformThread(() -> client.get("/"));
                assertThat(call.value(Duration.ofSeconds(2)).text()).isEqualTo("ok");
            }
        }

    },

    REUSE("Connections are used again, behind an answer to HEAD too") {

        @Override
        void check(Adapter.Running engine) {
            try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> connection
                .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + (request.startsWith("HEAD") ? "" : "ok"))));
                    LaneClient client = engine.client(server.url())) {
                client.request(HttpMethod.HEAD, "/", (spec) -> {
                });
                for (int i = 0; i < 5; i++) {
                    assertThat(client.get("/").text()).isEqualTo("ok");
                }
                // Some give a connection back a moment behind the response.
                assertThat(server.connections()).isLessThan(4);
            }
        }

    },

    CLOSE_DELIMITED("A body may end with its connection") {

        @Override
        void check(Adapter.Running engine) {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readRequest();
                connection.write("HTTP/1.0 200 OK\r\n\r\nall of it");
            }); LaneClient client = engine.client(server.url())) {
                assertThat(client.get("/").text()).isEqualTo("all of it");
            }
        }

    },

    REFUSED("A refused connection is a `ConnectionFailedException`") {

        @Override
        void check(Adapter.Running engine) {
            RawServer closed = RawServer.start((connection) -> {
            });
            closed.close();
            try (LaneClient client = engine.client(closed.url())) {
                assertThat(catchThrowable(() -> client.get("/"))).isInstanceOf(ConnectionFailedException.class);
            }
        }

    },

    LOST("A connection that ends before the answer is a `ConnectionLostException`, and nothing is sent again") {

        @Override
        void check(Adapter.Running engine) {
            for (HttpMethod method : new HttpMethod[] { HttpMethod.GET, HttpMethod.POST }) {
                try (RawServer server = RawServer.start((connection) -> connection.readRequest());
                        LaneClient client = engine.client(server.url())) {
                    assertThat(catchThrowable(() -> client.request(method, "/", (spec) -> {
                        if (method == HttpMethod.POST) {
                            spec.text("x");
                        }
                    }))).isInstanceOf(ConnectionLostException.class);
                    assertThat(server.requests()).hasSize(1);
                }
            }
        }

    },

    TRUNCATED("A body that ends too early is a `TruncatedBodyException`") {

        @Override
        void check(Adapter.Running engine) {
            for (String answer : new String[] { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n" }) {
                try (RawServer server = RawServer.start((connection) -> {
                    connection.readRequest();
                    connection.write(answer);
                }); LaneClient client = engine.client(server.url())) {
                    assertThat(catchThrowable(() -> client.get("/"))).isInstanceOf(TruncatedBodyException.class);
                }
            }
        }

    },

    TOTAL("The total limit ends a call that waits for its answer, at once") {

        @Override
        void check(Adapter.Running engine) throws Exception {
            try (RawServer server = RawServer.start(SILENT); LaneClient client = engine.client(server.url())) {
                BackgroundCall<Response> call = BackgroundCall
                    .onPlatformThread(() -> client.get("/", (spec) -> spec.total(Duration.ofMillis(100))));
                assertThat(call.failure(SOON)).isInstanceOf(TotalTimeoutException.class);
            }
        }

    },

    CANCEL("A call that is cancelled before its answer closes its connection, at once") {

        @Override
        void check(Adapter.Running engine) throws Exception {
            try (RawServer server = RawServer.start(SILENT); LaneClient client = engine.client(server.url())) {
                BackgroundCall<Response> call = (client instanceof LaneClient.Reactive reactive)
                        ? BackgroundCall.subscribed(reactive.client().get("/"))
                        : BackgroundCall.onPlatformThread(() -> client.get("/"));
                server.awaitConnections(1);
                call.cancel();
                if (engine.lane() == Lane.BLOCKING) {
                    assertThat(call.failure(SOON)).isNotNull();
                }
                awaitClosed(server);
            }
        }

    },

    LEAVE("A stream that is left closes its connection, at once") {

        @Override
        void check(Adapter.Running engine) throws Exception {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readRequest();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nbeginning");
                connection.hold();
            }); LaneClient client = engine.client(server.url())) {
                client.leave("/", 5);
                awaitClosed(server);
            }
        }

    };

    private static final Duration SOON = Duration.ofMillis(700);

    private static final Script SILENT = (connection) -> {
        connection.readRequest();
        connection.hold();
    };

    private final String text;

    Promise(String text) {
        this.text = text;
    }

    abstract void check(Adapter.Running engine) throws Exception;

    private static RawServer answering(String answer) {
        return RawServer.start((connection) -> connection.forEachRequest((request) -> connection.write(answer)));
    }

    private static void awaitClosed(RawServer server) {
        long end = System.nanoTime() + SOON.toNanos();
        while (server.open() != 0) {
            assertThat(System.nanoTime()).as("the connection is open").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public String toString() {
        return this.text;
    }

}
