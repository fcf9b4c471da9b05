package dev.outbound.client;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.MediaType;

import dev.outbound.client.http.CallContext;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.Transferred;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A failure tells how much of the bodies had passed, the same on every lane.
 */
@Timeout(30)
class TransferredTests {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static final int LARGE = 32 * 1024 * 1024;

    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + "x".repeat(1024);

    private static LaneClient client(EngineLane lane, RawServer server) {
        return lane.client((builder) -> builder.name("lab").baseUrl(server.url()));
    }

    private static Transferred transferred(ClientException failure) {
        CallContext context = failure.context();
        assertThat(context).isNotNull();
        assertThat(context.transferred()).as("%s", failure).isNotNull();
        return context.transferred();
    }

    @ParameterizedTest
    @EnumSource
    void ofABodyThatStopsOnTheWay(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(HALF);
            connection.hold();
        }); LaneClient client = client(lane, server)) {
            ReadTimeoutException failure = catchThrowableOfType(ReadTimeoutException.class,
                    () -> client.post("/", (spec) -> spec.text("twelve bytes").timeout(SHORT)));
            assertThat(transferred(failure)).isEqualTo(new Transferred(12, 12, 1024, 4096));
            assertThat(failure).hasMessageContaining("1,024 of 4,096 bytes received");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofABodyThatIsCutOff(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(HALF);
        }); LaneClient client = client(lane, server)) {
            TruncatedBodyException failure = catchThrowableOfType(TruncatedBodyException.class, () -> client.get("/"));
            assertThat(transferred(failure)).isEqualTo(new Transferred(0, 0, 1024, 4096));
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAStreamThatStopsOnTheWay(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(HALF);
            connection.hold();
        }); LaneClient client = client(lane, server)) {
            ReadTimeoutException failure = catchThrowableOfType(ReadTimeoutException.class,
                    () -> client.with((builder) -> builder.timeout(SHORT)).stream("/", (head) -> {
                    }));
            assertThat(transferred(failure)).isEqualTo(new Transferred(0, 0, 1024, 4096));
            assertThat(failure).hasMessageContaining("1,024 of 4,096 bytes received");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofABodyThatTakesTooLong(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(HALF);
            connection.hold();
        }); LaneClient client = client(lane, server)) {
            TotalTimeoutException failure = catchThrowableOfType(TotalTimeoutException.class,
                    () -> client.get("/", (spec) -> spec.total(SHORT)));
            assertThat(transferred(failure)).isEqualTo(new Transferred(0, 0, 1024, 4096));
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofARequestThatIsNotTaken(EngineLane lane) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (RawServer server = RawServer.start((connection) -> {
            connection.receiveBuffer(4096);
            connection.readHead();
            over.get(10, TimeUnit.SECONDS);
        }); LaneClient client = client(lane, server)) {
            WriteTimeoutException failure = catchThrowableOfType(WriteTimeoutException.class,
                    () -> client.post("/", (spec) -> spec.bytes(new byte[LARGE]).timeout(SHORT)));
            over.complete(null);
            assertThat(transferred(failure).toSend()).isEqualTo(LARGE);
            // The kernel's buffers hold some of it.
            assertThat(transferred(failure).sent()).isBetween(1L, LARGE - 1L);
            assertThat(transferred(failure).received()).isZero();
            assertThat(failure).hasMessageContaining(" of 33,554,432 bytes sent");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofARequestWithoutALength(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readHead();
            connection.hold();
        }); LaneClient client = client(lane, server)) {
            ReadTimeoutException failure = catchThrowableOfType(ReadTimeoutException.class,
                    () -> client.post("/", (spec) -> spec.body(chunked()).timeout(SHORT)));
            assertThat(transferred(failure)).isEqualTo(new Transferred(30_000, -1, 0, -1));
        }
    }

    private static RequestBody chunked() {
        return new RequestBody() {

            @Override
            public @Nullable MediaType contentType() {
                return null;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                for (int i = 0; i < 3; i++) {
                    out.write(new byte[10_000]);
                }
            }

        };
    }

    @ParameterizedTest
    @EnumSource
    void ofTheLastAttemptOnly(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(HALF);
        }, (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nabc");
        }); LaneClient client = client(lane, server)) {
            TruncatedBodyException failure = catchThrowableOfType(TruncatedBodyException.class,
                    () -> client.get("/", (spec) -> spec.retry(RetryPolicy.fixed(1, Duration.ZERO))));
            assertThat(transferred(failure)).isEqualTo(new Transferred(0, 0, 3, 7));
            assertThat(failure.getSuppressed())
                .anySatisfy((earlier) -> assertThat(transferred((ClientException) earlier))
                    .isEqualTo(new Transferred(0, 0, 1024, 4096)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofNothingWhereThereIsNoConnection(EngineLane lane) {
        RawServer gone = RawServer.start((connection) -> {
        });
        gone.close();
        try (LaneClient client = client(lane, gone)) {
            ConnectionFailedException failure = catchThrowableOfType(ConnectionFailedException.class,
                    () -> client.post("/", (spec) -> spec.text("twelve bytes")));
            assertThat(transferred(failure)).isEqualTo(new Transferred(0, 12, 0, -1));
        }
    }

}
