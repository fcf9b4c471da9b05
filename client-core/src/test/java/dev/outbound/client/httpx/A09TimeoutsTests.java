package dev.outbound.client.httpx;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class A09TimeoutsTests extends AbstractFeatureTests {

    private static final Duration SHORT = Duration.ofMillis(150);

    private static final Duration LONG = Duration.ofSeconds(7);

    @Test
    @DisplayName("A9 Timeout(t): connect, read, write and pool; null is no limit")
    void ofOneValue() {
        Timeouts timeouts = Timeouts.none().withAll(LONG);
        assertThat(List.of(timeouts.connect(), timeouts.read(), timeouts.write(), timeouts.pool())).containsOnly(LONG);
        assertThat(timeouts.total()).isNull();
        assertThat(timeouts.withAll(null)).isEqualTo(Timeouts.none());
        assertThat(timeouts)
            .hasToString("connect=PT7S, tls=null, read=PT7S, write=PT7S, pool=PT7S, total=null, stream-total=null");
        assertThatIllegalArgumentException().isThrownBy(() -> timeouts.withAll(Duration.ZERO))
            .withMessageContaining("connect timeout must be positive");
    }

    @Test
    @DisplayName("A9 overrides: part by part")
    void overrides() {
        Timeouts timeouts = Timeouts.none().withAll(LONG).withRead(SHORT).withPool(null);
        assertThat(timeouts.connect()).isEqualTo(LONG);
        assertThat(timeouts.read()).isEqualTo(SHORT);
        assertThat(timeouts.pool()).isNull();
    }

    @Test
    @DisplayName("A9 tuple: names say which is which; what is not named has no limit, or the default's")
    void byName() {
        assertThat(Timeouts.none().withConnect(SHORT).withRead(LONG).write()).isNull();
        assertThat(Timeouts.defaults().withConnect(SHORT).write()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    @DisplayName("A9 from another Timeout: a change gives other limits, equal ones are equal")
    void fromAnother() {
        Timeouts timeouts = Timeouts.defaults();
        assertThat(timeouts.withRead(SHORT).withRead(timeouts.read())).isEqualTo(timeouts).hasSameHashCodeAs(timeouts);
        assertThat(timeouts.withRead(SHORT)).isNotEqualTo(timeouts);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A9 request level: one value sets the four parts, total stays; or all at once")
    void requestLevel(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.timeout(LONG).total(LONG));
        client.get("http://shop.test/", (spec) -> spec.timeout(SHORT));
        assertThat(sent().timeouts().write()).isEqualTo(SHORT);
        assertThat(sent().timeouts().total()).isEqualTo(LONG);
        client.get("http://shop.test/", (spec) -> spec.timeouts(Timeouts.none().withRead(SHORT)));
        assertThat(sent().timeouts()).isEqualTo(Timeouts.none().withRead(SHORT));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A9 connect")
    void connect(Lane lane) {
        try (RawServer server = RawServer.blackHole(); LaneClient client = client(lane, server)) {
            assertThatExceptionOfType(ConnectTimeoutException.class)
                .isThrownBy(() -> client.get("/", (spec) -> spec.timeouts(Timeouts.defaults().withConnect(SHORT))));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A9 read: a gap between two bytes; total ends what only drips")
    void read(Lane lane) {
        try (RawServer silent = RawServer.start((connection) -> connection.hold());
                LaneClient client = client(lane, silent)) {
            assertThatExceptionOfType(ReadTimeoutException.class)
                .isThrownBy(() -> client.get("/", (spec) -> spec.timeouts(Timeouts.defaults().withRead(SHORT))));
        }
        try (RawServer dripping = RawServer.start((connection) -> {
            connection.readRequest();
            connection.trickle("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + "a".repeat(1000),
                    Duration.ofMillis(20));
        }); LaneClient client = client(lane, dripping)) {
            assertThatExceptionOfType(TotalTimeoutException.class)
                .isThrownBy(() -> client.get("/", (spec) -> spec.total(Duration.ofMillis(300))));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A9 write: a server that takes nothing")
    void write(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readHead();
            connection.pause(Duration.ofSeconds(3));
        }); LaneClient client = client(lane, server)) {
            assertThatExceptionOfType(WriteTimeoutException.class)
                .isThrownBy(() -> client.post("/", (spec) -> spec.body(RequestBody.bytes(new byte[20_000_000]))
                    .timeouts(Timeouts.defaults().withWrite(SHORT))));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A9 pool: the wait for a connection")
    void pool(Lane lane) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            arrived.countDown();
            release.await();
            connection.respond(200, "first");
        })); LaneClient client = lane.client((builder) -> builder.baseUrl(server.url()).maxConnections(1))) {
            Future<String> first = thread.submit(() -> client.get("/").text());
            arrived.await();
            assertThatExceptionOfType(PoolTimeoutException.class)
                .isThrownBy(() -> client.get("/", (spec) -> spec.timeouts(Timeouts.defaults().withPool(SHORT))));
            release.countDown();
            assertThat(first.get()).isEqualTo("first");
            assertThat(client.get("/").text()).isEqualTo("first");
        }
        finally {
            thread.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A9 cancellation: a call that timed out closes its connection and leaves the pool free")
    void cancellation(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.hold();
        }, (connection) -> connection.forEachRequest((request) -> connection.respond(200, "next")));
                LaneClient client = lane.client((builder) -> builder.baseUrl(server.url()).maxConnections(1))) {
            assertThatExceptionOfType(ReadTimeoutException.class)
                .isThrownBy(() -> client.get("/", (spec) -> spec.timeouts(Timeouts.defaults().withRead(SHORT))));
            server.awaitOpen(0);
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @Test
    @DisplayName("A9 Limits(): 100 connections, 20 idle seconds and 5 minutes of life, unless others are set")
    void limits() {
        TransportSettings settings = TransportSettings.defaults("shop");
        assertThat(settings.maxConnections()).isEqualTo(100);
        assertThat(settings.idle()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.lifetime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.withMaxConnections(3).idle()).as("the others stay").isEqualTo(Duration.ofSeconds(20));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withMaxConnections(0));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A9 meaning: at most so many for the client, idle ones included, which give way; idle ones end")
    void meaning(Lane lane) throws Exception {
        try (RawServer server = echo();
                RawServer other = echo();
                LaneClient client = lane.client((builder) -> builder.maxConnections(1))) {
            client.get(server.url());
            client.get(server.url());
            assertThat(server.connections()).isEqualTo(1);
            client.get(other.url());
            server.awaitOpen(0);
            other.awaitOpen(1);
        }
        try (RawServer server = echo();
                LaneClient client = lane.client((builder) -> builder.keepAlive(Duration.ofMillis(20), null))) {
            client.get(server.url());
            Thread.sleep(60); // longer than a connection may be idle
            client.get(server.url());
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A9 scope: each client has a pool of its own, which those derived from it share")
    void scope(Lane lane) {
        try (RawServer server = echo();
                LaneClient client = client(lane, server);
                LaneClient other = client(lane, server)) {
            client.get("/");
            client.with((builder) -> builder.header("X-A", "1")).get("/");
            assertThat(server.connections()).isEqualTo(1);
            other.get("/");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

}
