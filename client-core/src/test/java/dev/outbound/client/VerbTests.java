package dev.outbound.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every verb in both forms, of both clients and as one-off calls, on a real socket.
 */
@Timeout(20)
class VerbTests {

    private static final Consumer<RequestSpec> SPEC = (spec) -> spec.header("X-Spec", "given");

    private static final Object[] NO_VARIABLES = {};

    private final RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
        if (request.startsWith("HEAD")) {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
        }
        else {
            connection.respond(200, "one\ntwo\n");
        }
    }));

    @AfterEach
    void close() {
        this.server.close();
    }

    /** The methods that arrived, each plain and then with what the function said. */
    private void assertArrived(String... methods) {
        List<String> heads = this.server.requests();
        assertThat(heads).hasSize(2 * methods.length);
        for (int i = 0; i < methods.length; i++) {
            assertThat(heads.get(2 * i)).startsWith(methods[i] + " / HTTP/1.1\r\n").doesNotContain("X-Spec");
            assertThat(heads.get(2 * i + 1)).startsWith(methods[i] + " / HTTP/1.1\r\n").contains("X-Spec: given");
        }
    }

    private void call(BiFunction<String, Object[], Response> plain,
            BiFunction<String, Consumer<RequestSpec>, Response> spec) {
        String url = this.server.url("/");
        assertThat(plain.apply(url, NO_VARIABLES).statusCode()).isEqualTo(200);
        assertThat(spec.apply(url, SPEC).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "JDK" })
    void ofABlockingClient(Engine engine) {
        try (Client client = Client.builder().engine(engine).build()) {
            call(client::get, client::get);
            call(client::head, client::head);
            call(client::options, client::options);
            call(client::post, client::post);
            call(client::put, client::put);
            call(client::patch, client::patch);
            call(client::delete, client::delete);
        }
        assertArrived("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");
        assertThat(this.server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = { "REACTOR", "JDK" })
    void ofAReactiveClient(Engine engine) {
        try (ReactiveClient client = ReactiveClient.builder().engine(engine).buildReactive()) {
            call((url, none) -> wait(client.get(url, none)), (url, spec) -> wait(client.get(url, spec)));
            call((url, none) -> wait(client.head(url, none)), (url, spec) -> wait(client.head(url, spec)));
            call((url, none) -> wait(client.options(url, none)), (url, spec) -> wait(client.options(url, spec)));
            call((url, none) -> wait(client.post(url, none)), (url, spec) -> wait(client.post(url, spec)));
            call((url, none) -> wait(client.put(url, none)), (url, spec) -> wait(client.put(url, spec)));
            call((url, none) -> wait(client.patch(url, none)), (url, spec) -> wait(client.patch(url, spec)));
            call((url, none) -> wait(client.delete(url, none)), (url, spec) -> wait(client.delete(url, spec)));
        }
        assertArrived("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");
        assertThat(this.server.connections()).isEqualTo(1);
    }

    private static Response wait(Mono<Response> call) {
        Response response = call.block(Duration.ofSeconds(10));
        assertThat(response).isNotNull();
        return response;
    }

    @Test
    void ofOneOffCalls() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        call(Outbound::get, Outbound::get);
        call(Outbound::head, Outbound::head);
        call(Outbound::options, Outbound::options);
        call(Outbound::post, Outbound::post);
        call(Outbound::put, Outbound::put);
        call(Outbound::patch, Outbound::patch);
        call(Outbound::delete, Outbound::delete);
        call((url, none) -> Outbound.request(HttpMethod.valueOf("PURGE"), url, none),
                (url, spec) -> Outbound.request(HttpMethod.valueOf("PURGE"), url, spec));
        call((url, none) -> wait(Outbound.reactive().get(url, none)),
                (url, spec) -> wait(Outbound.reactive().get(url, spec)));
        assertArrived("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PURGE", "GET");
        assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
            .allMatch(Thread::isDaemon);
    }

    @Test
    void ofOneOffStreams(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("body");
        try (StreamedResponse response = Outbound.stream(HttpMethod.GET, this.server.url("/"))) {
            assertThat(response.raiseForStatus().writeTo(file)).isEqualTo(8);
        }
        assertThat(file).content().isEqualTo("one\ntwo\n");
        List<String> blocking = Outbound.stream(HttpMethod.GET, this.server.url("/"), SPEC,
                (response) -> response.lines().toList());
        assertThat(blocking).containsExactly("one", "two");
        List<String> lines = Outbound.reactive()
            .stream(HttpMethod.GET, this.server.url("/"), (response) -> response.lines())
            .collectList()
            .block(Duration.ofSeconds(10));
        assertThat(lines).containsExactly("one", "two");
        Path other = directory.resolve("other");
        Outbound.reactive()
            .stream(HttpMethod.GET, this.server.url("/"), (response) -> response.writeTo(other).thenReturn(true))
            .blockLast(Duration.ofSeconds(10));
        assertThat(Files.readString(other)).isEqualTo("one\ntwo\n");
    }

}
