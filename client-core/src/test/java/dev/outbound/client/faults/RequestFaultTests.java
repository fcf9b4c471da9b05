package dev.outbound.client.faults;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.next;
import static dev.outbound.client.faults.Cell.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Section E: the request and its body.
 */
@Rows
class RequestFaultTests {

    private static final int LARGE = 32 * 1024 * 1024;

    private static final RetryPolicy TWICE = RetryPolicy.fixed(1, Duration.ZERO);

    /** Can be sent once, and is generated as it is sent. */
    private static final class Generated extends RequestBody {

        private final long length;

        private final AtomicLong produced = new AtomicLong();

        Generated(long length) {
            this.length = length;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] piece = new byte[64 * 1024];
            for (long sent = 0; sent < this.length; sent += piece.length) {
                out.write(piece);
                this.produced.addAndGet(piece.length);
            }
        }

    }

    @Row(id = "E1", when = "Reset within the upload, without an answer",
            then = "ConnectionLostException, phase write; repeatable bodies of idempotent calls are sent again")
    void resetWithinUpload(Cell cell) {
        Script reset = (connection) -> {
            connection.readHead();
            connection.readBody(64 * 1024);
            connection.rst();
        };
        RawServer server = cell.server(reset, next());
        LaneClient client = cell.client(server, (builder) -> builder.retry(TWICE));
        cell.fails(ConnectionLostException.class, Phase.WRITE,
                () -> client.post("/", (spec) -> spec.bytes(new byte[LARGE])));
        assertThat(server.requests()).hasSize(1);
        RawServer again = cell.server(reset, next());
        Response response = cell.client(again, (builder) -> builder.retry(TWICE))
            .request(HttpMethod.PUT, "/", (spec) -> spec.bytes(new byte[LARGE]));
        assertThat(response.text()).isEqualTo("next");
        assertThat(response.context().attempt()).isEqualTo(2);
        RawServer once = cell.server(reset, next());
        LaneClient streaming = cell.client(once, (builder) -> builder.retry(TWICE));
        cell.fails(ConnectionLostException.class, Phase.WRITE,
                () -> streaming.request(HttpMethod.PUT, "/", (spec) -> spec.body(new Once(LARGE))));
        cell.evicted(once, streaming);
    }

    /** Cannot be sent again. */
    private static final class Once extends RequestBody {

        private final int length;

        private final AtomicInteger reads = new AtomicInteger();

        Once(int length) {
            this.length = length;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            this.reads.incrementAndGet();
            out.write(new byte[this.length]);
        }

    }

    @Row(id = "E2", when = "413 or 401 within the upload, then the end of the connection",
            then = "The 413 or 401; connection closed")
    void earlyAnswer(Cell cell) {
        for (int status : new int[] { 413, 401 }) {
            Script full = (connection) -> {
                connection.readHead();
                connection.respond(status, "no", "Connection: close");
                connection.fin();
                connection.hold();
            };
            Script abrupt = (connection) -> {
                connection.readHead();
                connection.respond(status, "no", "Connection: close");
                connection.fin();
                // As long as a server may wait before what it has not read makes it
                // reset.
                connection.pause(Duration.ofMillis(50));
            };
            for (Script script : new Script[] { full, abrupt }) {
                RawServer server = cell.server(script, next());
                LaneClient client = cell.client(server);
                Response response = client.post("/", (spec) -> spec.bytes(new byte[LARGE]));
                assertThat(response.statusCode()).isEqualTo(status);
                assertThat(response.text()).isEqualTo("no");
                cell.evicted(server, client);
            }
        }
    }

    @Row(id = "E3", when = "200 within the upload; the server reads on",
            then = "The 200; the client goes on with the next call")
    void earlySuccess(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readHead();
            connection.respond(200, "early");
            connection.readBody(4 * 1024 * 1024);
            connection.forEachRequest((request) -> connection.respond(200, "next"));
        }, next());
        LaneClient client = cell.client(server);
        assertThat(client.post("/", (spec) -> spec.bytes(new byte[4 * 1024 * 1024])).text()).isEqualTo("early");
        assertThat(client.get("/").text()).isEqualTo("next");
    }

    @Row(id = "E4", when = "The server answers before it has read anything, and once more when it has the request",
            then = "Taken for the answer only if it meets a request; the connection is not used again")
    void answerBeforeRequest(Cell cell) {
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            RawServer server = cell.server((connection) -> {
                connection.respond(200, "unasked");
                if (connection.readRequest() != null) {
                    connection.respond(200, "late");
                }
                over.complete(null);
                connection.hold();
            }, next());
            LaneClient client = cell.client(server);
            String[] text = new String[1];
            Throwable thrown = catchThrowable(() -> text[0] = client.get("/").text());
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(RemoteProtocolException.class);
                Cell.checkMessage((RemoteProtocolException) thrown);
            }
            else {
                // If it was seen before the request was sent, another connection was
                // taken.
                assertThat(text[0]).isIn("unasked", "next");
            }
            assertThat(over).succeedsWithin(Duration.ofSeconds(5));
            if (cell.lane() != EngineLane.HTTP_COMPONENTS && !"next".equals(text[0])) {
                // That one has no thread for idle connections, and looks before use.
                server.awaitOpen(0);
            }
            Cell.served(client);
        }
    }

    @Row(id = "E5", when = "417, though nothing was expected of the server", then = "The 417; nothing is sent again")
    void expectationFailed(Cell cell) {
        RawServer server = cell.server(respond(417, "no"));
        LaneClient client = cell.client(server, (builder) -> builder.retry(TWICE));
        assertThat(client.request(HttpMethod.PUT, "/", (spec) -> spec.text("x")).statusCode()).isEqualTo(417);
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().get(0)).doesNotContainIgnoringCase("expect:");
    }

    @Row(id = "E6", when = "The caller sets Expect: 100-continue",
            then = "IllegalArgumentException before anything is sent: the client waits for no permission")
    void expectation(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client.post("/", (spec) -> spec.header("Expect", "100-continue").text("body")))
            .withMessageContaining("Expect");
        assertThat(server.connections()).isZero();
    }

    @Row(id = "E7", when = "A final 4xx to the head of an upload, and the server reads on",
            then = "The 4xx; the rest of the body is not sent; connection closed")
    void refusedByHead(Cell cell) {
        AtomicLong received = new AtomicLong();
        RawServer server = cell.server((connection) -> {
            connection.readHead();
            connection.respond(413, "no");
            byte[] buffer = new byte[16 * 1024];
            for (int count = connection.read(buffer); count >= 0; count = connection.read(buffer)) {
                received.addAndGet(count);
                connection.pause(Duration.ofMillis(1));
            }
        }, next());
        LaneClient client = cell.client(server);
        Response response = client.post("/", (spec) -> spec.body(new Generated(LARGE)));
        assertThat(response.statusCode()).isEqualTo(413);
        cell.evicted(server, client);
        server.awaitOpen(1);
        assertThat(received.get()).isLessThan(LARGE / 2);
    }

    @Row(id = "E8", when = "The caller's body throws in its middle",
            then = "That exception; the server never sees an end of the body")
    void bodyThrows(Cell cell) {
        IllegalArgumentException mine = new IllegalArgumentException("mine");
        for (long announced : new long[] { -1, 10 }) {
            CompletableFuture<Boolean> whole = new CompletableFuture<>();
            RawServer server = cell.server((connection) -> {
                try {
                    whole.complete(connection.readRequest() != null);
                }
                catch (IOException ex) {
                    whole.complete(false);
                }
            }, next());
            LaneClient client = cell.client(server);
            Throwable thrown = catchThrowable(() -> client.post("/", (spec) -> spec.body(new RequestBody() {

                @Override
                public @Nullable MediaType contentType() {
                    return null;
                }

                @Override
                public long contentLength() {
                    return announced;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    out.write(new byte[] { 1, 2, 3, 4, 5 });
                    out.flush();
                    throw mine;
                }

            })));
            assertThat(thrown).isSameAs(mine);
            cell.evicted(server, client);
            assertThat(whole).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(false);
        }
    }

    @Row(id = "E9", when = "The caller's body is shorter or longer than it announces",
            then = "LocalProtocolException; the server never sees a whole request; connection closed")
    void bodyOfAnotherLength(Cell cell) {
        for (int announced : new int[] { 5, 20 }) {
            RawServer server = cell.server((connection) -> {
                connection.readRequest();
                connection.respond(200, "wrong");
            }, next());
            LaneClient client = cell.client(server);
            Throwable thrown = catchThrowable(() -> client.post("/",
                    (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(new byte[10]), announced))));
            assertThat(thrown).isInstanceOf(LocalProtocolException.class);
            Cell.checkMessage((LocalProtocolException) thrown);
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @Row(id = "E10", when = "503 to a body that can be sent once", then = "The 503; one request, one reading")
    void onceAndRetry(Cell cell) {
        RawServer server = cell.server(respond(503, "busy"));
        LaneClient client = cell.client(server, (builder) -> builder.retry(TWICE));
        Once body = new Once(1000);
        assertThat(client.request(HttpMethod.PUT, "/", (spec) -> spec.body(body)).statusCode()).isEqualTo(503);
        assertThat(server.requests()).hasSize(1);
        assertThat(body.reads).hasValue(1);
    }

    @Row(id = "E11", when = "307 to a body that can be sent once", then = "The 307; one request, one reading")
    void onceAndRedirect(Cell cell) {
        RawServer server = cell.server(respond(307, "", "Location: /other"));
        LaneClient client = cell.client(server,
                (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.SAME_ORIGIN, 5)));
        Once body = new Once(1000);
        assertThat(client.request(HttpMethod.PUT, "/", (spec) -> spec.body(body)).statusCode()).isEqualTo(307);
        assertThat(server.requests()).hasSize(1);
        assertThat(body.reads).hasValue(1);
    }

    @Row(id = "E12", when = "An upload of 128 MB of unknown length to a server that takes its time",
            then = "Sent as it is made: never more than 16 MB are under way")
    void largeUpload(Cell cell) {
        int length = 128 * 1024 * 1024;
        Generated body = new Generated(length);
        AtomicLong received = new AtomicLong();
        AtomicLong ahead = new AtomicLong();
        RawServer server = cell.server((connection) -> {
            connection.readHead();
            byte[] buffer = new byte[256 * 1024];
            String end = "";
            while (!end.equals("\r\n0\r\n\r\n")) {
                int count = connection.read(buffer);
                ahead.accumulateAndGet(body.produced.get() - received.get(), Math::max);
                received.addAndGet(count);
                end += new String(buffer, Math.max(0, count - 7), Math.min(count, 7), StandardCharsets.ISO_8859_1);
                end = end.substring(Math.max(0, end.length() - 7));
            }
            connection.respond(200, "next", "Connection: close");
        });
        assertThat(cell.client(server).post("/", (spec) -> spec.body(body)).text()).isEqualTo("next");
        assertThat(body.produced).hasValue(length);
        assertThat(ahead.get()).isLessThan(16 * 1024 * 1024);
    }

    @Row(id = "E13", when = "The server takes the upload slowly; then not at all",
            then = "No WriteTimeoutException as long as it goes on; then one, and the connection is closed")
    void slowUpload(Cell cell) {
        Script slow = (connection) -> {
            connection.readHead();
            byte[] piece = new byte[512 * 1024];
            for (int i = 0; i < 16; i++) {
                connection.readBody(piece.length);
                connection.pause(Duration.ofMillis(25));
            }
            connection.respond(200, "slow", "Connection: close");
        };
        LaneClient client = cell.client(cell.server(slow),
                (builder) -> builder.timeouts(Cell.LIMITS.withWrite(Cell.SHORT.multipliedBy(2))));
        assertThat(client.post("/", (spec) -> spec.bytes(new byte[8 * 1024 * 1024])).text()).isEqualTo("slow");
        CompletableFuture<Void> over = new CompletableFuture<>();
        RawServer server = cell.server((connection) -> {
            connection.readHead();
            connection.readBody(1024);
            over.get(10, TimeUnit.SECONDS);
        }, next());
        LaneClient other = cell.client(server, (builder) -> builder.timeouts(Cell.LIMITS.withWrite(Cell.SHORT)));
        cell.timesOut(WriteTimeoutException.class, Phase.WRITE,
                () -> other.post("/", (spec) -> spec.bytes(new byte[LARGE])));
        over.complete(null);
        cell.evicted(server, other);
    }

    @Row(id = "E14", when = "431: the request's head is too large for the server", then = "The 431; not retried")
    void headTooLarge(Cell cell) {
        RawServer server = cell.server((connection) -> connection
            .forEachRequest((request) -> connection.respond(request.startsWith("GET /next") ? 200 : 431, "next")));
        LaneClient client = cell.client(server, (builder) -> builder.retry(TWICE));
        assertThat(client.get("/", (spec) -> spec.header("X-Large", "x".repeat(32 * 1024))).statusCode())
            .isEqualTo(431);
        assertThat(server.requests()).hasSize(1);
        cell.reused(server, client);
    }

    @Row(id = "E15", when = "The caller sets a header that cannot be sent",
            then = "IllegalArgumentException before anything is sent, without the value")
    void badHeaders(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (String value : new String[] { "a\r\nX-Evil: 1", "a\rb", "a\nb", "a\u0000b", "a\u007fb" }) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> client.get("/", (spec) -> spec.header("X-A", value + Cell.SECRET)))
                .withMessageNotContaining(Cell.SECRET);
        }
        for (String name : new String[] { "", "X A", "X:A", "X\r\nA", "X\u0000", "é" }) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> client.get("/", (spec) -> spec.header(name, Cell.SECRET)))
                .withMessageNotContaining(Cell.SECRET);
        }
        assertThat(server.connections()).isZero();
        assertThat(client.get("/").text()).isEqualTo("next");
    }

    @Row(id = "E16", also = "S99", when = "The caller sets Content-Length, Transfer-Encoding, Host",
            then = "IllegalArgumentException: they are the transport's; Host once, as it was set")
    void framingHeaders(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (String name : new String[] { "Content-Length", "transfer-encoding" }) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.get("/", (spec) -> spec.header(name, "5")))
                .withMessageContaining(name);
        }
        assertThat(server.connections()).isZero();
        client.get("/");
        assertThat(server.requests().get(0)).containsOnlyOnce("\r\nHost: 127.0.0.1:" + server.port() + "\r\n");
    }

    @Row(id = "E17", when = "GET and DELETE with a body, a method of another protocol", then = "Sent as it is")
    void unusualMethods(Cell cell) {
        RawServer server = cell.server((connection) -> connection
            .forEachRequest((request) -> connection.respond(200, request.substring(request.indexOf("\r\n\r\n") + 4))));
        LaneClient client = cell.client(server);
        for (String method : new String[] { "GET", "DELETE", "OPTIONS", "PROPFIND", "QUERY", "get" }) {
            assertThat(client.request(HttpMethod.valueOf(method), "/", (spec) -> spec.text("body")).text()).as(method)
                .isEqualTo("body");
            assertThat(server.requests().get(server.requests().size() - 1)).startsWith(method + " /");
        }
        assertThat(server.connections()).isEqualTo(1);
    }

}
