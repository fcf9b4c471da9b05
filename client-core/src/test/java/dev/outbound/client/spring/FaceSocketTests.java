package dev.outbound.client.spring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Bodies through Spring's APIs on real sockets. Clients have a single connection: a call
 * that did not give its back would fail the next one.
 */
@Timeout(60)
class FaceSocketTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int PIECE = 64 * 1024;

    private static final long UPLOAD = 300_000_000;

    private static Face.Caller caller(Face face, RawServer server) {
        return face.over(ObservationRegistry.NOOP,
                (builder) -> builder.name("lab").baseUrl(server.url()).maxConnections(1));
    }

    /** The first answer says more than it has; all others are good. */
    private static RawServer truncating() {
        return RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        }, (connection) -> connection.forEachRequest((request) -> connection.respond(200, "next")));
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatBreaksOffFailsAsUsersOfTheApiExpect(Face face) {
        try (RawServer server = truncating(); Face.Caller caller = caller(face, server)) {
            Throwable thrown = catchThrowable(() -> caller.get("/a"));
            assertThat(thrown).isInstanceOfAny(RestClientException.class, WebClientResponseException.class);
            assertThat(Stream.iterate(thrown, Objects::nonNull, Throwable::getCause))
                .hasAtLeastOneElementOfType(TruncatedBodyException.class);
            assertThat(caller.get("/b").getBody()).isEqualTo("next");
        }
    }

    @Test
    void aStreamThatStallsFailsAsItsReadersExpect() {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
            connection.pause(Duration.ofSeconds(3));
        }); Client client = Client.builder().baseUrl(server.url()).timeout(Duration.ofMillis(200)).build()) {
            InputStream body = ClientRequestFactory.of(client)
                .applyTo(RestClient.builder())
                .build()
                .get()
                .uri("/a")
                .retrieve()
                .requiredBody(InputStream.class);
            assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes)
                .withCauseInstanceOf(ReadTimeoutException.class);
        }
    }

    @Test
    void cancellationGivesTheConnectionBack() {
        try (RawServer server = RawServer.start((connection) -> {
            String request = connection.readRequest();
            if (request != null && request.startsWith("GET /endless")) {
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                connection.pause(Duration.ofSeconds(3));
            }
            connection.respond(200, "next");
        });
                ReactiveClient client = ReactiveClient.builder()
                    .baseUrl(server.url())
                    .maxConnections(1)
                    .timeout(PATIENCE)
                    .buildReactive()) {
            WebClient webClient = ReactiveClientConnector.of(client).applyTo(WebClient.builder()).build();
            String first = webClient.get().uri("/endless").retrieve().bodyToFlux(DataBuffer.class).map((buffer) -> {
                String text = buffer.toString(StandardCharsets.UTF_8);
                DataBufferUtils.release(buffer);
                return text;
            }).blockFirst(PATIENCE);
            assertThat(first).isEqualTo("hello");
            assertThat(webClient.get().uri("/b").retrieve().bodyToMono(String.class).block(PATIENCE)).isEqualTo("next");
            StepVerifier.create(webClient.get().uri("/endless").exchangeToMono((response) -> Mono.never()))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(200))
                .thenCancel()
                .verify(PATIENCE);
            assertThat(webClient.get().uri("/c").retrieve().bodyToMono(String.class).block(PATIENCE)).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void uploads300MegabytesThroughASmallHeap(Face face) throws IOException, InterruptedException {
        try (RawServer server = RawServer.start(FaceSocketTests::countBytes)) {
            Process process = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx64m",
                    "-XX:MaxDirectMemorySize=64m", "-cp", System.getProperty("java.class.path"),
                    Uploader.class.getName(), face.name(), server.url("/")))
                .redirectErrorStream(true)
                .start();
            String output;
            try (InputStream out = process.getInputStream()) {
                output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains("sent " + UPLOAD);
        }
    }

    private static void countBytes(Connection connection) throws Exception {
        connection.readHead();
        byte[] buffer = new byte[PIECE];
        long count = 0;
        while (count < UPLOAD) {
            count += connection.read(buffer);
        }
        connection.respond(200, "sent " + count);
    }

    /** Runs in the small JVM. */
    static final class Uploader {

        private Uploader() {
        }

        public static void main(String[] args) {
            System.out.println((Face.valueOf(args[0]) == Face.REST_CLIENT) ? blocking(args[1]) : reactive(args[1]));
            System.exit(0);
        }

        private static String blocking(String url) {
            RestClient face = ClientRequestFactory.of(Client.builder().total(PATIENCE).build())
                .applyTo(RestClient.builder())
                .build();
            return face.post()
                .uri(url)
                .contentLength(UPLOAD)
                .body(new InputStreamResource(new Zeros()))
                .retrieve()
                .requiredBody(String.class);
        }

        private static String reactive(String url) {
            WebClient face = ReactiveClientConnector.of(Client.builder().total(PATIENCE).buildReactive())
                .applyTo(WebClient.builder())
                .build();
            Flux<DataBuffer> zeros = Flux.<DataBuffer, Long>generate(() -> UPLOAD, (left, sink) -> {
                int size = (int) Math.min(left, PIECE);
                if (size == 0) {
                    sink.complete();
                }
                else {
                    sink.next(DefaultDataBufferFactory.sharedInstance.wrap(new byte[size]));
                }
                return left - size;
            });
            return face.post()
                .uri(url)
                .contentLength(UPLOAD)
                .body(zeros, DataBuffer.class)
                .retrieve()
                .bodyToMono(String.class)
                .blockOptional(PATIENCE)
                .orElseThrow();
        }

    }

    /** As many as are uploaded. */
    private static final class Zeros extends InputStream {

        private long left = UPLOAD;

        @Override
        public int read() {
            return (this.left-- > 0) ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = (int) Math.min(this.left, length);
            this.left -= count;
            return (count > 0 || length == 0) ? count : -1;
        }

    }

}
