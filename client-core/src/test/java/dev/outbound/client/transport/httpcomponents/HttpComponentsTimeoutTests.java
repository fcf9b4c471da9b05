package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TlsTimeoutException;
import dev.outbound.client.http.Url;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;

class HttpComponentsTimeoutTests extends HttpComponentsFixture {

    private static Request limited(Request request, UnaryOperator<Timeouts> limit) {
        return request.withTimeouts(limit.apply(request.timeouts()));
    }

    private static Request https(RawServer server) {
        return get(server).withUrl(Url.parse("https://127.0.0.1:" + server.port() + "/?secret=1"));
    }

    @Test
    void connect() {
        RawServer server = manage(RawServer.blackHole());
        long start = System.nanoTime();
        ConnectTimeoutException failure = failure(ConnectTimeoutException.class,
                limited(get(server), (limits) -> limits.withConnect(SHORT)));
        assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.plusMillis(500));
    }

    @Test
    void refused() {
        RawServer server = serve((c) -> c.hold());
        server.close();
        assertThat(failure(ConnectionFailedException.class, get(server)))
            .hasMessageContaining("127.0.0.1:" + server.port());
    }

    @Test
    void unknownHost() {
        Request request = Request.of(HttpMethod.GET, Url.parse("http://nope.invalid/?secret=1"));
        assertThat(failure(NameResolutionException.class, request)).hasMessageContaining("'nope.invalid'");
    }

    @Test
    void tls() {
        RawServer server = serve((c) -> c.hold());
        failure(TlsTimeoutException.class, limited(https(server), (limits) -> limits.withTls(SHORT)));
        server.awaitOpen(0);
    }

    @Test
    void tlsThatTrickles() {
        RawServer server = serve((c) -> {
            c.write("\u0016\u0003\u0003\u0010\u0000");
            c.trickle("\u0002".repeat(1000), Duration.ofMillis(20));
        });
        failure(TlsTimeoutException.class, limited(https(server), (limits) -> limits.withTls(SHORT)));
        server.awaitOpen(0);
    }

    @Test
    void head() {
        RawServer server = serve((c) -> c.hold());
        ReadTimeoutException failure = failure(ReadTimeoutException.class,
                limited(get(server), (limits) -> limits.withRead(SHORT)));
        assertThat(failure.phase()).isEqualTo(Phase.HEAD);
        server.awaitOpen(0);
    }

    @Test
    void interimResponsesDoNotStopTheLimit() {
        RawServer server = serve((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 103 Early\r\n\r\n");
            c.hold();
        });
        failure(ReadTimeoutException.class, limited(get(server), (limits) -> limits.withRead(SHORT)));
    }

    @Test
    void limitIsForAGapAndNotForTheWhole() {
        RawServer server = serve((c) -> {
            c.readRequest();
            c.trickle("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", Duration.ofMillis(10));
        });
        assertThat(fetch(limited(get(server), (limits) -> limits.withRead(Duration.ofMillis(300))))).isEqualTo("x");
    }

    @Test
    void write() {
        RawServer server = serve((c) -> {
            c.readHead();
            c.pause(Duration.ofSeconds(15));
        });
        Request request = request(HttpMethod.POST, server, RequestBody.bytes(new byte[20_000_000]));
        failure(WriteTimeoutException.class, limited(request, (limits) -> limits.withWrite(SHORT)));
    }

    @Test
    void slowSourceIsNotAWriteTimeout() {
        RawServer server = serve((c) -> c.forEachRequest((request) -> c.respond(200, "ok")));
        RequestBody slow = new RequestBody() {

            @Override
            public MediaType contentType() {
                return MediaType.TEXT_PLAIN;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                for (int i = 0; i < 2; i++) {
                    out.write('x');
                    out.flush();
                    try {
                        Thread.sleep(SHORT.toMillis() + 50);
                    }
                    catch (InterruptedException ex) {
                        throw new AssertionError(ex);
                    }
                }
            }

        };
        Request request = limited(request(HttpMethod.POST, server, slow), (limits) -> limits.withWrite(SHORT));
        assertThat(fetch(request)).isEqualTo("ok");
    }

    @Test
    void closedBeforeTheResponse() {
        for (RawServer server : new RawServer[] { serve((c) -> c.readRequest()), serve((c) -> {
            c.readRequest();
            c.rst();
        }), answerAndClose("HTT"), answerAndClose("HTTP/1.1 200 OK\r\nA: "),
                answerAndClose("HTTP/1.1 200 OK\r\nCont") }) {
            ConnectionLostException failure = failure(ConnectionLostException.class, get(server));
            assertThat(failure.phase()).isIn(Phase.HEAD, Phase.WRITE);
        }
    }

    private RawServer answerAndClose(String response) {
        return serve((c) -> {
            c.readRequest();
            c.write(response);
        });
    }

}
