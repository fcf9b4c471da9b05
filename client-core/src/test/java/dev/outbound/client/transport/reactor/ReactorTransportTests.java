package dev.outbound.client.transport.reactor;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;

/** What is sent, and what is received. */
class ReactorTransportTests extends AbstractReactorTransportTests {

    @Test
    void sendsFieldLinesAsTheyAreAndNothingElse() {
        try (RawServer server = echo()) {
            FieldLines fields = FieldLines.builder()
                .add("x-B", "1")
                .add("X-a", "ü\t2")
                .add("x-b", "3")
                .add("Accept", "text/plain")
                .build();
            expectText(get(server, "/").withFields(fields), "/");
            assertThat(server.requests()).containsExactly("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                    + "\r\nx-B: 1\r\nX-a: ü\t2\r\nx-b: 3\r\nAccept: text/plain\r\n\r\n");
        }
    }

    @Test
    void keepsTheHostOfTheRequest() {
        try (RawServer server = echo()) {
            expectText(get(server, "/").withHeader("A", "1").withHeader("host", "other.test"), "/");
            assertThat(server.requests()).containsExactly("GET / HTTP/1.1\r\nA: 1\r\nhost: other.test\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "/a%20b%2Fc", "/a|b[c]^d\\e", "/a//b/", "/?", "/?a=%zz&b={}|\"'", "/*", "/a;b=c:80@d",
            "/http://other.test/x", "/%C3%A9%0d%0aX:%20y" })
    void sendsTheTargetAsItIs(String target) {
        try (RawServer server = echo()) {
            Url url = Url.parse(server.url(target));
            expectText(Request.of(HttpMethod.GET, url), url.target());
        }
    }

    @Test
    void sendsNoBodyWhereThereIsNone() {
        try (RawServer server = echo()) {
            expectText(Request.of(HttpMethod.DELETE, Url.parse(server.url("/1"))), "/1");
            expectText(Request.of(HttpMethod.valueOf("PROPFIND"), Url.parse(server.url("/2"))), "/2");
            expectText(post(server, "/3"), "/3");
            String host = " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n";
            assertThat(server.requests()).usingElementComparator(String::compareToIgnoreCase)
                .containsExactly("DELETE /1" + host + "\r\n", "PROPFIND /2" + host + "\r\n",
                        "POST /3" + host + "Content-Length: 0\r\n\r\n");
        }
    }

    @Test
    void sendsBytesWithTheirTypeAndLength() {
        try (RawServer server = body()) {
            expectText(post(server, "/").withBody(RequestBody.text("häl")), "häl");
            assertThat(server.requests().get(0)).containsIgnoringCase("content-type: text/plain;charset=UTF-8\r\n")
                .containsIgnoringCase("content-length: 4\r\n");
            expectText(post(server, "/").withHeader("Content-Type", "a/b").withBody(RequestBody.text("x")), "x");
            assertThat(server.requests().get(1)).containsIgnoringCase("content-type: a/b\r\n")
                .doesNotContain("text/plain");
            expectText(post(server, "/").withHeader("Transfer-Encoding", "chunked").withBody(RequestBody.text("xy")),
                    "xy");
            assertThat(server.requests().get(2)).containsIgnoringCase("transfer-encoding: chunked\r\n")
                .doesNotContainIgnoringCase("content-length");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "GET", "DELETE", "POST", "QUERY" })
    void sendsAFile(String method, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x".repeat(100_000));
        try (RawServer server = body()) {
            expectText(
                    Request.of(HttpMethod.valueOf(method), Url.parse(server.url("/"))).withBody(RequestBody.file(file)),
                    "x".repeat(100_000));
            assertThat(server.requests().get(0)).containsIgnoringCase("content-length: 100000\r\n");
        }
    }

    @Test
    void sendsAPublisherInChunks() {
        try (RawServer server = body()) {
            Flux<DataBuffer> buffers = Flux.just("one", "", "two")
                .map((text) -> DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            expectText(post(server, "/").withBody(RequestBody.publisher(buffers, MediaType.TEXT_PLAIN)), "onetwo");
            assertThat(server.requests().get(0)).containsIgnoringCase("transfer-encoding: chunked\r\n");
            NettyDataBufferFactory pooled = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);
            Flux<DataBuffer> own = Flux.range(0, 1000).map((i) -> pooled.allocateBuffer(8).write(new byte[] { 'a' }));
            expectText(
                    post(server, "/").withHeader("Content-Length", "1000").withBody(RequestBody.publisher(own, null)),
                    "a".repeat(1000));
            assertThat(server.requests().get(1)).containsIgnoringCase("content-length: 1000\r\n");
        }
    }

    @Test
    void givesTheResponseAsItIs() {
        try (RawServer server = answer(
                "HTTP/1.1 299 Só so\r\nX-b: 1\r\nset-COOKIE: a\r\nx-B: é\r\nSet-Cookie: b\r\nContent-Length: 2\r\n\r\nhi")) {
            ReactiveTransportResponse response = head(get(server, "/"));
            assertThat(response.statusCode()).isEqualTo(299);
            assertThat(response.reasonPhrase()).isEqualTo("Só so");
            assertThat(response.httpVersion()).isEqualTo("HTTP/1.1");
            assertThat(response.contentLength()).isEqualTo(2);
            assertThat(response.first("SET-cookie")).isEqualTo("a");
            FieldLines fields = response.fields();
            assertThat(fields.toString())
                .isEqualTo("[X-b: 1, set-COOKIE: ******, x-B: é, Set-Cookie: ******, Content-Length: 2]");
            StepVerifier.create(text(response)).expectNext("hi").expectComplete().verify(PATIENCE);
        }
    }

    @Test
    void undoesNoCodingAndFollowsNoRedirect() {
        try (RawServer server = RawServer.start((c) -> c.forEachRequest((request) -> c.respond(302, "not gzip",
                "Content-Encoding: gzip", "Location: /other", "Set-Cookie: a=b")))) {
            expectText(get(server, "/"), "not gzip");
            expectText(get(server, "/"), "not gzip");
            assertThat(server.requests()).hasSize(2).noneMatch((head) -> head.contains("Cookie"));
        }
    }

    @Test
    void usesAConnectionAgain() {
        try (RawServer server = echo()) {
            for (int i = 0; i < 20; i++) {
                expectText(get(server, "/" + i), "/" + i);
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(this.transport.idle()).isEqualTo(1);
        }
    }

    @Test
    void closesAConnectionThatIsNotToBeUsedAgain() {
        try (RawServer server = RawServer
            .start((c) -> c.forEachRequest((request) -> c.respond(200, "", "Connection: close")))) {
            expectText(get(server, "/"), "");
            expectText(get(server, "/"), "");
            server.awaitOpen(0);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void skipsInterimResponses() {
        try (RawServer server = RawServer.start((c) -> c.forEachRequest((request) -> {
            c.write("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
            c.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 P\r\n\r\n");
            c.respond(200, "final");
        }))) {
            expectText(get(server, "/"), "final");
            expectText(post(server, "/").withBody(RequestBody.text("a")), "final");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void answersToHeadHaveNoBody() {
        try (RawServer server = RawServer
            .start((c) -> c.forEachRequest((request) -> c.write("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n")))) {
            Request head = Request.of(HttpMethod.HEAD, Url.parse(server.url("/")));
            expectText(head, "");
            expectText(head, "");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void readsABodyUntilTheConnectionEnds() {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.0 200 OK\r\n\r\nall");
            c.fin();
        })) {
            ReactiveTransportResponse response = head(get(server, "/"));
            assertThat(response.httpVersion()).isEqualTo("HTTP/1.0");
            assertThat(response.contentLength()).isEqualTo(-1);
            StepVerifier.create(text(response)).expectNext("all").expectComplete().verify(PATIENCE);
        }
    }

    @Test
    void readsNoMoreThanIsAskedFor() {
        byte[] much = new byte[64 * 1024 * 1024];
        AtomicReference<Integer> written = new AtomicReference<>(0);
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nContent-Length: " + much.length + "\r\n\r\n");
            for (int i = 0; i < 64; i++) {
                c.write(new byte[1024 * 1024]);
                written.set(i + 1);
            }
            c.hold();
        })) {
            StepVerifier.create(head(get(server, "/")).body(), 2)
                .consumeNextWith(AbstractReactorTransportTests::release)
                .consumeNextWith(AbstractReactorTransportTests::release)
                .thenCancel()
                .verify(PATIENCE);
            server.awaitOpen(0);
            assertThat(written.get()).isLessThan(32);
        }
    }

    @Test
    void speaksTls() {
        TestCertificates certificates = TestCertificates.of("dns:localhost,ip:127.0.0.1");
        settings((it) -> it.withSslContext(certificates.client()));
        try (RawServer server = RawServer.start(certificates.server(),
                (c) -> c.forEachRequest((request) -> c.respond(200, request.split(" ")[1])))) {
            expectText(get(server, "/1"), "/1");
            expectText(get(server, "/2"), "/2");
            expectText(Request.of(HttpMethod.GET, Url.parse("https://localhost:" + server.port() + "/3")), "/3");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void keepsTheContextOfTheCaller() {
        try (RawServer server = body()) {
            Flux<DataBuffer> buffers = Flux.deferContextual((context) -> Mono
                .just(DefaultDataBufferFactory.sharedInstance.wrap(context.<String>get("key").getBytes())));
            StepVerifier
                .create(text(post(server, "/").withBody(RequestBody.publisher(buffers, null)))
                    .contextWrite((context) -> context.put("key", "from the context")))
                .expectNext("from the context")
                .expectComplete()
                .verify(PATIENCE);
        }
    }

    @Test
    void refusesOtherSchemes() {
        LocalProtocolException ex = failure(
                send(Request.of(HttpMethod.GET, Url.parse("ftp://user:secret@a.test/x?secret"))),
                LocalProtocolException.class);
        assertThat(ex).hasMessageContaining("'ftp'").hasMessageNotContaining("secret");
    }

    @Test
    void refusesFramingThatDoesNotFit() {
        try (RawServer server = body()) {
            List<Request> requests = List.of(get(server, "/").withHeader("Content-Length", "5"),
                    post(server, "/").withHeader("Content-Length", "5").withBody(RequestBody.text("1")),
                    post(server, "/").withHeader("Content-Length", "+1").withBody(RequestBody.text("1")),
                    post(server, "/").withHeader("Transfer-Encoding", "gzip").withBody(RequestBody.text("1")));
            for (Request request : requests) {
                failure(request, LocalProtocolException.class);
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void opensNothingBeforeTheFirstRequest() {
        try (RawServer server = echo()) {
            Mono<ReactiveTransportResponse> response = send(get(server, "/"));
            assertThat(server.connections()).isZero();
            assertThat(response.block(PATIENCE)).isNotNull().satisfies(ReactiveTransportResponse::close);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void runsOnGivenLoops() {
        LoopResources loops = LoopResources.create("given", 1, true);
        try (RawServer server = echo();
                ReactorTransport own = ReactorTransport.of(TransportSettings.defaults("own"), loops)) {
            StepVerifier.create(own.send(get(server, "/"), NONE).map((response) -> {
                response.close();
                return Thread.currentThread().getName();
            })).expectNextMatches((name) -> name.startsWith("given-")).expectComplete().verify(PATIENCE);
        }
        finally {
            loops.dispose();
        }
    }

    /** A server that answers with the body of the request. */
    private static RawServer body() {
        return RawServer.start((c) -> c.forEachRequest((request) -> {
            String content = request.substring(request.indexOf("\r\n\r\n") + 4);
            c.respond(200, new String(content.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }));
    }

}
