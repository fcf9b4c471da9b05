package dev.outbound.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.guard.FailedCall;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.TestClock;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators ask of a session, and do to it. */
@Timeout(60)
class OperationTests {

    @ParameterizedTest
    @EnumSource
    void evictingClosesIdleConnectionsAndFailsNoCall(EngineLane lane) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /slow")) {
                asked.countDown();
                answer.await();
            }
            connection.respond(200, "served");
        })); Session session = Client.builder().engine(lane.engine()).baseUrl(server.url()).session()) {
            session.evictIdle();
            LaneClient client = lane.isBlocking() ? new LaneClient.Blocking(session.client())
                    : new LaneClient.Reactive(session.reactiveClient());
            assertThat(client.get("/").text()).isEqualTo("served");
            session.evictIdle();
            server.awaitOpen(0);
            Future<String> running = threads.submit(() -> client.get("/slow").text());
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            session.evictIdle();
            assertThat(client.get("/").text()).isEqualTo("served");
            answer.countDown();
            assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo("served");
            assertThat(client.get("/").text()).isEqualTo("served");
        }
        finally {
            answer.countDown();
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void probesDoNotCount(Lane lane) {
        FakeUpstream upstream = FakeUpstream.answering(FakeUpstream.status(503));
        try (Session session = Client.builder()
            .transport(upstream.transport())
            .reactiveTransport(upstream.reactiveTransport())
            .baseUrl("http://shop.test")
            .session()) {
            LaneClient probe = (lane == Lane.BLOCKING) ? new LaneClient.Blocking(session.probe())
                    : new LaneClient.Reactive(session.reactiveProbe());
            assertThat(probe.get("/health").statusCode()).isEqualTo(503);
            CallStatistics statistics = session.statistics();
            assertThat(statistics.calls()).isZero();
            assertThat(statistics.attempts()).isZero();
            assertThat(statistics.recentCalls()).isZero();
            assertThat(statistics.failures()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLastFailuresAreRememberedWithoutSecrets(Lane lane) {
        FakeUpstream upstream = FakeUpstream.answering(FakeUpstream.status(503));
        TestClock clock = new TestClock();
        try (Session session = Client.builder()
            .transport(upstream.transport())
            .reactiveTransport(upstream.reactiveTransport())
            .baseUrl("http://shop.test")
            .clock(clock)
            .session()) {
            LaneClient client = (lane == Lane.BLOCKING) ? new LaneClient.Blocking(session.client())
                    : new LaneClient.Reactive(session.reactiveClient());
            for (int i = 0; i < 12; i++) {
                clock.advance(Duration.ofSeconds(1));
                client.get("/items/{id}?token=canary", i);
            }
            client.get("/plain?token=canary");
            assertThat(session.statistics().failures()).hasSize(10)
                .extracting(FailedCall::failure)
                .containsOnly("status 503");
            FailedCall last = session.statistics().failures().get(0);
            assertThat(last.call()).isEqualTo("GET http://shop.test/plain");
            assertThat(session.statistics().failures().get(1).call()).isEqualTo("GET /items/{id}");
            assertThat(last.time().toEpochMilli()).isEqualTo(clock.millis());
            assertThat(session.statistics().failures().get(2).time()).isBefore(last.time());
            assertThat(session.statistics().failures().toString()).doesNotContain("canary");
        }
    }

}
