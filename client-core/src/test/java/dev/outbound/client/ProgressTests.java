package dev.outbound.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ProgressListener;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(30)
class ProgressTests {

    private static final int SIZE = 3 * 1024 * 1024 + 5;

    /** Keeps what it is told, each call as {@code sent 10/20}. */
    private static class Recording implements ProgressListener {

        final List<String> told = Collections.synchronizedList(new ArrayList<>());

        final List<Long> sent = Collections.synchronizedList(new ArrayList<>());

        final List<Long> received = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void begin(Request request) {
            this.told.add("begin " + request.method());
            this.sent.clear();
            this.received.clear();
        }

        @Override
        public void sent(long bytes, long total) {
            this.told.add("sent " + bytes + "/" + total);
            this.sent.add(bytes);
        }

        @Override
        public void received(long bytes, long total) {
            this.told.add("received " + bytes + "/" + total);
            this.received.add(bytes);
        }

    }

    private final Recording recording = new Recording();

    private static LaneClient client(EngineLane lane, RawServer server) {
        return lane.client((builder) -> builder.baseUrl(server.url()).timeout(Duration.ofSeconds(10)));
    }

    /** Reads a request with its body, and answers. */
    private static void answer(Connection connection) throws IOException {
        connection.readRequest();
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }

    @ParameterizedTest
    @EnumSource
    void anUploadIsToldPieceByPieceUpToItsEnd(EngineLane lane) {
        try (RawServer server = RawServer.start(ProgressTests::answer); LaneClient client = client(lane, server)) {
            Response response = client.post("/", (spec) -> spec.bytes(new byte[SIZE]).progress(this.recording));
            assertThat(response.text()).isEqualTo("ok");
            assertThat(response.request().body()).isNotNull()
                .satisfies((body) -> assertThat(body.bytes()).hasSize(SIZE));
        }
        assertThat(this.recording.told.get(0)).isEqualTo("begin POST");
        assertThat(this.recording.told).contains("sent " + SIZE + "/" + SIZE, "received 2/2");
        assertThat(this.recording.sent).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource
    void aBodyOfUnknownLengthHasNoTotal(EngineLane lane) {
        try (RawServer server = RawServer.start(ProgressTests::answer); LaneClient client = client(lane, server)) {
            client.post("/", (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(new byte[50_000]), -1))
                .progress(this.recording));
        }
        assertThat(this.recording.told).contains("sent 50000/-1");
        assertThat(this.recording.sent).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void whatTheServerDoesNotTakeIsNotToldAsSent(EngineLane lane) {
        int size = 64 * 1024 * 1024;
        try (RawServer server = RawServer.start((connection) -> {
            connection.receiveBuffer(4096);
            connection.readHead();
            connection.hold();
        });
                LaneClient client = lane.client((builder) -> builder.baseUrl(server.url())
                    .timeouts(Timeouts.defaults().withWrite(Duration.ofMillis(300))))) {
            assertThatExceptionOfType(WriteTimeoutException.class)
                .isThrownBy(() -> client.post("/", (spec) -> spec.bytes(new byte[size]).progress(this.recording)));
        }
        assertThat(this.recording.sent).allSatisfy((sent) -> assertThat(sent).isLessThan(size / 2L));
    }

    @ParameterizedTest
    @EnumSource
    void aDownloadCountsWhatIsReceivedBufferedAndStreamed(EngineLane lane) throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(coded)) {
            out.write("x".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII));
        }
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            connection
                .write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + coded.size() + "\r\n\r\n");
            connection.write(coded.toByteArray());
        })); LaneClient client = client(lane, server)) {
            assertThat(client.get("/", (spec) -> spec.progress(this.recording)).text()).hasSize(1_000_000);
            assertThat(this.recording.told).contains("received " + coded.size() + "/" + coded.size())
                .noneMatch((told) -> told.startsWith("sent"));
            this.recording.told.clear();
            Request request = client.build(HttpMethod.GET, "/", (spec) -> spec.progress(this.recording));
            assertThat(client.stream(request)).hasSize(1_000_000);
            assertThat(this.recording.told).startsWith("begin GET")
                .contains("received " + coded.size() + "/" + coded.size());
            assertThat(this.recording.received).isSorted().doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRetryBeginsAnewForAllToSee(EngineLane lane) {
        AtomicBoolean busy = new AtomicBoolean(true);
        // The JDK may give the connection back too late for the second attempt.
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest(
                (request) -> connection.write(busy.getAndSet(false) ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")));
                LaneClient client = client(lane, server)) {
            client.request(HttpMethod.PUT, "/",
                    (spec) -> spec.bytes(new byte[5])
                        .retry(RetryPolicy.fixed(1, Duration.ofMillis(1)))
                        .progress(this.recording));
        }
        assertThat(this.recording.told).containsExactly("begin PUT", "sent 5/5", "begin PUT", "sent 5/5",
                "received 2/2");
    }

    @ParameterizedTest
    @EnumSource
    void whatAListenerThrowsEndsTheCall(EngineLane lane) {
        ProgressListener broken = new ProgressListener() {

            @Override
            public void received(long bytes, long total) {
                throw new IllegalStateException("of the listener");
            }

        };
        try (RawServer server = RawServer.start(ProgressTests::answer); LaneClient client = client(lane, server)) {
            assertThatIllegalStateException().isThrownBy(() -> client.get("/", (spec) -> spec.progress(broken)))
                .withMessage("of the listener");
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAListenerOfAnUploadThrowsEndsTheCall(EngineLane lane) {
        ProgressListener broken = new ProgressListener() {

            @Override
            public void sent(long bytes, long total) {
                throw new IllegalStateException("of the listener");
            }

        };
        List<RequestBody> bodies = List.of(RequestBody.bytes(new byte[SIZE]), RequestBody.text("small"),
                RequestBody.stream(new ByteArrayInputStream(new byte[SIZE]), -1));
        for (RequestBody body : bodies) {
            try (RawServer server = RawServer.start(ProgressTests::answer); LaneClient client = client(lane, server)) {
                assertThatIllegalStateException()
                    .isThrownBy(() -> client.post("/", (spec) -> spec.body(body).progress(broken)))
                    .withMessage("of the listener");
                server.awaitOpen(0);
            }
        }
    }

}
