package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

class HttpComponentsUploadTests extends HttpComponentsFixture {

    private interface Writer {

        void writeTo(OutputStream out) throws IOException;

    }

    private static RequestBody body(long length, Writer writer) {
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
                writer.writeTo(out);
            }

        };
    }

    @ParameterizedTest
    @ValueSource(longs = { -1, 20_000_000 })
    void earlyAnswerIsDelivered(long length) {
        RawServer server = serve((c) -> {
            c.readHead();
            c.readBody(70_000);
            c.respond(413, "too large", "Connection: close");
        });
        byte[] megabyte = new byte[1_000_000];
        TransportResponse response = send(request(HttpMethod.POST, server, body(length, (out) -> {
            for (int i = 0; i < 20; i++) {
                out.write(megabyte);
            }
        })));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(read(response)).isEqualTo("too large");
        server.awaitOpen(0);
        assertThat(this.transport.idle()).isZero();
    }

    @Test
    void earlyAnswerThatIsMalformedIsThatAtOnce() {
        RawServer server = serve((c) -> {
            c.readHead();
            c.write("HTTP/1.1 4x3 Too Large\r\n\r\n");
            byte[] buffer = new byte[16 * 1024];
            while (c.read(buffer) >= 0) {
                c.pause(Duration.ofMillis(2));
            }
        });
        assertThatExceptionOfType(RemoteProtocolException.class)
            .isThrownBy(() -> send(request(HttpMethod.POST, server, RequestBody.bytes(new byte[64 * 1024 * 1024]))));
        server.awaitOpen(0);
    }

    @Test
    void earlyAnswerThatPromisesToKeepTheConnectionDoesNot() {
        RawServer server = serve((c) -> {
            c.readHead();
            c.respond(401, "no");
        });
        assertThat(fetch(request(HttpMethod.POST, server, RequestBody.bytes(new byte[20_000_000])))).isEqualTo("no");
        assertThat(this.transport.idle()).isZero();
    }

    @Test
    void resetWithoutAnAnswer() {
        RawServer server = serve((c) -> {
            c.readHead();
            c.readBody(70_000);
            c.rst();
        });
        ConnectionLostException failure = failure(ConnectionLostException.class,
                request(HttpMethod.POST, server, RequestBody.bytes(new byte[20_000_000])));
        assertThat(failure.phase()).isEqualTo(Phase.WRITE);
    }

    @ParameterizedTest
    @ValueSource(longs = { -1, 100 })
    void failureOfTheSourceIsPassedOnAndTheServerSeesNoEnd(long length) {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        RawServer server = serve((c) -> seen.complete(catchThrowable(c::readRequest)));
        IllegalArgumentException thrown = new IllegalArgumentException("source");
        RequestBody body = body(length, (out) -> {
            out.write("some".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            throw thrown;
        });
        assertThat(catchThrowable(() -> send(request(HttpMethod.POST, server, body)))).isSameAs(thrown);
        assertThat(seen.join()).as("what the server's reading of the body ended with").isInstanceOf(IOException.class);
    }

    @Test
    void ioFailureOfTheSourceIsNotTheConnections() {
        RawServer server = serve((c) -> c.readRequest());
        IOException thrown = new IOException("disk");
        RequestBody body = body(-1, (out) -> {
            throw thrown;
        });
        assertThat(catchThrowable(() -> send(request(HttpMethod.POST, server, body))))
            .isInstanceOf(UncheckedIOException.class)
            .hasCause(thrown);
        server.awaitOpen(0);
    }

    @Test
    void swallowedFaultOfTheConnectionIsNotForgotten() {
        RawServer server = serve((c) -> {
            c.readHead();
            c.rst();
        });
        failure(ConnectionLostException.class, request(HttpMethod.POST, server, body(-1, (out) -> {
            try {
                out.write(new byte[20_000_000]);
            }
            catch (IOException ex) {
                // As a careless source does.
            }
        })));
    }

    @ParameterizedTest
    @ValueSource(longs = { 3, 5 })
    void otherLengthThanAnnounced(long length) {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        RawServer server = serve((c) -> seen.complete(catchThrowable(c::readRequest)));
        failure(LocalProtocolException.class, request(HttpMethod.POST, server,
                body(length, (out) -> out.write("four".getBytes(StandardCharsets.US_ASCII)))));
        assertThat(seen.join()).isInstanceOf(IOException.class);
    }

}
