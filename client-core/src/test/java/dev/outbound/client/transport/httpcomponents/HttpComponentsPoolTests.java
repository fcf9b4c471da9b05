package dev.outbound.client.transport.httpcomponents;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HttpComponentsPoolTests extends HttpComponentsFixture {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private static final TransportSettings SETTINGS = TransportSettings.defaults("test");

    private RawServer keepAlive(String response) {
        return serve((c) -> c.forEachRequest((request) -> c.write(response)));
    }

    @Test
    void oneConnectionServesOneAfterTheOther() {
        RawServer server = keepAlive(OK);
        for (int i = 0; i < 5; i++) {
            assertThat(fetch(get(server))).isEqualTo("hi");
        }
        assertThat(server.connections()).isOne();
        assertThat(this.transport.idle()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = { "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nhi",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 2\r\n\r\nhi",
            "HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nhi" })
    void connectionIsNotUsedAgain(String response) {
        RawServer server = keepAlive(response);
        fetch(get(server));
        fetch(get(server));
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void moreThanTheResponseNeverAnswersTheNextRequest() {
        RawServer server = serve((c) -> {
            c.readRequest();
            c.write(OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            c.hold();
        }, (c) -> c.forEachRequest((request) -> c.write(OK)));
        assertThat(fetch(get(server))).isEqualTo("hi");
        assertThat(fetch(get(server))).isEqualTo("hi");
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void whatAnIdleConnectionGetsEndsIt(boolean data) throws Exception {
        RawServer server = serve((c) -> {
            c.readRequest();
            c.write(OK);
            c.pause(Duration.ofMillis(30));
            if (data) {
                c.write("HTTP/1.1 408 Late\r\n\r\n");
                c.hold();
            }
        }, (c) -> c.forEachRequest((request) -> c.write(OK)));
        assertThat(fetch(get(server))).isEqualTo("hi");
        Thread.sleep(100);
        assertThat(fetch(get(server))).isEqualTo("hi");
        assertThat(server.connections()).isEqualTo(2);
        server.awaitOpen(1);
    }

    @Test
    void idleConnectionsAreClosed() {
        use(SETTINGS.withIdle(Duration.ofMillis(50)));
        RawServer server = keepAlive(OK);
        fetch(get(server));
        assertThat(server.open()).isOne();
        server.awaitOpen(0);
        assertThat(this.transport.idle()).isZero();
    }

    @Test
    void connectionsHaveALifetime() throws Exception {
        use(SETTINGS.withLifetime(Duration.ofMillis(50)));
        RawServer server = keepAlive(OK);
        fetch(get(server));
        Thread.sleep(80);
        fetch(get(server));
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void connectionsOfOneServerGiveWayToAnother() {
        use(SETTINGS.withMaxConnections(1));
        RawServer first = keepAlive(OK);
        RawServer second = keepAlive(OK);
        fetch(get(first));
        fetch(get(second));
        first.awaitOpen(0);
        assertThat(this.transport.idle()).isOne();
    }

    @Test
    void fullPoolIsATimeout() {
        use(SETTINGS.withMaxConnections(1));
        RawServer server = keepAlive(OK);
        TransportResponse held = send(get(server));
        Request request = get(server).withTimeouts(get(server).timeouts().withPool(SHORT));
        assertThat(failure(PoolTimeoutException.class, request)).hasMessageContaining("'test'")
            .hasMessageContaining("150 ms");
        assertThat(server.connections()).isOne();
        held.close();
        assertThat(fetch(request)).isEqualTo("hi");
    }

    @Test
    void waitingForTheConnectionEndsWithTheDeadline() {
        use(SETTINGS.withMaxConnections(1));
        RawServer server = keepAlive(OK);
        TransportResponse held = send(get(server));
        Cancellation cancellation = cancellation(System.nanoTime() + SHORT.toNanos());
        assertThatThrownBy(() -> this.transport.send(get(server), cancellation))
            .isInstanceOfSatisfying(TotalTimeoutException.class, (ex) -> assertThat(ex.phase()).isEqualTo(Phase.POOL));
        held.close();
    }

    @Test
    void interruptsNeverLoseAConnection() throws Exception {
        use(SETTINGS.withMaxConnections(2));
        RawServer server = keepAlive(OK);
        AtomicInteger answers = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                for (int call = 0; call < 100; call++) {
                    try {
                        fetch(get(server));
                        answers.incrementAndGet();
                    }
                    catch (CancelledException ex) {
                        Thread.interrupted();
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        Random random = new Random(1);
        while (threads.stream().anyMatch(Thread::isAlive)) {
            threads.get(random.nextInt(threads.size())).interrupt();
            Thread.sleep(1);
        }
        assertThat(answers.get()).isPositive();
        assertThat(this.transport.leased()).isZero();
        TransportResponse first = send(get(server));
        TransportResponse second = send(get(server));
        first.close();
        second.close();
    }

    @Test
    void closedTransportSaysSo() {
        RawServer server = keepAlive(OK);
        fetch(get(server));
        this.transport.close();
        server.awaitOpen(0);
        assertThatIllegalStateException().isThrownBy(() -> send(get(server)))
            .withMessageContaining("'test' was closed");
    }

}
