package dev.outbound.mock;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.Multipart;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What goes through a cassette, and must come out of it the same but for secrets. */
class CassetteContentTests {

    private static final byte[] BINARY = { 0, 1, (byte) 0xfe, (byte) 0xff, 10, 13 };

    @TempDir
    private Path folder;

    /**
     * Record calls on an upstream, and make them again without it.
     * @return what stands in the cassette
     */
    private String recordAndReplay(Lane lane, MockRouter upstream, Consumer<ClientBuilder> settings,
            Consumer<LaneClient> calls) {
        Path file = this.folder.resolve(lane + ".json");
        MockRouter recording = MockRouter.create().passThroughTo(upstream.transports());
        try (Cassette cassette = Cassette.record(file, recording);
                LaneClient client = lane.client((builder) -> bind(recording, settings, builder))) {
            calls.accept(client);
            assertThat(cassette).isNotNull();
        }
        MockRouter replaying = MockRouter.create();
        try (Cassette cassette = Cassette.insert(file, replaying);
                LaneClient client = lane.client((builder) -> bind(replaying, settings, builder))) {
            calls.accept(client);
            assertThat(cassette).isNotNull();
        }
        assertThat(replaying).isVerified();
        try {
            return Files.readString(file);
        }
        catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static void bind(MockRouter router, Consumer<ClientBuilder> settings, ClientBuilder builder) {
        settings.accept(builder.baseUrl("https://api.test"));
        router.bind(builder);
    }

    private String recordAndReplay(Lane lane, MockRouter upstream, Consumer<LaneClient> calls) {
        return recordAndReplay(lane, upstream, (builder) -> {
        }, calls);
    }

    @ParameterizedTest
    @EnumSource
    void bytesComeBackAsTheyWere(Lane lane) {
        MockRouter upstream = MockRouter.create();
        upstream.post("/bytes").content(BINARY).reply((r) -> r.body(BINARY));
        upstream.get("/version").reply((r) -> r.text("1.10"));
        upstream.get("/empty").reply(204);
        upstream.get("/exact")
            .reply((r) -> r.json("{\"big\": 12345678901234567890.1234567890, \"long\": 9007199254740993}"));
        String cassette = recordAndReplay(lane, upstream, (client) -> {
            assertThat(client.post("/bytes", (spec) -> spec.body(RequestBody.bytes(BINARY))).bytes()).isEqualTo(BINARY);
            assertThat(client.get("/version").text()).isEqualTo("1.10");
            assertThat(client.get("/empty").hasBody()).isFalse();
            assertThat(client.get("/exact").text()).contains("12345678901234567890.1234567890", "9007199254740993");
        });
        assertThat(cassette).contains("\"base64\" : \"AAH+/woN\"", "\"text\" : \"1.10\"");
    }

    @ParameterizedTest
    @EnumSource
    void headersComeBackAsTheyWere(Lane lane) {
        MockRouter upstream = MockRouter.create();
        upstream.head("/size").reply((r) -> r.text("0123456789"));
        upstream.get("/several").reply((r) -> r.header("X-A", "1").header("X-A", "2, 3").text("ok"));
        recordAndReplay(lane, upstream, (client) -> {
            assertThat(client.request(HttpMethod.HEAD, "/size", (spec) -> {
            }).headers().getContentLength()).isEqualTo(10);
            assertThat(client.get("/several").headers().get("X-A")).containsExactly("1", "2, 3");
        });
    }

    @ParameterizedTest
    @EnumSource
    void equalRequestsAreAnsweredInTheirOrder(Lane lane) {
        MockRouter upstream = MockRouter.create();
        upstream.get("/jobs/1")
            .reply((r) -> r.text("waiting"))
            .then((r) -> r.text("running"))
            .then((r) -> r.text("done"));
        recordAndReplay(lane, upstream, (client) -> {
            assertThat(client.get("/jobs/1").text()).isEqualTo("waiting");
            assertThat(client.get("/jobs/1").text()).isEqualTo("running");
            assertThat(client.get("/jobs/1").text()).isEqualTo("done");
        });
    }

    @ParameterizedTest
    @EnumSource
    void secretsInEveryPlaceAreMasked(Lane lane) {
        MockRouter upstream = MockRouter.create();
        upstream.any("")
            .reply((r) -> r.header("Set-Cookie", "sid=s3cret")
                .header("X-Api-Key", "s3cret")
                .json("""
                        {"tokens": ["s3cret", {"value": "s3cret"}], "password": 73731, "session": {"id": "s3cret"},
                         "secretive": true, "name": "Ada", "file": "see https://u:s3cret@files.test/a?X-Amz-Signature=s3cret&b=1"}""")
                .header("Link", "<https://api.test/a?page_token=s3cret&page=2>; rel=next")
                .gzip());
        String cassette = recordAndReplay(lane, upstream, (builder) -> builder.auth(Auth.basic("u", "s3cret")),
                (client) -> {
                    client.get("/a?api_key=s3cret&page=2", (spec) -> spec.cookie("sid", "s3cret"));
                    client.post("/form", (spec) -> spec.form(Map.of("user", "u", "client_secret", "s3cret")));
                    client.post("/json", (spec) -> spec.json(Map.of("auth", Map.of("a", "s3cret"), "n", 1)));
                    client.post("/hooks", (spec) -> spec.form(Map.of("to", "https://h.test/?secret=s3cret")));
                    client.post("/events", (spec) -> spec.text("data: {\"token\": \"s3cret\"}\n\n"));
                    client.post("/upload",
                            (spec) -> spec.body(new Multipart().field("password", "s3cret")
                                .file("report", "r.csv", "a,b".getBytes(StandardCharsets.UTF_8))
                                .build()));
                });
        assertThat(cassette).doesNotContain("s3cret", "73731", "czNjcmV0", "dTpzM2NyZXQ")
            .contains("\"password\" : 0", "\"secretive\" : true", "\"name\" : \"Ada\"",
                    "https://******@files.test/a?X-Amz-Signature=******&b=1",
                    "<https://api.test/a?page_token=******&page=2>; rel=next", "\"fileName\" : \"r.csv\"",
                    "\"user\" : [ \"u\" ]", "\"client_secret\" : [ \"******\" ]");
    }

    @ParameterizedTest
    @EnumSource
    void tokenThatWasFetchedIsFetchedFromTheCassette(Lane lane) {
        MockRouter upstream = MockRouter.create();
        upstream.post("https://api.test/token")
            .reply((r) -> r.json("{\"access_token\": \"s3cret\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"));
        upstream.get("/a").reply((r) -> r.text("authorized"));
        String cassette = recordAndReplay(lane, upstream,
                (builder) -> builder.auth(Auth.clientCredentials("https://api.test/token", "id", "s3cret")),
                (client) -> assertThat(client.get("/a").text()).isEqualTo("authorized"));
        assertThat(cassette).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @EnumSource
    void challengeIsAnsweredAgain(Lane lane) {
        MockRouter upstream = MockRouter.create();
        upstream.get("/a").header("Authorization").reply((r) -> r.text("authorized"));
        upstream.get("/a")
            .reply((r) -> r.status(401)
                .header("WWW-Authenticate", "Digest realm=\"a\", qop=\"auth\", nonce=\"n1\", algorithm=SHA-256"));
        recordAndReplay(lane, upstream, (builder) -> builder.auth(Auth.digest("u", "p")),
                (client) -> assertThat(client.get("/a").text()).isEqualTo("authorized"));
    }

    @ParameterizedTest
    @EnumSource
    void redirectIsFollowedAgainWithoutItsToken(Lane lane) {
        MockRouter upstream = MockRouter.create();
        upstream.get("/old").reply((r) -> r.status(302).header("Location", "/new?access_token=s3cret&page=1"));
        upstream.get("/new").reply((r) -> r.text("here"));
        String cassette = recordAndReplay(lane, upstream,
                (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.SAME_ORIGIN, 5)),
                (client) -> assertThat(client.get("/old").text()).isEqualTo("here"));
        assertThat(cassette).doesNotContain("s3cret").contains("/new?access_token=******&page=1");
    }

    @ParameterizedTest
    @EnumSource
    void streamedBodiesGoThrough(Lane lane) {
        MockRouter upstream = MockRouter.create();
        upstream.get("/events").reply((r) -> r.text("data: 1\n\ndata: 2\n\n"));
        recordAndReplay(lane, upstream, (client) -> assertThat(client.stream("/events", (head) -> {
        })).isEqualTo(18));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCompressedIsReadable(Lane lane) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write("plain".getBytes(StandardCharsets.UTF_8));
        }
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write("plain".getBytes(StandardCharsets.UTF_8));
        }
        MockRouter upstream = MockRouter.create();
        upstream.get("/deflate").reply((r) -> r.body(deflated.toByteArray()).header("Content-Encoding", "deflate"));
        upstream.get("/gzip")
            .header("Accept-Encoding", "gzip")
            .reply((r) -> r.body(zipped.toByteArray()).header("Content-Encoding", "gzip"));
        String cassette = recordAndReplay(lane, upstream, (client) -> {
            assertThat(client.get("/deflate").text()).isEqualTo("plain");
            assertThat(client.get("/gzip").text()).isEqualTo("plain");
        });
        assertThat(cassette).doesNotContain("base64", "Content-Encoding");
    }

    @Test
    void whatCannotBeMaskedIsNotRecorded() {
        MockRouter upstream = MockRouter.create();
        upstream.get("/a").reply((r) -> r.body(BINARY).header("Content-Encoding", "br"));
        Path file = this.folder.resolve("br.json");
        MockRouter router = MockRouter.create("https://api.test").passThroughTo(upstream.transports());
        Cassette cassette = Cassette.record(file, router);
        assertThatIllegalStateException().isThrownBy(() -> router.client().get("/a"))
            .withMessage("The response is encoded as 'br', and its secrets could not be masked in a cassette. "
                    + "Let the upstream answer in gzip, or mock this request");
        cassette.close();
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void recordingUsesTheTrustOfTheClient(Lane lane) {
        TestCertificates certificates = TestCertificates.of("dns:localhost,ip:127.0.0.1");
        Path file = this.folder.resolve("tls.json");
        MockRouter router = MockRouter.create();
        try (RawServer server = RawServer.start(certificates.server(),
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "trusted")));
                Cassette cassette = Cassette.record(file, router);
                LaneClient client = lane.client((builder) -> router.bind(builder.sslContext(certificates.client())))) {
            String url = server.url("/a").replace("http:", "https:");
            assertThat(client.get(url).text()).isEqualTo("trusted");
            assertThat(cassette).isNotNull();
        }
        router.close();
        assertThat(file).content().contains("\"trusted\"");
    }

    @ParameterizedTest
    @EnumSource
    void recordingGoesThroughTheProxyOfTheClient(Lane lane) {
        Path file = this.folder.resolve("proxy.json");
        MockRouter router = MockRouter.create();
        try (RawServer proxy = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "by proxy")));
                Cassette cassette = Cassette.record(file, router);
                LaneClient client = lane
                    .client((builder) -> router.bind(builder.proxies(Proxies.all(Proxy.of(proxy.url())))))) {
            assertThat(client.get("http://upstream.test/a").text()).isEqualTo("by proxy");
            assertThat(proxy.requests().get(0)).startsWith("GET http://upstream.test/a ");
            assertThat(cassette).isNotNull();
        }
        router.close();
        assertThat(file).content().contains("\"http://upstream.test/a\"");
    }

}
