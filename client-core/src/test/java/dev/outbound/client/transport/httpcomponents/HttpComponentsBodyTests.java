package dev.outbound.client.transport.httpcomponents;

import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HttpComponentsBodyTests extends HttpComponentsFixture {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final String TEN = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

    private RawServer answerAndClose(String response) {
        return serve((c) -> {
            c.readRequest();
            c.write(response);
            c.fin();
            c.hold();
        });
    }

    @Nested
    class Reading {

        @Test
        void untilTheConnectionEnds() {
            RawServer server = answerAndClose("HTTP/1.1 200 OK\r\n\r\nall of it");
            assertThat(fetch(get(server))).isEqualTo("all of it");
            server.awaitOpen(0);
        }

        @Test
        void connectionGoesBackAtTheEndByItself() {
            TransportResponse response = send(get(answer(TEN + "0123456789")));
            assertThat(response.contentLength()).isEqualTo(10);
            assertThat(HttpComponentsBodyTests.this.transport.leased()).isOne();
            assertThat(read(response)).isEqualTo("0123456789");
            assertThat(HttpComponentsBodyTests.this.transport.leased()).isZero();
            assertThat(HttpComponentsBodyTests.this.transport.idle()).isOne();
        }

        @ParameterizedTest
        @ValueSource(strings = { TEN + "0123", TEN, CHUNKED + "a\r\n0123", CHUNKED + "4\r\n0123\r\n",
                CHUNKED + "4\r\n0123", CHUNKED })
        void cutBodyIsAFailure(String response) {
            RawServer server = answerAndClose(response);
            TruncatedBodyException failure = failure(TruncatedBodyException.class, get(server));
            assertThat(failure.phase()).isEqualTo(Phase.BODY);
            server.awaitOpen(0);
        }

        @ParameterizedTest
        @ValueSource(strings = { TEN + "0123", CHUNKED + "a\r\n0123" })
        void cutBodyIsAFailureByteByByteToo(String response) throws Exception {
            TransportResponse received = send(get(answerAndClose(response)));
            InputStream body = received.body();
            for (int i = 0; i < 4; i++) {
                assertThat(body.read()).isEqualTo('0' + i);
            }
            assertThatThrownBy(body::read).isInstanceOf(TruncatedBodyException.class);
            assertThatThrownBy(body::read).isInstanceOf(TruncatedBodyException.class);
        }

        @Test
        void resetWithinTheBody() {
            RawServer server = serve((c) -> {
                c.readRequest();
                c.write(TEN + "0123");
                c.pause(Duration.ofMillis(20));
                c.rst();
            });
            ConnectionLostException failure = failure(ConnectionLostException.class, get(server));
            assertThat(failure).isNotInstanceOf(TruncatedBodyException.class);
            assertThat(failure.phase()).isEqualTo(Phase.BODY);
        }

        @ParameterizedTest
        @ValueSource(strings = { "ZZ\r\n", "-5\r\n", "0x5\r\n01234\r\n0\r\n\r\n", "\r\n", "fffffffffffffffff\r\n",
                "2\r\nhixx0\r\n\r\n", "2\r\nhi\r\n0\r\nbad trailer\r\n\r\n" })
        void badChunk(String chunks) {
            RawServer server = answer(CHUNKED + chunks);
            assertThat(failure(RemoteProtocolException.class, get(server)).phase()).isEqualTo(Phase.BODY);
            server.awaitOpen(0);
        }

        @Test
        void silenceWithinTheBody() {
            RawServer server = answer(TEN + "0123");
            ReadTimeoutException failure = failure(ReadTimeoutException.class,
                    get(server).withTimeouts(get(server).timeouts().withRead(SHORT)));
            assertThat(failure.phase()).isEqualTo(Phase.BODY);
            server.awaitOpen(0);
        }

    }

    @Nested
    class Leaving {

        @Test
        void closeReadsALittleAndKeepsTheConnection() {
            RawServer server = serve((c) -> c.forEachRequest((request) -> c.write(TEN + "0123456789")));
            for (int i = 0; i < 3; i++) {
                TransportResponse response = send(get(server));
                response.close();
                response.close();
            }
            assertThat(server.connections()).isOne();
        }

        @Test
        void closeReadsTheEndOfChunks() {
            RawServer server = serve((c) -> c.forEachRequest((request) -> {
                c.write(CHUNKED + "2\r\nhi\r\n");
                c.pause(Duration.ofMillis(10));
                c.write("0\r\n\r\n");
            }));
            for (int i = 0; i < 2; i++) {
                send(get(server)).close();
            }
            assertThat(server.connections()).isOne();
        }

        @Test
        void closeDoesNotReadAnEndlessBody() throws Exception {
            RawServer server = serve((c) -> {
                c.readRequest();
                c.write(CHUNKED);
                while (true) {
                    c.write("400\r\n" + "x".repeat(1024) + "\r\n");
                }
            });
            TransportResponse response = send(get(server));
            assertThat(response.body().readNBytes(100)).hasSize(100);
            long start = System.nanoTime();
            response.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
            server.awaitOpen(0);
        }

        @Test
        void closeDoesNotWaitForASilentServer() {
            RawServer server = answer(TEN + "0123");
            long start = System.nanoTime();
            send(get(server)).close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
            server.awaitOpen(0);
        }

        @Test
        void abortClosesTheConnection() {
            RawServer server = answer(TEN + "0123456789");
            TransportResponse response = send(get(server));
            response.abort();
            response.abort();
            response.close();
            assertThat(HttpComponentsBodyTests.this.transport.idle()).isZero();
            server.awaitOpen(0);
        }

        @Test
        void abortFromAnotherThreadEndsARead() throws Exception {
            RawServer server = answer(TEN + "0123");
            TransportResponse response = send(get(server));
            assertThat(response.body().readNBytes(4)).hasSize(4);
            CompletableFuture<Void> abort = CompletableFuture.runAsync(response::abort,
                    CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
            assertThatThrownBy(() -> response.body().read()).isInstanceOf(CancelledException.class);
            abort.join();
            server.awaitOpen(0);
        }

        @Test
        void closingTheStreamDoesNotReleaseTheConnection() throws Exception {
            TransportResponse response = send(get(answer(TEN + "0123456789")));
            response.body().close();
            assertThat(HttpComponentsBodyTests.this.transport.leased()).isOne();
            assertThat(read(response)).isEqualTo("0123456789");
        }

    }

}
