package dev.outbound.client.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The frames are those of RFC 9113: the JDK's client understands them.
 */
@Timeout(20)
class Http2PeerTests {

    private final TestCertificates certificates = TestCertificates.of("dns:localhost,ip:127.0.0.1");

    private RawServer start(Http2Peer.Http2Script script) {
        return RawServer.start(ServerTls.of(this.certificates.server()).offering("h2"), Http2Peer.script(script));
    }

    private HttpResponse<String> post(RawServer server) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().sslContext(this.certificates.client()).build();
        return client.send(HttpRequest.newBuilder(URI.create(server.url("/a")))
            .POST(HttpRequest.BodyPublishers.ofString("hello"))
            .build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void readsRequestsAndWritesResponses() throws Exception {
        try (RawServer server = start((peer) -> peer.forEachRequest((request) -> {
            String body = new String(peer.awaitFrame(Http2Peer.DATA).payload());
            peer.respond(request.stream(), 201, request.fields().get(":method") + request.fields().get(":path") + body,
                    "x-long", "v".repeat(300));
        }))) {
            HttpResponse<String> response = post(server);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.body()).isEqualTo("POST/ahello");
            assertThat(response.headers().firstValue("x-long")).hasValue("v".repeat(300));
            assertThat(server.failures()).isEmpty();
        }
    }

    @Test
    void resetsStreams() {
        try (RawServer server = start((peer) -> {
            peer.reset(peer.readRequest().stream(), Http2Peer.INTERNAL_ERROR);
            peer.hold();
        })) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(server))
                .withMessageContaining("RST_STREAM");
        }
    }

    @Test
    void goesAway() {
        try (RawServer server = start((peer) -> {
            // That stream may still be answered (RFC 9113, section 6.8): it is not, for
            // the connection ends with the script.
            peer.goAway(peer.readRequest().stream(), Http2Peer.PROTOCOL_ERROR);
        })) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(server));
        }
    }

}
