package dev.outbound.client.transport.spring;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.util.ClassUtils;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransportResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** The adapter over two of Spring's connectors. */
@ParameterizedClass
@MethodSource("connectors")
class ConnectorTransportTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String REACTOR = "org.springframework.http.client.reactive.ReactorClientHttpConnector";

    /** Whether a body that is cancelled closes the connection. */
    private final boolean closing;

    private final ConnectorTransport transport;

    ConnectorTransportTests(ClientHttpConnector connector) {
        this.closing = connector.getClass().getName().equals(REACTOR);
        this.transport = ConnectorTransport.of(connector);
    }

    static Stream<ClientHttpConnector> connectors() {
        ClientHttpConnector jdk = new JdkClientHttpConnector(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
        return ClassUtils.isPresent("org.springframework.context.SmartLifecycle", null) ? Stream.of(jdk, reactor())
                : Stream.of(jdk);
    }

    /** Made by reflection, for it needs spring-context, also to be compiled. */
    private static ClientHttpConnector reactor() {
        try {
            return (ClientHttpConnector) Class.forName(REACTOR)
                .getConstructor(reactor.netty.http.client.HttpClient.class)
                .newInstance(reactor.netty.http.client.HttpClient.create(ConnectionProvider.create("connector", 8))
                    .disableRetry(true));
        }
        catch (ReflectiveOperationException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static RawServer echo() {
        return RawServer.start((c) -> c.forEachRequest((request) -> {
            String content = request.substring(request.indexOf("\r\n\r\n") + 4);
            c.respond(200, request.split(" ")[1] + " " + content, "X-a: 1", "X-a: 2");
        }));
    }

    private static Request get(RawServer server) {
        return Request.of(HttpMethod.GET, Url.parse(server.url("/p?q=%20"))).withTimeouts(Timeouts.none());
    }

    private static Request post(RawServer server, RequestBody body) {
        return get(server).withMethod(HttpMethod.POST).withBody(body);
    }

    private Mono<ReactiveTransportResponse> send(Request request) {
        return this.transport.send(request, new Cancellation(Cancellation.NO_DEADLINE));
    }

    private static Mono<String> text(ReactiveTransportResponse response) {
        return DataBufferUtils.join(response.body()).map((buffer) -> {
            String text = buffer.toString(StandardCharsets.UTF_8);
            DataBufferUtils.release(buffer);
            return text;
        });
    }

    private ReactiveTransportResponse head(Request request) {
        ReactiveTransportResponse response = send(request).block(PATIENCE);
        assertThat(response).isNotNull();
        return response;
    }

    private <T extends Throwable> T failure(Mono<?> mono, Class<T> type) {
        Throwable[] thrown = new Throwable[1];
        StepVerifier.create(mono).expectErrorSatisfies((ex) -> thrown[0] = ex).verify(PATIENCE);
        assertThat(thrown[0]).isInstanceOf(type);
        return type.cast(thrown[0]);
    }

    @Test
    void sendsAndReceives() {
        try (RawServer server = echo()) {
            ReactiveTransportResponse response = head(get(server).withHeader("X-b", "3"));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.httpVersion()).isEqualTo("HTTP/1.1");
            assertThat(response.fields().all("x-A")).containsExactly("1", "2");
            assertThat(response.contentLength()).isEqualTo(9);
            StepVerifier.create(text(response)).expectNext("/p?q=%20 ").expectComplete().verify(PATIENCE);
            StepVerifier.create(response.body()).expectError(IllegalStateException.class).verify(PATIENCE);
            assertThat(server.requests().get(0)).containsIgnoringCase("\r\nx-b: 3\r\n");
        }
    }

    @Test
    void sendsBodies(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "f".repeat(50_000));
        Flux<DataBuffer> buffers = Flux.just("a", "b")
            .map((text) -> DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        try (RawServer server = echo()) {
            expect(post(server, RequestBody.text("text")), "text");
            assertThat(server.requests().get(0)).containsIgnoringCase("content-type: text/plain;charset=UTF-8")
                .containsIgnoringCase("content-length: 4\r\n");
            expect(post(server, RequestBody.file(file)), "f".repeat(50_000));
            expect(post(server, RequestBody.publisher(buffers, MediaType.TEXT_PLAIN)), "ab");
            assertThat(server.requests().get(2)).containsIgnoringCase("transfer-encoding: chunked");
        }
    }

    private void expect(Request request, String content) {
        StepVerifier.create(send(request).flatMap(ConnectorTransportTests::text))
            .expectNext("/p?q=%20 " + content)
            .expectComplete()
            .verify(PATIENCE);
    }

    @Test
    void refusedConnection() {
        RawServer server = echo();
        server.close();
        failure(send(get(server)), ConnectionFailedException.class);
    }

    @Test
    void connectionEndsBeforeTheHead() {
        try (RawServer server = RawServer.start(Connection::readRequest)) {
            assertThat(failure(send(get(server)), ConnectionLostException.class).phase()).isEqualTo(Phase.HEAD);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n" })
    void connectionEndsWithinTheBody(String rest) {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\n" + rest);
        })) {
            failure(send(get(server)).flatMap(ConnectorTransportTests::text), TruncatedBodyException.class);
        }
    }

    @Test
    void readTimeout() {
        try (RawServer server = RawServer.start(Connection::hold)) {
            Request request = get(server).withTimeouts(Timeouts.none().withRead(Duration.ofMillis(200)));
            ReadTimeoutException ex = failure(send(request), ReadTimeoutException.class);
            assertThat(ex.phase()).isEqualTo(Phase.HEAD);
            assertThat(ex).hasMessageContaining("200 ms");
            server.awaitOpen(0);
        }
    }

    @Test
    void failureOfThePublisherIsTheCallersOwn() {
        IllegalStateException own = new IllegalStateException("mine");
        try (RawServer server = RawServer.start(Connection::hold)) {
            assertThat(failure(send(post(server, RequestBody.publisher(Flux.error(own), null))),
                    IllegalStateException.class))
                .isSameAs(own);
        }
    }

    @Test
    void cancelClosesTheConnection() {
        try (RawServer server = RawServer.start(Connection::hold)) {
            StepVerifier.create(send(get(server))).then(() -> server.awaitOpen(1)).thenCancel().verify(PATIENCE);
            server.awaitOpen(0);
        }
    }

    @Test
    void closeDrainsALittle() {
        try (RawServer server = echo()) {
            for (int i = 0; i < 3; i++) {
                ReactiveTransportResponse response = head(get(server));
                response.close();
                response.close();
                StepVerifier.create(response.body()).expectError(IllegalStateException.class).verify(PATIENCE);
                StepVerifier.create(Mono.delay(Duration.ofMillis(100)))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(PATIENCE);
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void abortEndsTheBody() {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            c.hold();
        })) {
            ReactiveTransportResponse response = head(get(server));
            StepVerifier.create(response.body())
                .consumeNextWith(DataBufferUtils::release)
                .then(response::abort)
                .expectError(CancelledException.class)
                .verify(PATIENCE);
            head(get(server)).abort();
            if (this.closing) {
                server.awaitOpen(0);
            }
        }
    }

}
