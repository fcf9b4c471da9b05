package dev.outbound.client.transport.reactor;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.ReactiveTransportResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** Every failure has one type and phase, and leaves nothing behind. */
class ReactorFailureTests extends AbstractReactorTransportTests {

    @Test
    void refusedConnection() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        ConnectionFailedException ex = failure(
                send(Request.of(HttpMethod.GET, Url.parse("http://user:pw@127.0.0.1:" + port + "/?secret"))),
                ConnectionFailedException.class);
        assertThat(ex.getMessage()).startsWith("could not connect to 127.0.0.1:" + port)
            .doesNotContain("secret", "user", "pw");
        assertThat(ex.phase()).isEqualTo(Phase.CONNECT);
    }

    @Test
    void unknownHost() {
        NameResolutionException ex = failure(send(Request.of(HttpMethod.GET, Url.parse("http://a.b.invalid/"))),
                NameResolutionException.class);
        assertThat(ex).hasMessageContaining("a.b.invalid");
    }

    @ParameterizedTest
    @CsvSource({ "fin", "rst" })
    void connectionEndsBeforeTheHead(String end) {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            end(c, end);
        })) {
            ConnectionLostException ex = failure(get(server, "/"), ConnectionLostException.class);
            assertThat(ex.phase()).isEqualTo(Phase.HEAD);
            assertThat(ex).hasMessageContaining("127.0.0.1:" + server.port());
        }
    }

    @ParameterizedTest
    @CsvSource({ "fin", "rst" })
    void connectionEndsAsSoonAsItIsOpen(String end) {
        try (RawServer server = RawServer.start((c) -> end(c, end))) {
            failure(get(server, "/"), ConnectionLostException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "HTT", "HTTP/1.1 200 OK\r\nA: b", "HTTP/1.1 103 A\r\n\r\n" })
    void connectionEndsWithinTheHead(String head) {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write(head);
            c.fin();
            c.hold();
        })) {
            assertThat(failure(get(server, "/"), ConnectionLostException.class).phase()).isEqualTo(Phase.HEAD);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
            "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n" })
    void connectionEndsWithinTheBody(String rest) {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\n" + rest);
            c.fin();
            c.hold();
        })) {
            StepVerifier.create(head(get(server, "/")).body().map(AbstractReactorTransportTests::release))
                .expectNext("half")
                .expectErrorSatisfies((ex) -> assertThat(ex).isExactlyInstanceOf(TruncatedBodyException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port()))
                .verify(PATIENCE);
        }
    }

    @Test
    void connectionEndsBeforeTheBodyIsRead() {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
            c.rst();
        })) {
            ReactiveTransportResponse response = head(get(server, "/"));
            server.awaitOpen(0);
            failure(text(response), ConnectionLostException.class);
        }
    }

    @Test
    void resetWithinTheBody() {
        AtomicBoolean read = new AtomicBoolean();
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            await(read::get);
            c.rst();
        })) {
            StepVerifier.create(head(get(server, "/")).body().map(AbstractReactorTransportTests::release))
                .expectNext("half")
                .then(() -> read.set(true))
                .expectErrorSatisfies((ex) -> {
                    assertThat(ex).isExactlyInstanceOf(ConnectionLostException.class);
                    assertThat(((ConnectionLostException) ex).phase()).isEqualTo(Phase.BODY);
                })
                .verify(PATIENCE);
        }
    }

    static Stream<Arguments> invalidHeads() {
        return Stream
            .of("SSH-2.0-x\r\n\r\n", "<html>\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n", "HTTP/1.1 99 A\r\n\r\n",
                    "HTTP/1.1 1000 A\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 101 S\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", "HTTP/1.1 103 A\r\n\r\n".repeat(9))
            .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("invalidHeads")
    void invalidHead(String head) {
        try (RawServer server = answer(head)) {
            RemoteProtocolException ex = failure(get(server, "/"), RemoteProtocolException.class);
            assertThat(ex.phase()).isEqualTo(Phase.HEAD);
            assertThat(ex.getMessage()).doesNotContain("\r", "\n").hasSizeLessThan(400);
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "ZZ\r\n", "-5\r\n", "4\r\nhalfX", "fffffffffffffffff\r\n" })
    void invalidChunk(String chunk) {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "\r\n\r\n")) {
            RemoteProtocolException ex = failure(get(server, "/"), RemoteProtocolException.class);
            assertThat(ex.phase()).isEqualTo(Phase.BODY);
            server.awaitOpen(0);
        }
    }

    @Test
    void tooLargeHeads() {
        String start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
        for (String fields : new String[] { "A: " + "b".repeat(100_000) + "\r\n", "A: b\r\n".repeat(300) }) {
            try (RawServer server = answer(start + fields + "\r\n")) {
                assertThat(failure(get(server, "/"), LimitExceededException.class).phase()).isEqualTo(Phase.HEAD);
                server.awaitOpen(0);
            }
        }
        try (RawServer server = answer(start + "A: " + "b".repeat(60_000) + "\r\n\r\n")) {
            expectText(get(server, "/"), "");
        }
    }

    @Test
    void faultIsToldBehindWhatCameBeforeItHoweverLateThatIsRead() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n")) {
            ReactiveTransportResponse response = head(get(server, "/"));
            server.awaitOpen(0);
            StepVerifier.create(response.body().map(AbstractReactorTransportTests::release))
                .expectNext("ok")
                .expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(RemoteProtocolException.class)
                    .hasMessage("the body has a chunk without a size"))
                .verify(PATIENCE);
        }
    }

    @ParameterizedTest
    @CsvSource({ "fin", "rst" })
    void lossIsToldBehindWhatCameBeforeItHoweverLateThatIsRead(String end) {
        CountDownLatch arrived = new CountDownLatch(1);
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok");
            arrived.await();
            end(c, end);
        })) {
            ReactiveTransportResponse response = head(get(server, "/"));
            arrived.countDown();
            server.awaitOpen(0);
            await(() -> this.transport.acquired() == 0);
            StepVerifier.create(response.body().map(AbstractReactorTransportTests::release))
                .expectNext("ok")
                .expectError(ClientException.class)
                .verify(PATIENCE);
        }
    }

    @Test
    void faultInABodyThatWasGivenUpIsNobodys() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n")) {
            StepVerifier.create(send(get(server, "/")).doOnNext(ReactiveTransportResponse::abort))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
            server.awaitOpen(0);
        }
    }

    @Test
    void responseThatNobodyAskedForIsNotTheNextOnes() {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        try (RawServer server = RawServer.start(once(answer + "first" + answer + "evil!"), once(answer + "other"))) {
            expectText(get(server, "/1"), "first");
            expectText(get(server, "/2"), "other");
        }
    }

    @Test
    void responseThatNobodyAskedForIsNotTheWaitingOnes() {
        settings((it) -> it.withMaxConnections(1));
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        AtomicBoolean waiting = new AtomicBoolean();
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            await(waiting::get);
            c.write(answer + "first" + answer + "evil!");
            c.hold();
        }, (c) -> {
            c.readRequest();
            c.respond(200, "second");
        })) {
            Mono<String> both = Mono.zip(text(get(server, "/1")), text(get(server, "/2")), (a, b) -> a + " " + b);
            StepVerifier.create(both.doOnSubscribe((s) -> new Thread(() -> {
                await(() -> this.transport.pending() == 1);
                waiting.set(true);
            }).start())).expectNext("first second").expectComplete().verify(PATIENCE);
        }
    }

    static Stream<RequestBody> largeBodies() {
        Flux<DataBuffer> endless = Flux
            .generate((sink) -> sink.next(DefaultDataBufferFactory.sharedInstance.wrap(new byte[10_000])));
        return Stream.of(RequestBody.bytes(new byte[64 * 1024 * 1024]), RequestBody.publisher(endless, null));
    }

    @ParameterizedTest
    @MethodSource("largeBodies")
    void earlyAnswerToAnUpload(RequestBody body) {
        try (RawServer server = RawServer.start((c) -> {
            c.readHead();
            c.readBody(1000);
            c.respond(413, "too large");
            c.fin();
            c.pause(Duration.ofMillis(100));
        })) {
            ReactiveTransportResponse response = head(post(server, "/").withBody(body));
            assertThat(response.statusCode()).isEqualTo(413);
            StepVerifier.create(text(response)).expectNext("too large").expectComplete().verify(PATIENCE);
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @MethodSource("largeBodies")
    void resetWithinAnUpload(RequestBody body) {
        try (RawServer server = RawServer.start((c) -> {
            c.readHead();
            c.readBody(1000);
            c.rst();
        })) {
            assertThat(failure(post(server, "/").withBody(body), ConnectionLostException.class).phase())
                .isEqualTo(Phase.WRITE);
        }
    }

    @Test
    void failureOfThePublisherIsTheCallersOwn() {
        IllegalStateException own = new IllegalStateException("mine");
        try (RawServer server = RawServer.start((c) -> c.readRequest())) {
            Flux<DataBuffer> buffers = Flux
                .concat(Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(new byte[1000])), Flux.error(own));
            assertThat(failure(post(server, "/").withBody(RequestBody.publisher(buffers, null)),
                    IllegalStateException.class))
                .isSameAs(own);
            server.awaitOpen(0);
            // The server has not taken it for a whole body.
            assertThat(server.failures()).isEmpty();
            Flux<DataBuffer> atOnce = Flux.error(own);
            assertThat(failure(post(server, "/").withBody(RequestBody.publisher(atOnce, null)),
                    IllegalStateException.class))
                .isSameAs(own);
        }
    }

    @Test
    void bodyThatCannotBeMadeIsNotSentAsAnEmptyOne() {
        IllegalStateException own = new IllegalStateException("mine");
        try (RawServer server = RawServer.start(Connection::readRequest)) {
            RequestBody body = new RequestBody() {

                @Override
                public @Nullable MediaType contentType() {
                    return null;
                }

                @Override
                public void writeTo(OutputStream out) {
                }

                @Override
                public Flux<DataBuffer> toFlux(DataBufferFactory factory) {
                    throw own;
                }

            };
            assertThat(failure(post(server, "/").withBody(body), IllegalStateException.class)).isSameAs(own);
            server.awaitOpen(0);
            assertThat(server.failures()).isEmpty();
        }
    }

    @Test
    void missingFileIsTheCallersOwnFailure(@TempDir Path directory) {
        try (RawServer server = echo()) {
            failure(post(server, "/").withBody(RequestBody.file(directory.resolve("missing"))),
                    java.io.UncheckedIOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "9", "11" })
    void bodyOfAnotherLengthThanAnnounced(String length) {
        try (RawServer server = RawServer.start((c) -> c.readRequest())) {
            Flux<DataBuffer> buffers = Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(new byte[5]),
                    DefaultDataBufferFactory.sharedInstance.wrap(new byte[5]));
            failure(post(server, "/").withHeader("Content-Length", length)
                .withBody(RequestBody.publisher(buffers, null)), LocalProtocolException.class);
            server.awaitOpen(0);
        }
    }

    @Test
    void certificateThatIsNotTrusted() {
        try (RawServer server = tls("ip:127.0.0.1")) {
            assertThat(failure(get(server, "/"), CertificateRejectedException.class).phase()).isEqualTo(Phase.TLS);
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "dns:other.test", "ip:127.0.0.2" })
    void certificateForAnotherHost(String name) {
        settings((it) -> it.withSslContext(TestCertificates.of(name).client()));
        try (RawServer server = tls(name)) {
            failure(get(server, "/"), HostnameMismatchException.class);
            server.awaitOpen(0);
        }
    }

    @Test
    void serverSpeaksPlainHttp() {
        try (RawServer server = RawServer.start((c) -> {
            c.write("HTTP/1.1 400 Bad Request\r\n\r\n");
            c.hold();
        })) {
            Request request = Request.of(HttpMethod.GET, Url.parse("https://127.0.0.1:" + server.port()));
            assertThat(failure(send(request), TlsException.class)).hasMessageContaining("plain HTTP");
        }
    }

    @Test
    void connectionEndsWithinTheHandshake() {
        try (RawServer server = RawServer.start((c) -> {
            c.readBody(1);
            c.fin();
            c.hold();
        })) {
            Request request = Request.of(HttpMethod.GET, Url.parse("https://127.0.0.1:" + server.port()));
            failure(send(request), TlsException.class);
        }
    }

    @Test
    void bodyUntilTheEndOfATlsConnectionNeedsItsClosingAlert() {
        settings((it) -> it.withSslContext(TestCertificates.of("ip:127.0.0.1").client()));
        Script cut = (c) -> {
            c.readRequest();
            c.write("HTTP/1.0 200 OK\r\n\r\nall?");
            c.fin();
            c.hold();
        };
        try (RawServer server = RawServer.start(TestCertificates.of("ip:127.0.0.1").server(), cut)) {
            failure(get(server, "/"), TruncatedBodyException.class);
        }
    }

    @Test
    void messagesShowNothingSecret() {
        try (RawServer server = answer(
                "HTTP/1.1 200 OK\r\nSet-Cookie: secret\r\nTransfer-Encoding: \u001b[2J\r\n\r\n")) {
            ClientException ex = failure(get(server, "/?q=secret").withHeader("Authorization", "secret"),
                    ClientException.class);
            assertThat(ex.getMessage()).doesNotContain("secret", "\u001b");
        }
    }

    private static RawServer tls(String name) {
        return RawServer.start(TestCertificates.of(name).server(),
                (c) -> c.forEachRequest((request) -> c.respond(200, "")));
    }

    private static void end(Connection connection, String how) throws IOException {
        if (how.equals("fin")) {
            connection.fin();
            connection.hold();
        }
        else {
            connection.rst();
        }
    }

}
