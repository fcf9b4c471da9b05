package dev.outbound.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.DecodingException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How much of a response is accepted, and of a request sent; from one body on both lanes.
 */
@Timeout(30)
class LimitContractTests {

    private static final String END = "Content-Length: 2\r\n\r\nok";

    private static LaneClient client(Lane lane, RawServer server, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.name("lab").maxConnections(1).baseUrl(server.url());
            settings.accept(builder);
        });
    }

    private static Script answering(String answer) {
        return (connection) -> connection.forEachRequest((request) -> connection.write(answer));
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, 3, true", "BLOCKING, 4, false", "REACTIVE, 3, true", "REACTIVE, 4, false" })
    void linesOfAHead(Lane lane, int more, boolean accepted) {
        String answer = "HTTP/1.1 200 OK\r\n" + "X-A: b\r\n".repeat(more) + END;
        try (RawServer server = RawServer.start(answering(answer));
                LaneClient client = client(lane, server, (b) -> b.limits(Limits.defaults().withHeadLines(4)))) {
            if (accepted) {
                assertThat(client.get("/").text()).isEqualTo("ok");
            }
            else {
                assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> client.get("/"));
                server.awaitOpen(0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, 900, true", "BLOCKING, 1100, false", "REACTIVE, 900, true", "REACTIVE, 1100, false" })
    void bytesOfAHead(Lane lane, int size, boolean accepted) {
        String answer = "HTTP/1.1 200 OK\r\nX-A: " + "b".repeat(size) + "\r\n" + END;
        try (RawServer server = RawServer.start(answering(answer));
                LaneClient client = client(lane, server, (b) -> b.limits(Limits.defaults().withHead(1024)))) {
            if (accepted) {
                assertThat(client.get("/").text()).isEqualTo("ok");
            }
            else {
                assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> client.get("/"));
                server.awaitOpen(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeadMayBeLargerThanUsual(Lane lane) {
        String answer = "HTTP/1.1 200 " + "y".repeat(5000) + "\r\nX-A: " + "b".repeat(100_000) + "\r\n" + END;
        try (RawServer server = RawServer.start(answering(answer));
                LaneClient client = client(lane, server, (b) -> b.limits(Limits.defaults().withHead(200_000)))) {
            assertThat(client.get("/").text()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, 2, true", "BLOCKING, 3, false", "REACTIVE, 2, true", "REACTIVE, 3, false" })
    void informationalResponses(Lane lane, int count, boolean accepted) {
        String answer = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(count) + "HTTP/1.1 200 OK\r\n" + END;
        try (RawServer server = RawServer.start(answering(answer));
                LaneClient client = client(lane, server, (b) -> b.limits(Limits.defaults().withInformational(2)))) {
            if (accepted) {
                assertThat(client.get("/").text()).isEqualTo("ok");
            }
            else {
                assertThatExceptionOfType(RemoteProtocolException.class).isThrownBy(() -> client.get("/"));
                server.awaitOpen(0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, 1000, 1", "BLOCKING, 3000, 2", "REACTIVE, 1000, 1", "REACTIVE, 3000, 2" })
    void aBodyThatNobodyReadsIsDrainedUpToALimit(Lane lane, int length, int connections) {
        String body = "x".repeat(length);
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, body)));
                LaneClient client = client(lane, server, (b) -> b.limits(Limits.defaults().withDrain(2000)))) {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> client.stream("/", (response) -> {
                        throw new IllegalStateException("not wanted");
                    }));
            }
            server.awaitConnections(connections);
            assertThat(server.connections()).isEqualTo(connections);
        }
    }

    @ParameterizedTest
    @EnumSource
    void contentCodings(Lane lane) throws IOException {
        byte[] twice = gzip(gzip("ok".getBytes()));
        byte[] thrice = gzip(twice);
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            boolean many = request.startsWith("GET /3");
            byte[] body = many ? thrice : twice;
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip" + ", gzip".repeat(many ? 2 : 1)
                    + "\r\nContent-Length: " + body.length + "\r\n\r\n");
            connection.write(body);
        })); LaneClient client = client(lane, server, (b) -> {
        }); LaneClient generous = client(lane, server, (b) -> b.limits(Limits.defaults().withCodings(3)))) {
            assertThat(client.get("/2").text()).isEqualTo("ok");
            assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> client.get("/3"))
                .withMessageContaining("more than 2 content codings");
            assertThat(generous.get("/3").text()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatGrowsTooMuchWhenItIsDecoded(Lane lane) throws IOException {
        byte[] bomb = gzip(new byte[4 * 1024 * 1024]);
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            connection
                .write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.length + "\r\n\r\n");
            connection.write(bomb);
        })); LaneClient client = client(lane, server, (b) -> {
        }); LaneClient generous = client(lane, server, (b) -> b.limits(Limits.defaults().withRatio(2000)))) {
            assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> client.get("/"))
                .withMessageContaining("100 times");
            assertThatExceptionOfType(LimitExceededException.class).as("streamed as well")
                .isThrownBy(() -> client.stream("/", (response) -> {
                }));
            assertThat(generous.get("/").bytes()).hasSize(4 * 1024 * 1024);
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void aFloodOfLinesIsNotSent(Lane lane) {
        try (RawServer server = RawServer.start(answering("HTTP/1.1 200 OK\r\n" + END));
                LaneClient client = client(lane, server, (b) -> {
                })) {
            assertThatExceptionOfType(LocalProtocolException.class).isThrownBy(() -> client.get("/", (spec) -> {
                for (int i = 0; i < 10_000; i++) {
                    spec.header("X-" + i, "v");
                }
            })).withMessageContaining("at most 200");
            assertThatExceptionOfType(LocalProtocolException.class)
                .isThrownBy(() -> client.get("/", (spec) -> spec.header("X-A", "s3cret".repeat(11_000))))
                .withMessageContaining("at most 65536")
                .withMessageNotContaining("s3cret");
            assertThat(server.connections()).isZero();
            assertThat(client.get("/").text()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @EnumSource
    void credentialsForAProxyAreNotSentToAServer(Lane lane) {
        try (RawServer server = RawServer.start(answering("HTTP/1.1 200 OK\r\n" + END));
                LaneClient client = client(lane, server, (b) -> {
                })) {
            Request request = Request.of(HttpMethod.GET, Url.parse(server.url()))
                .withFields(FieldLines.builder().add("proxy-authorization", "Basic s3cret").build());
            assertThatExceptionOfType(LocalProtocolException.class).isThrownBy(() -> client.send(request))
                .withMessageNotContaining("s3cret");
            assertThat(server.connections()).isZero();
        }
    }

}
