package dev.outbound.client;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be seen of the connections of a client, blocking and reactive from one body.
 */
@Timeout(30)
class PoolStatisticsTests {

    private static void await(String what, IntSupplier figure, int expected) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (figure.getAsInt() != expected && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(figure.getAsInt()).as(what).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void figuresFollowTheCalls(EngineLane lane) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            asked.countDown();
            answer.await();
            connection.respond(200, "served");
        }));
                Session session = Client.builder()
                    .engine(lane.engine())
                    .baseUrl(server.url())
                    .maxConnections(1)
                    .session()) {
            assertThat(session.pools()).as("before the first call").isEmpty();
            LaneClient client = lane.isBlocking() ? new LaneClient.Blocking(session.client())
                    : new LaneClient.Reactive(session.reactiveClient());
            Future<?> first = threads.submit(() -> client.get("/"));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            Future<?> second = threads.submit(() -> client.get("/"));
            PoolStatistics pool = session.pools().get(0);
            assertThat(pool.engine()).isEqualTo(lane.engine().toString());
            assertThat(pool.max()).isEqualTo(1);
            await("active", pool::active, 1);
            await("pending", pool::pending, 1);
            assertThat(pool.idle()).isZero();
            assertThat(pool.acquires().count()).isEqualTo(1);
            answer.countDown();
            first.get(10, TimeUnit.SECONDS);
            second.get(10, TimeUnit.SECONDS);
            await("idle", pool::idle, 1);
            await("active", pool::active, 0);
            assertThat(pool.pending()).isZero();
            assertThat(pool.connects().count()).isEqualTo(1);
            assertThat(pool.connects().total()).isPositive();
            assertThat(pool.acquires().count()).isEqualTo(2);
            assertThat(pool.acquires().longest()).isPositive().isLessThanOrEqualTo(pool.acquires().total());
        }
        finally {
            answer.countDown();
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "JDK_.*", mode = EnumSource.Mode.MATCH_ALL)
    void aConnectionThatTheServerEndsIsIdleNoMore(EngineLane lane) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.respond(200, "served");
            end.await();
        }); Session session = Client.builder().engine(lane.engine()).baseUrl(server.url()).session()) {
            LaneClient client = lane.isBlocking() ? new LaneClient.Blocking(session.client())
                    : new LaneClient.Reactive(session.reactiveClient());
            client.get("/");
            PoolStatistics pool = session.pools().get(0);
            await("idle", pool::idle, 1);
            end.countDown();
            server.awaitOpen(0);
            await("idle", pool::idle, 0);
            assertThat(pool.active()).isZero();
        }
        finally {
            end.countDown();
        }
    }

    @Test
    void whatHasNoConnectionsHasNoFigures() {
        try (Session session = Client.builder()
            .transport((request, cancellation) -> TransportResponse.of(200, FieldLines.empty(), new byte[0]))
            .session()) {
            session.client().get("http://shop.test/");
            assertThat(session.pools()).isEmpty();
        }
    }

}
