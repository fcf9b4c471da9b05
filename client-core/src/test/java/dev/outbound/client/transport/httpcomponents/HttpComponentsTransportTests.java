package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written and what is understood; see the other classes for what goes wrong. */
class HttpComponentsTransportTests extends HttpComponentsFixture {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    @Nested
    class Requests {

        private final RawServer server = serve((c) -> c.forEachRequest((request) -> {
            this.seen = request;
            c.write(OK);
        }));

        private volatile @Nullable String seen;

        private @Nullable String sent(Request request) {
            fetch(request);
            return this.seen;
        }

        @Test
        void fieldLinesGoOutAsTheyAreAndNothingElseDoes() {
            FieldLines fields = FieldLines.builder().add("x-b", "2").add("X-A", "1").add("x-B", "3").build();
            assertThat(sent(get(this.server).withFields(fields)))
                .isEqualTo("GET /a?secret=1 HTTP/1.1\r\nHost: 127.0.0.1:" + this.server.port()
                        + "\r\nx-b: 2\r\nX-A: 1\r\nx-B: 3\r\n\r\n");
        }

        @Test
        void hostOfTheRequestStays() {
            FieldLines fields = FieldLines.builder().add("A", "1").add("host", "other").build();
            assertThat(sent(get(this.server).withFields(fields)))
                .isEqualTo("GET /a?secret=1 HTTP/1.1\r\nA: 1\r\nhost: other\r\n\r\n");
        }

        @Test
        void targetIsNotNormalised() {
            Url url = Url.parse(this.server.url("//a/%7e;x=1/?q=%2f&&"));
            assertThat(sent(get(this.server).withUrl(url))).startsWith("GET //a/%7e;x=1/?q=%2f&& HTTP/1.1\r\n");
        }

        @Test
        void bytesGoWithTheirLengthAndType() {
            RequestBody body = RequestBody.bytes("{}".getBytes(StandardCharsets.UTF_8), MediaType.APPLICATION_JSON);
            assertThat(sent(request(HttpMethod.GET, this.server, body)))
                .endsWith("\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}");
        }

        @Test
        void contentTypeOfTheRequestWins() {
            assertThat(sent(
                    request(HttpMethod.POST, this.server, RequestBody.text("a")).withHeader("content-type", "a/b")))
                .contains("\r\ncontent-type: a/b\r\n")
                .doesNotContain("text/plain");
        }

        @Test
        void unknownLengthIsChunked() {
            assertThat(sent(request(HttpMethod.PUT, this.server, writing("some bytes", -1))))
                .contains("\r\nTransfer-Encoding: chunked\r\n")
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\nsome bytes");
        }

        @Test
        void lengthOfTheRequestIsUsedWhereTheBodyHasNone() {
            assertThat(sent(request(HttpMethod.PUT, this.server, writing("abc", -1)).withHeader("Content-Length", "3")))
                .contains("\r\nContent-Length: 3\r\n")
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nabc");
        }

        @Test
        void largeBodyArrivesWhole() {
            String large = "0123456789".repeat(30_000);
            assertThat(sent(request(HttpMethod.POST, this.server, RequestBody.text(large))))
                .endsWith("\r\n\r\n" + large);
            assertThat(sent(request(HttpMethod.POST, this.server, writing(large, -1)))).endsWith("\r\n\r\n" + large);
        }

        @ParameterizedTest
        @ValueSource(strings = { "POST", "PUT", "PATCH" })
        void withoutBodyTheLengthIsZero(String method) {
            assertThat(sent(request(HttpMethod.valueOf(method), this.server, null)))
                .contains("\r\nContent-Length: 0\r\n");
        }

        @ParameterizedTest
        @ValueSource(strings = { "GET", "DELETE", "OPTIONS" })
        void withoutBodyThereIsNoLength(String method) {
            assertThat(sent(request(HttpMethod.valueOf(method), this.server, null))).doesNotContain("Content-Length");
        }

        @Test
        void contradictingLengthIsRefusedBeforeConnecting() {
            failure(LocalProtocolException.class,
                    request(HttpMethod.POST, this.server, RequestBody.text("abc")).withHeader("Content-Length", "2"));
            failure(LocalProtocolException.class, get(this.server).withHeader("Content-Length", "2"));
            failure(LocalProtocolException.class, request(HttpMethod.POST, this.server, RequestBody.text("a"))
                .withHeader("Transfer-Encoding", "gzip"));
            assertThat(this.server.connections()).isZero();
        }

        @Test
        void otherSchemesAreRefused() {
            assertThat(failure(LocalProtocolException.class, get(this.server).withUrl(Url.parse("ftp://127.0.0.1/"))))
                .hasMessageContaining("'ftp'");
        }

        @Test
        void ipv6HostIsInBrackets() throws Exception {
            try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
                CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> answerOnce(listener));
                Url url = Url.parse("http://[::1]:" + listener.getLocalPort() + "/");
                assertThat(fetch(get(this.server).withUrl(url))).isEqualTo("hi");
                assertThat(seen.join()).contains("\r\nHost: [::1]:" + listener.getLocalPort() + "\r\n");
            }
        }

        private static String answerOnce(ServerSocket listener) {
            try (Socket socket = listener.accept()) {
                byte[] request = new byte[1000];
                int length = socket.getInputStream().read(request);
                socket.getOutputStream().write(OK.getBytes(StandardCharsets.ISO_8859_1));
                return new String(request, 0, length, StandardCharsets.ISO_8859_1);
            }
            catch (IOException ex) {
                throw new AssertionError(ex);
            }
        }

    }

    static RequestBody writing(String text, long length) {
        return new RequestBody() {

            @Override
            public @Nullable MediaType contentType() {
                return null;
            }

            @Override
            public long contentLength() {
                return length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }

        };
    }

    @Nested
    class Heads {

        @Test
        void headIsGivenAsItCame() {
            RawServer server = answer(
                    "HTTP/1.0 404 Not\tHere\r\nB: 1\r\nc:\r\na:  2 \t\r\nb: \u00e9\r\nContent-Length: 0\r\n\r\n");
            TransportResponse response = send(get(server));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.reasonPhrase()).isEqualTo("Not\tHere");
            assertThat(response.httpVersion()).isEqualTo("HTTP/1.0");
            assertThat(response.first("B")).isEqualTo("1");
            assertThat(response.first("nothing")).isNull();
            FieldLines fields = response.fields();
            assertThat(fields.all("b")).containsExactly("1", "\u00e9");
            assertThat(fields.name(1)).isEqualTo("c");
            assertThat(fields.value(1)).isEmpty();
            assertThat(fields.value(2)).isEqualTo("2");
            assertThat(response.contentLength()).isZero();
            response.close();
        }

        @ParameterizedTest
        @ValueSource(strings = { "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi",
                "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n0\r\nT: 1\r\n\r\n" })
        void understands(String response) {
            assertThat(fetch(get(answer(response)))).isEqualTo("hi");
        }

        @ParameterizedTest
        @ValueSource(strings = { "SSH-2.0-x\r\n", "hello\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.9 200 OK\r\n\r\n",
                "HTTP/1.1 20x OK\r\n\r\n", "HTTP/1.1 1000 OK\r\n\r\n", "HTTP/1.1 000 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n folded: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: 1\r\n folded\r\n\r\n", "HTTP/1.1 200 OK\r\nA : 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA: \u0000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: 1\rB: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nhi", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nhi", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
                "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" })
        void refuses(String response) {
            RawServer server = answer(response);
            assertThat(failure(RemoteProtocolException.class, get(server)).phase()).isEqualTo(Phase.HEAD);
            server.awaitOpen(0);
        }

        @Test
        void manyInterimResponsesAreRefused() {
            failure(RemoteProtocolException.class, get(answer("HTTP/1.1 103 Early\r\n\r\n".repeat(9) + OK)));
            assertThat(fetch(get(answer("HTTP/1.1 103 Early\r\n\r\n".repeat(8) + OK)))).isEqualTo("hi");
        }

        @Test
        void headHasALimit() {
            String start = "HTTP/1.1 200 OK\r\n";
            failure(LimitExceededException.class, get(answer(start + "A: " + "x".repeat(100_000) + "\r\n\r\n")));
            failure(LimitExceededException.class,
                    get(answer(start + ("A: " + "x".repeat(1000) + "\r\n").repeat(70) + "\r\n")));
            failure(LimitExceededException.class, get(answer(start + "A: 1\r\n".repeat(201) + "\r\n")));
            assertThat(fetch(get(answer(start + "A: " + "x".repeat(60_000) + "\r\nContent-Length: 0\r\n\r\n"))))
                .isEmpty();
        }

        @Test
        void remoteTextIsEscapedAndCut() {
            String message = failure(RemoteProtocolException.class,
                    get(answer("\u001b[31m" + "x".repeat(5000) + "\r\n")))
                .getMessage();
            assertThat(message).contains("\\u001b[31mxxx").hasSizeLessThan(400);
        }

        @ParameterizedTest
        @ValueSource(strings = { "204 No Content\r\n\r\n", "304 Not Modified\r\nContent-Length: 10\r\n\r\n",
                "200 OK\r\nContent-Length: 0\r\n\r\n" })
        void withoutBodyTheConnectionIsFreeAtOnce(String response) {
            TransportResponse received = send(get(answer("HTTP/1.1 " + response)));
            assertThat(HttpComponentsTransportTests.this.transport.leased()).isZero();
            assertThat(HttpComponentsTransportTests.this.transport.idle()).isOne();
            assertThat(read(received)).isEmpty();
        }

        @Test
        void headHasNoBody() {
            RawServer server = serve((c) -> c.forEachRequest((request) -> c
                .write(request.startsWith("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" : OK)));
            assertThat(fetch(request(HttpMethod.HEAD, server, null))).isEmpty();
            assertThat(fetch(get(server))).isEqualTo("hi");
            assertThat(server.connections()).isOne();
        }

    }

}
