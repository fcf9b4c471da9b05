package dev.outbound.client.httpx;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.auth.DigestAlgorithm;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class A08AuthenticationTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a?b=c";

    private static final String BASIC = "Basic dXNlcjpwYXNz";

    private static final String QOP = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";

    private @Nullable String sentAuthorization() {
        return sent().fields().first("Authorization");
    }

    private LaneClient with(Lane lane, Auth auth, Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return client(lane, (builder) -> builder.baseUrl("http://shop.test").auth(auth));
    }

    private static Answer challenge(String... challenges) {
        String[] lines = new String[challenges.length];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "WWW-Authenticate: " + challenges[i];
        }
        return status(401, lines);
    }

    /** The Authorization that answers a challenge. */
    private String answerTo(Lane lane, String challenge) {
        with(lane, Auth.digest("user", "pass"), challenge(challenge), ok("in")).get(URL);
        String authorization = sentAuthorization();
        assertThat(authorization).as("the answer to " + challenge).isNotNull();
        return authorization;
    }

    private static String param(String authorization, String name) {
        Matcher matcher = Pattern.compile("[ ,]" + name + "=\"?([^\",]*)").matcher(authorization);
        assertThat(matcher.find()).as(name + " in " + authorization).isTrue();
        return matcher.group(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 accepted forms: user name and password, a scheme, a function; other types do not compile")
    void forms(Lane lane) {
        client(lane).get(URL, (spec) -> spec.auth("user", "pass"));
        assertThat(sentAuthorization()).isEqualTo(BASIC);
        client(lane, (builder) -> builder.auth("user", "pass")).get(URL);
        assertThat(sentAuthorization()).isEqualTo(BASIC);
        client(lane).get(URL, (spec) -> spec.auth(Auth.basic("user", "pass")));
        assertThat(sentAuthorization()).isEqualTo(BASIC);
        client(lane).get(URL, (spec) -> spec.auth(Auth.of((request) -> request.withHeader("X-Key", "k"))));
        assertThat(sent().fields().first("X-Key")).isEqualTo("k");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 precedence: the call's, then the client's, then none; none of the call switches off")
    void precedence(Lane lane) {
        LaneClient client = with(lane, Auth.bearer("client"), ok(""));
        client.get(URL, (spec) -> spec.auth(Auth.bearer("call")));
        assertThat(sentAuthorization()).isEqualTo("Bearer call");
        client.get(URL);
        assertThat(sentAuthorization()).isEqualTo("Bearer client");
        client.get(URL, (spec) -> spec.auth(null));
        assertThat(sentAuthorization()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 URL user info: refused, and a scheme can be made of it")
    void userInfo(Lane lane) {
        String url = "http://us%20er:p%40ss@shop.test/";
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> client(lane).get(url))
            .withMessageContaining("use authentication instead")
            .withMessageNotContaining("p%40ss");
        Auth auth = Auth.userInfo(Url.parse(url));
        assertThat(auth).isNotNull();
        client(lane).get(URL, (spec) -> spec.auth(auth));
        assertThat(sentAuthorization()).isEqualTo("Basic dXMgZXI6cEBzcw==");
        assertThat(Auth.userInfo(Url.parse(URL))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Basic: in UTF-8, with the first request, and over a header of the call")
    void basic(Lane lane) {
        client(lane).get(URL, (spec) -> spec.auth("jürgen", "pä:ss").header("Authorization", "mine"));
        assertThat(sent().fields().all("Authorization")).containsExactly("Basic asO8cmdlbjpww6Q6c3M=");
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 bearer: is built in, fixed or asked for before each call")
    void bearer(Lane lane) {
        int[] count = { 0 };
        LaneClient client = with(lane, Auth.bearer(() -> "t" + ++count[0]), ok(""));
        client.get(URL);
        client.get(URL);
        assertThat(sentAuthorization()).isEqualTo("Bearer t2");
        client.get(URL, (spec) -> spec.auth(Auth.bearer("fixed")));
        assertThat(sentAuthorization()).isEqualTo("Bearer fixed");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 FunctionAuth: called once, and what it returns is sent")
    void function(Lane lane) {
        List<String> urls = new ArrayList<>();
        with(lane, Auth.of((request) -> {
            urls.add(request.url().target());
            return request.withHeader("X-Signature", "s");
        }), status(401)).get(URL);
        assertThat(urls).containsExactly("/a?b=c");
        assertThat(sent().fields().first("X-Signature")).isEqualTo("s");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 NetRCAuth(file): by host, with a default, read once; no password, no header")
    void netrc(Lane lane, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("netrc"),
                "machine shop.test login user password pass\nmachine empty.test login user password \"\"\n");
        LaneClient client = client(lane, (builder) -> builder.auth(Auth.netrc(file)));
        Files.delete(file);
        client.get(URL);
        assertThat(sentAuthorization()).isEqualTo(BASIC);
        client.get("http://empty.test/");
        assertThat(sentAuthorization()).isNull();
        client.get("http://unknown.test/");
        assertThat(sentAuthorization()).isNull();
        Files.writeString(file, "default login user password pass");
        client(lane, (builder) -> builder.auth(Auth.netrc(file))).get("http://unknown.test/");
        assertThat(sentAuthorization()).isEqualTo(BASIC);
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.netrc(directory.resolve("missing")))
            .withMessageContaining("missing");
    }

    /** Fetches a ticket, then another one with it, and adds both to the call. */
    private static final class Tickets implements AuthFlow {

        private final List<String> tickets = new ArrayList<>();

        private @Nullable Request call;

        @Override
        public AuthStep start(Request request) {
            this.call = request;
            return AuthStep.send(request.withUrl(Url.parse("http://shop.test/tickets")));
        }

        @Override
        public AuthStep responded(Response response) {
            assertThat(this.call).isNotNull();
            this.tickets.add(response.text());
            return (this.tickets.size() < 2) ? AuthStep.send(response.request())
                    : AuthStep.sendLast(this.call.withHeader("X-Tickets", String.join(",", this.tickets)));
        }

        @Override
        public boolean readsBody() {
            return true;
        }

    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 custom flow: any number of rounds, with wholly different requests")
    void customFlow(Lane lane) {
        Response response = with(lane, (now) -> new Tickets(), ok("one"), ok("two"), ok("done")).get(URL);
        assertThat(response.text()).isEqualTo("done");
        assertThat(this.upstream.requests()).extracting((request) -> request.url().path())
            .containsExactly("/tickets", "/tickets", "/a");
        assertThat(sent().fields().first("X-Tickets")).isEqualTo("one,two");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 requires_request_body: a flow may read a body that can be written again")
    void requestBody(Lane lane) {
        Auth signing = Auth.of((request) -> {
            RequestBody body = request.body();
            byte[] bytes = (body != null) ? body.bytes() : null;
            return request.withHeader("X-Length", (bytes != null) ? Integer.toString(bytes.length) : "unknown");
        });
        with(lane, signing, ok("")).post(URL, (spec) -> spec.text("four"));
        assertThat(sent().fields().first("X-Length")).isEqualTo("4");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 requires_response_body: only a flow that asks for it is shown the body")
    void responseBody(Lane lane) {
        List<String> seen = new ArrayList<>();
        for (boolean reads : new boolean[] { true, false }) {
            with(lane, (now) -> new AuthFlow() {

                @Override
                public AuthStep start(Request request) {
                    return AuthStep.send(request);
                }

                @Override
                public AuthStep responded(Response response) {
                    seen.add(response.text());
                    return AuthStep.accept();
                }

                @Override
                public boolean readsBody() {
                    return reads;
                }

            }, ok("secret")).stream("/a", (response) -> assertThat(response.statusCode()).isEqualTo(200));
        }
        assertThat(seen).containsExactly("secret", "");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 sync and async variants: one flow for both clients, which may wait for what another call gives")
    void oneFlowForBoth(Lane lane) {
        CompletableFuture<String> token = CompletableFuture.completedFuture("t");
        with(lane, (now) -> new AuthFlow() {

            private @Nullable Request call;

            @Override
            public AuthStep start(Request request) {
                this.call = request;
                return AuthStep.await(token);
            }

            @Override
            public AuthStep awaited() {
                assertThat(this.call).isNotNull();
                return AuthStep.sendLast(this.call.withHeader("Authorization", "Token " + token.join()));
            }

        }, ok("")).get(URL);
        assertThat(sentAuthorization()).isEqualTo("Token t");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 cleanup: a flow is closed however the call ends, and no response stays open")
    void cleanup(Lane lane) {
        List<String> ends = new ArrayList<>();
        Auth auth = (now) -> new AuthFlow() {

            @Override
            public AuthStep start(Request request) {
                return AuthStep.send(request);
            }

            @Override
            public AuthStep responded(Response response) {
                if (response.statusCode() == 401) {
                    throw new UnsupportedOperationException("broken flow");
                }
                return AuthStep.accept();
            }

            @Override
            public void close() {
                ends.add("closed");
            }

        };
        with(lane, auth, ok("")).get(URL);
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> with(lane, auth, status(401)).get(URL));
        assertThat(this.upstream.open()).isZero();
        Answer lost = FakeUpstream.failure(new ConnectionLostException(Phase.HEAD, "lost", null));
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> with(lane, auth, lost).get(URL));
        assertThat(ends).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 history: has the rounds before the answer, and redirects in their order")
    void history(Lane lane) {
        Response response = with(lane, (now) -> new Tickets(), ok("one"), ok("two"), ok("done")).get(URL);
        assertThat(response.history()).extracting(Response::text).containsExactly("one", "two");
        assertThat(response.history()).extracting((earlier) -> earlier.history().size()).containsExactly(0, 1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: first request: without credentials; one answer to a 401, a second 401 is delivered")
    void digestFirstRequest(Lane lane) {
        LaneClient client = with(lane, Auth.digest("user", "pass"), challenge(QOP), ok("in"));
        assertThat(client.get(URL).text()).isEqualTo("in");
        assertThat(this.upstream.request(0).fields().contains("Authorization")).isFalse();
        assertThat(sentAuthorization()).startsWith("Digest username=\"user\"");
        assertThat(with(lane, Auth.digest("user", "wrong"), challenge(QOP), challenge(QOP)).get(URL).statusCode())
            .isEqualTo(401);
        assertThat(this.upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: not applicable: other statuses and schemes; a challenge behind another one is found")
    void digestNotApplicable(Lane lane) {
        for (Answer answer : new Answer[] { status(401), challenge("Basic realm=\"r\""),
                status(200, "WWW-Authenticate: " + QOP), status(403, "WWW-Authenticate: " + QOP) }) {
            with(lane, Auth.digest("user", "pass"), answer).get(URL);
            assertThat(this.upstream.requests()).hasSize(1);
        }
        assertThat(answerTo(lane, "Basic realm=\"r\", DIGEST realm=\"r\", nonce=\"n\"")).startsWith("Digest ");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: algorithms: MD5 to SHA-512-256, plain and -sess; the strongest offered; unknown ones none")
    void digestAlgorithms(Lane lane) {
        for (String algorithm : List.of("MD5", "SHA", "SHA-256", "SHA-512", "SHA-512-256", "md5-sess",
                "SHA-256-sess")) {
            assertThat(param(answerTo(lane, QOP + ", algorithm=" + algorithm), "algorithm")).isEqualTo(algorithm);
        }
        with(lane, Auth.digest("user", "pass"), challenge(QOP + ", algorithm=MD5", QOP + ", algorithm=SHA-256"), ok(""))
            .get(URL);
        assertThat(sentAuthorization()).contains("algorithm=SHA-256");
        with(lane, Auth.digest("user", "pass"), challenge(QOP + ", algorithm=ROT13")).get(URL);
        assertThat(this.upstream.requests()).hasSize(1);
        with(lane, Auth.digest("user", "pass", DigestAlgorithm.SHA_256), challenge(QOP)).get(URL);
        assertThat(this.upstream.requests()).as("MD5 is not allowed here").hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: qop: none, auth in a list, and auth-int, which HTTPX has not")
    void digestQop(Lane lane) {
        assertThat(answerTo(lane, "Digest realm=\"r\", nonce=\"n\"")).doesNotContain("qop=", "nc=", "cnonce=")
            .contains("response=\"");
        assertThat(answerTo(lane, "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int, auth\"")).contains("qop=auth,");
        assertThat(answerTo(lane, "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"")).contains("qop=auth-int,");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: header layout: the order, what is quoted, and quotes escaped")
    void digestLayout(Lane lane) {
        assertThat(answerTo(lane, QOP + ", opaque=\"o\", algorithm=MD5"))
            .matches("Digest username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/a\\?b=c\", response=\"[0-9a-f]{32}\", "
                    + "algorithm=MD5, opaque=\"o\", qop=auth, nc=00000001, cnonce=\"[^\"]+\"");
        with(lane, Auth.digest("us\"er", "pass"), challenge(QOP), ok("")).get(URL);
        assertThat(sentAuthorization()).contains("username=\"us\\\"er\", realm");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: cnonce: at least 16 characters, another one for each challenge")
    void digestCnonce(Lane lane) {
        String first = param(answerTo(lane, QOP), "cnonce");
        String second = param(answerTo(lane, QOP), "cnonce");
        assertThat(first).hasSizeGreaterThanOrEqualTo(16).isNotEqualTo(second);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: reuse: the next call is authenticated at once, with a growing count, on that origin only")
    void digestReuse(Lane lane) {
        this.upstream = FakeUpstream.answering(challenge(QOP), ok(""), ok(""),
                challenge("Digest realm=\"r\", nonce=\"new\", qop=\"auth\""), ok(""));
        LaneClient client = client(lane, (builder) -> builder.auth(Auth.digest("user", "pass")));
        client.get(URL);
        client.get(URL);
        assertThat(this.upstream.requests()).hasSize(3);
        assertThat(param(String.valueOf(sentAuthorization()), "nc")).isEqualTo("00000002");
        client.get(URL);
        assertThat(sentAuthorization()).contains("nonce=\"new\"", "nc=00000001");
        client.get("http://other.test/");
        assertThat(sentAuthorization()).as("HTTPX sends it there, too").isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: cookies of the 401: go with the answer")
    void digestCookies(Lane lane) {
        with(lane, Auth.digest("user", "pass"),
                status(401, "WWW-Authenticate: " + QOP, "Set-Cookie: session=1; Path=/"), ok(""))
            .get(URL);
        assertThat(sent().fields().first("Cookie")).isEqualTo("session=1");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: malformed challenge: a failure that says what is missing")
    void digestMalformed(Lane lane) {
        for (String challenge : List.of("Digest realm=\"r\", qop=\"auth\"", "Digest nonce=\"n\", qop=\"auth\"")) {
            assertThatExceptionOfType(RemoteProtocolException.class)
                .isThrownBy(() -> with(lane, Auth.digest("user", "pass"), challenge(challenge)).get(URL))
                .withMessageContaining(challenge.contains("realm") ? "nonce" : "realm");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A8 Digest: one-shot body: the 401 is the answer, and nothing is sent twice")
    void digestOneShotBody(Lane lane) {
        RequestBody once = RequestBody.stream(new ByteArrayInputStream(new byte[] { 1 }), 1);
        Response response = with(lane, Auth.digest("user", "pass"), challenge(QOP)).post(URL,
                (spec) -> spec.body(once));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @Test
    @DisplayName("A8 display: no scheme, URL or header shows a secret")
    void display() {
        assertThat(Url.parse("http://user:s3cr3t@shop.test/").toString()).isEqualTo("http://user:******@shop.test/");
        for (Auth auth : List.of(Auth.basic("user", "s3cr3t"), Auth.digest("user", "s3cr3t"), Auth.bearer("s3cr3t"),
                Auth.apiKey("X-Key", "s3cr3t"))) {
            assertThat(auth.toString()).doesNotContain("s3cr3t");
        }
    }

}
