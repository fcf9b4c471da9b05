package dev.outbound.client.auth;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DigestAuthTests {

    private static final String CHALLENGE = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";

    private static final String URL = "http://shop.test/a";

    private final Auth auth = digest("user", "pass");

    private static Auth digest(String username, String password, DigestAlgorithm... allowed) {
        Set<DigestAlgorithm> algorithms = (allowed.length > 0) ? Set.of(allowed) : EnumSet.allOf(DigestAlgorithm.class);
        return new DigestAuth(Challenger.ORIGIN_SERVER, new DigestCredentials(username, password), algorithms,
                (nonce) -> "0a4f113b");
    }

    private Script call(String url) {
        return Script.start(this.auth, Script.get(url));
    }

    private static String nonce(String nonce, String... more) {
        return "WWW-Authenticate: Digest realm=\"r\", nonce=\"" + nonce + "\", qop=\"auth\"" + String.join("", more);
    }

    /** Features A8, Digest: algorithms, header layout, cnonce. */
    @Nested
    class Answer {

        /** RFC 2617, section 3.5. */
        @Test
        void isThatOfTheOldRfcsExample() {
            Script call = Script.start(digest("Mufasa", "Circle Of Life"),
                    Script.get("http://www.nowhere.org/dir/index.html"));
            call.respond(401, "WWW-Authenticate: Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
                    + "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", " + "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
            assertThat(call.param("response")).isEqualTo("\"6629fae49393a05397450978507c4ef1\"");
        }

        /** RFC 7616, section 3.9.1. */
        @ParameterizedTest
        @CsvSource({ "MD5,8ca523f5e9506fed4657c9700eebdbec",
                "SHA-256,753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" })
        void isThatOfTheNewRfcsExample(String algorithm, String response) {
            Auth auth = new DigestAuth(Challenger.ORIGIN_SERVER, new DigestCredentials("Mufasa", "Circle of Life"),
                    EnumSet.allOf(DigestAlgorithm.class), (nonce) -> "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
            Script call = Script.start(auth, Script.get("http://www.example.org/dir/index.html"));
            call.respond(401,
                    "WWW-Authenticate: Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                            + algorithm + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
                            + "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
            assertThat(call.param("response")).isEqualTo('"' + response + '"');
            assertThat(call.param("algorithm")).isEqualTo(algorithm);
        }

        /**
         * The challenge of RFC 7616, section 3.9.2, calculated independently, for the
         * RFC's own values are wrong (erratum 4897).
         */
        @Test
        void hidesTheUserNameWhereTheServerKnowsItsHash() {
            Auth auth = new DigestAuth(Challenger.ORIGIN_SERVER, new DigestCredentials("Jäsøn Doe", "Secret, or not?"),
                    EnumSet.allOf(DigestAlgorithm.class), (nonce) -> "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm");
            Script call = Script.start(auth, Script.get("http://api.example.org/doe.json"));
            call.respond(401,
                    "WWW-Authenticate: Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, "
                            + "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
                            + "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true");
            assertThat(call.param("username"))
                .isEqualTo("\"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b\"");
            assertThat(call.param("response"))
                .isEqualTo("\"7a4e1192babbba02e91182d2895bfdbf7adafc6e48d4e517ca301974843d840c\"");
            assertThat(call.param("userhash")).isEqualTo("true");
        }

        @Test
        void keepsTheKeyOfASession() {
            AtomicInteger count = new AtomicInteger();
            Auth auth = new DigestAuth(Challenger.ORIGIN_SERVER, new DigestCredentials("user", "pass"),
                    EnumSet.allOf(DigestAlgorithm.class), (nonce) -> "c" + count.incrementAndGet());
            Script.start(auth, Script.get(URL)).respond(401, nonce("n", ", algorithm=SHA-256-sess")).respond(200);
            Script second = Script.start(auth, Script.get(URL));
            assertThat(second.param("cnonce")).isEqualTo("\"c1\"");
            assertThat(second.param("nc")).isEqualTo("00000002");
            assertThat(second.param("response"))
                .isEqualTo("\"7c92b6b5c79b69d3ca8b7895b3dc29ad9064a983d994c6346895db1280eb28d0\"");
        }

        @Test
        void escapesWhatWouldEndAQuotedText() {
            Script call = Script.start(digest("a\"b\\c", "p"), Script.get(URL));
            call.respond(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"");
            assertThat(call.authorization()).startsWith("Digest username=\"a\\\"b\\\\c\", realm=\"r\"");
            assertThat(call.param("response")).isEqualTo("\"6ac609191ca91dca1a029280f433c315\"");
        }

        @Test
        void sendsAUserNameOutsideOfAsciiInTheExtendedForm() {
            Script call = Script.start(digest("jö d", "p"), Script.get(URL));
            call.respond(401, CHALLENGE);
            assertThat(call.authorization()).startsWith("Digest username*=UTF-8''j%C3%B6%20d, realm=");
        }

        @Test
        void hasAnotherClientNonceForEachRequest() {
            Auth auth = Auth.digest("user", "pass");
            Script first = Script.start(auth, Script.get(URL)).respond(401, CHALLENGE);
            assertThat(first.param("cnonce")).matches("\"[0-9a-f]{16}\"");
            assertThat(Script.start(auth, Script.get(URL)).param("cnonce")).isNotEqualTo(first.param("cnonce"));
        }

        @Test
        void goesToAProxyWhereAProxyAsks() {
            Auth auth = new DigestAuth(Challenger.PROXY, new DigestCredentials("user", "pass"),
                    EnumSet.allOf(DigestAlgorithm.class), (nonce) -> "c");
            assertThat(Script.start(auth, Script.get(URL)).respond(401, CHALLENGE).isAccepted()).isTrue();
            Script call = Script.start(auth, Script.get(URL));
            call.respond(407, CHALLENGE.replace("WWW-", "Proxy-"));
            assertThat(call.sent().fields().first("Proxy-Authorization")).startsWith("Digest username=\"user\"");
            assertThat(call.sent().fields().contains("Authorization")).isFalse();
        }

    }

    /** Features A8, Digest: qop, one-shot body. */
    @Nested
    class Body {

        private final Request post = Request.of(HttpMethod.POST, Url.parse(URL));

        private static final String AUTH_INT = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"";

        @Test
        void isHashedWhereTheServerInsists() {
            Script call = Script.start(DigestAuthTests.this.auth, this.post.withBody(RequestBody.text("hello")));
            call.respond(401, AUTH_INT);
            assertThat(call.param("qop")).isEqualTo("auth-int");
            assertThat(call.param("response")).isEqualTo("\"33f5fd8e3b92d10638020609a15baee8\"");
            assertThat(call("http://shop.test/a").respond(401, AUTH_INT).param("nc")).isEqualTo("00000003");
        }

        @Test
        void isHashedAsEmptyWhereThereIsNone() {
            assertThat(call(URL).respond(401, AUTH_INT).param("response"))
                .isEqualTo("\"90a9f72a02d967bf445cd88e5f8a5027\"");
        }

        @Test
        void isReadElsewhereWhereItIsNotInMemory(@TempDir Path folder) throws Exception {
            Path file = Files.writeString(folder.resolve("body"), "hello");
            Script call = Script.start(DigestAuthTests.this.auth, this.post.withBody(RequestBody.file(file)));
            respondAndWait(call);
            assertThat(call.param("response")).isEqualTo("\"33f5fd8e3b92d10638020609a15baee8\"");
        }

        /** Small files may have been read when the flow looks. */
        private static void respondAndWait(Script call) throws Exception {
            call.respond(401, AUTH_INT);
            if (call.isWaiting()) {
                call.waitingFor().handle((hash, error) -> true).toCompletableFuture().get(10, TimeUnit.SECONDS);
                call.awaited();
            }
        }

        @Test
        void thatCannotBeReadFailsTheCall(@TempDir Path folder) throws Exception {
            Path file = Files.writeString(folder.resolve("body"), "hello");
            Script call = Script.start(DigestAuthTests.this.auth, this.post.withBody(RequestBody.file(file)));
            Files.delete(file);
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> respondAndWait(call))
                .withMessageContaining(file.toString());
        }

        @Test
        void thatIsSentOnlyOnceLeavesTheRefusal() {
            Request once = this.post
                .withBody(RequestBody.stream(new ByteArrayInputStream("x".getBytes(StandardCharsets.UTF_8)), 1));
            assertThat(Script.start(DigestAuthTests.this.auth, once).respond(401, CHALLENGE).isAccepted()).isTrue();
            assertThat(Script.start(DigestAuthTests.this.auth, once).param("nc")).isEqualTo("00000001");
        }

        @Test
        void thatCannotBeHashedIsSentWithoutCredentials() {
            call(URL).respond(401, AUTH_INT).respond(200);
            Request once = this.post
                .withBody(RequestBody.stream(new ByteArrayInputStream("x".getBytes(StandardCharsets.UTF_8)), 1));
            Script call = Script.start(DigestAuthTests.this.auth, once);
            assertThat(call.sent().fields().contains("Authorization")).isFalse();
            assertThat(call.respond(401, AUTH_INT).isAccepted()).isTrue();
        }

    }

    /** Features A8, Digest: not applicable, algorithms, malformed challenge. */
    @Nested
    class Choice {

        @Test
        void isTheStrongestOfSeveralLines() {
            Script call = call(URL).respond(401, "WWW-Authenticate: Basic realm=\"x\"",
                    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=MD5",
                    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", algorithm=SHA-256");
            assertThat(call.param("algorithm")).isEqualTo("SHA-256");
            assertThat(call.param("nonce")).isEqualTo("\"n2\"");
        }

        @Test
        void isTheStrongestOfOneLine() {
            Script call = call(URL).respond(401,
                    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", Negotiate, "
                            + "Digest realm=\"r\", nonce=\"n2\", algorithm=SHA-512-256, Basic realm=\"x\", "
                            + "Digest realm=\"r\", nonce=\"n3\", algorithm=SHA-256");
            assertThat(call.param("algorithm")).isEqualTo("SHA-512-256");
        }

        @ParameterizedTest
        @ValueSource(strings = { "Basic realm=\"r\"", "Digest realm=\"r\", nonce=\"n\"",
                "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess", "Digest realm=\"r\", nonce=\"n\", algorithm=X",
                "Bearer error=\"invalid_token\"", "Negotiate", "" })
        void isNeverWeakerThanAllowed(String challenge) {
            Auth auth = digest("user", "pass", DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_512_256);
            Script call = Script.start(auth, Script.get(URL)).respond(401, "WWW-Authenticate: " + challenge);
            assertThat(call.isAccepted()).isTrue();
        }

        @Test
        void passesOverWhatCannotBeAnswered() {
            Script call = call(URL).respond(401, "WWW-Authenticate: Digest realm=\"r\", algorithm=SHA-256",
                    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"next\"",
                    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"");
            assertThat(call.param("algorithm")).isEqualTo("MD5");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '\'', value = { "Digest nonce=\"s3cr3t\"|it has no 'realm'",
                "Digest realm=\"s3cr3t\"|it has no 'nonce'", "Digest|it has no 'realm'",
                "Digest s3cr3t|it has no 'realm'", "Digest realm, nonce=\"s3cr3t\"|it has no 'realm'",
                "Digest realm=\"s3cr3t\", nonce=\"n|the quoted value of 'nonce' does not end",
                "Digest realm=\"s3cr3t\", nonce=\"n\", qop=\"s3cr3t\"|its 'qop' names neither auth nor auth-int",
                "Digest realm=\"s3cr3t\", nonce=\"a\u0001b\"|a character that cannot be sent back" })
        void failsWithTheCulpritOfAMalformedChallenge(String challenge, String culprit) {
            Script call = call("http://u:pw@shop.test/a?token=s3cr3t");
            assertThatExceptionOfType(RemoteProtocolException.class)
                .isThrownBy(() -> call.respond(401, "WWW-Authenticate: " + challenge))
                .withMessageContaining("WWW-Authenticate of http://shop.test cannot be answered: ")
                .withMessageContaining(culprit)
                .withMessageNotContaining("s3cr3t")
                .withMessageNotContaining("pw");
        }

    }

    /** Features A8, Digest: first request. */
    @Nested
    class Rounds {

        @Test
        void areOneForAChallenge() {
            Script call = call(URL).respond(401, nonce("n1"));
            assertThat(call.respond(401, nonce("n2")).isAccepted()).isTrue();
        }

        @Test
        void areOneMoreForAStaleNonce() {
            Script call = call(URL).respond(401, nonce("n1")).respond(401, nonce("n2", ", stale=true"));
            assertThat(call.param("nonce")).isEqualTo("\"n2\"");
            assertThat(call.param("nc")).isEqualTo("00000001");
            assertThat(call.respond(401, nonce("n3", ", stale=TRUE")).isAccepted()).isTrue();
        }

        @Test
        void startWithTheAnswerToACredentialSentUnasked() {
            call(URL).respond(401, nonce("n1")).respond(200);
            Script call = call(URL).respond(401, nonce("n2", ", stale=true")).respond(401, nonce("n3"));
            assertThat(call.param("nonce")).isEqualTo("\"n3\"");
            assertThat(call.respond(401, nonce("n4")).isAccepted()).isTrue();
            assertThat(call.flow().readsBody()).isFalse();
        }

        @Test
        void endCredentialsSentUnasked() {
            call(URL).respond(401, nonce("n1")).respond(401, nonce("n1"));
            assertThat(call(URL).sent().fields().contains("Authorization")).isFalse();
        }

    }

    /** Features A8, Digest: reuse. */
    @Nested
    class Reuse {

        @Test
        void countsUpAndNeverAgainForTheSameNonce() {
            call(URL).respond(401, nonce("n1")).respond(200);
            assertThat(call("http://shop.test/b?c").param("nc")).isEqualTo("00000002");
            assertThat(call("http://shop.test/b?c").param("uri")).isEqualTo("\"/b?c\"");
            assertThat(call(URL).respond(401, nonce("n2")).param("nc")).isEqualTo("00000001");
            assertThat(call(URL).respond(401, nonce("n1")).param("nc")).isEqualTo("00000005");
        }

        @ParameterizedTest
        @ValueSource(strings = { "http://other.test/a", "https://shop.test/a", "http://shop.test:81/a" })
        void isForOneOriginOnly(String other) {
            call(URL).respond(401, nonce("n1")).respond(200);
            assertThat(call(other).sent().fields().contains("Authorization")).isFalse();
            assertThat(call("http://shop.test:80/a").param("nc")).isEqualTo("00000002");
        }

        @Test
        void knowsSeveralRealms() {
            call(URL).respond(401, nonce("n1", ", domain=\"/a /b/ http://other.test/c :bad\"")).respond(200);
            call("http://shop.test/c").respond(401, nonce("n2", ", domain=\"/c\"").replace("\"r\"", "\"r2\""))
                .respond(200);
            assertThat(call("http://shop.test/a/1").param("realm")).isEqualTo("\"r\"");
            assertThat(call("http://shop.test/a?x").param("realm")).isEqualTo("\"r\"");
            assertThat(call("http://shop.test/b/1").param("realm")).isEqualTo("\"r\"");
            assertThat(call("http://shop.test/c").param("realm")).isEqualTo("\"r2\"");
            assertThat(call("http://shop.test/ab").sent().fields().contains("Authorization")).isFalse();
            assertThat(call("http://other.test/c").sent().fields().contains("Authorization")).isFalse();
        }

        @Test
        void takesTheNextNonceThatTheServerGives() {
            call(URL).respond(401, nonce("n1")).respond(200, "Authentication-Info: qop=auth, nextnonce=\"n2\"");
            Script next = call(URL);
            assertThat(next.param("nonce")).isEqualTo("\"n2\"");
            assertThat(next.param("nc")).isEqualTo("00000001");
            next.respond(200, "Authentication-Info: nextnonce=\"n2\"");
            assertThat(call(URL).param("nc")).isEqualTo("00000002");
            call(URL).respond(200, "Authentication-Info: nextnonce=\"broken");
            assertThat(call(URL).param("nonce")).isEqualTo("\"n2\"");
        }

        @Test
        void remembersALimitedNumberOfNonces() {
            IntStream.range(0, 1000).forEach((i) -> call(URL).respond(401, nonce("n" + i)).respond(200));
            IntStream.range(0, 1000)
                .forEach((i) -> call("http://h" + i + ".test/").respond(401, nonce("n")).respond(200));
            assertThat(call("http://h999.test/").param("nc")).isEqualTo("00000002");
            assertThat(call("http://h0.test/").sent().fields().contains("Authorization")).isFalse();
        }

        @Test
        void countsEachNonceOnceHoweverManyThreads() throws Exception {
            ConcurrentMap<String, Boolean> seen = new ConcurrentHashMap<>();
            Set<String> repeated = ConcurrentHashMap.newKeySet();
            AtomicInteger sent = new AtomicInteger();
            Thread[] threads = new Thread[100];
            for (int t = 0; t < threads.length; t++) {
                threads[t] = new Thread(() -> {
                    for (int i = 0; i < 20; i++) {
                        Script call = call(URL);
                        if (!call.authorization().startsWith("Digest")) {
                            call.respond(401, nonce("n" + i / 7));
                        }
                        sent.incrementAndGet();
                        String count = call.param("nonce") + call.param("nc");
                        if (seen.put(count, true) != null) {
                            repeated.add(count);
                        }
                        call.respond(200, "Authentication-Info: nextnonce=\"n" + i / 5 + "\"");
                    }
                });
                threads[t].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(repeated).isEmpty();
            assertThat(seen).hasSize(sent.get()).hasSize(2000);
        }

    }

    @Nested
    class Redirected {

        @Test
        void answersForTheUrlThatAsked() {
            Script call = call(URL).redirected("http://shop.test/b", 401, CHALLENGE);
            assertThat(call.sent().url().path()).isEqualTo("/b");
            assertThat(call.param("uri")).isEqualTo("\"/b\"");
        }

        @Test
        void answersNoOtherOrigin() {
            assertThat(call(URL).redirected("http://evil.test/b", 401, CHALLENGE).isAccepted()).isTrue();
            assertThat(call("http://evil.test/b").sent().fields().contains("Authorization")).isFalse();
        }

        @Test
        void answersNobodyOnceTheOriginWasLeft() {
            Script call = call(URL).redirected("http://shop.test/b", 401, CHALLENGE);
            call.redirected("http://evil.test/b", 302);
            assertThat(call.isAccepted()).isTrue();
            Script back = call(URL);
            back.redirected("http://evil.test/", 302);
            assertThat(back.isAccepted()).isTrue();
        }

        @Test
        void signsAnewWhatIsSentAgain() {
            Script call = call(URL).respond(401, CHALLENGE);
            Request again = call.flow().again(call.sent().withUrl(Url.parse("http://shop.test/b")));
            assertThat(again.fields().first("Authorization")).contains("uri=\"/b\"").contains("nc=00000002");
            Request elsewhere = Script.get("http://evil.test/b");
            assertThat(call.flow().again(elsewhere)).isSameAs(elsewhere);
        }

    }

    @Test
    void acceptsEverythingButARefusal() {
        for (int status : new int[] { 200, 204, 302, 403, 407, 500 }) {
            assertThat(call(URL).respond(status, CHALLENGE).isAccepted()).isTrue();
        }
        assertThat(call(URL).sent().fields().contains("Authorization")).isFalse();
    }

    @Test
    void refusesControlCharactersWithoutShowingThem() {
        for (String bad : Set.of("s3cr3t\n", "s3\u0000cr3t", "s3cr3t\u0085")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Auth.digest("u", bad))
                .withMessageContaining("password")
                .withMessageNotContaining("cr3t");
            assertThatIllegalArgumentException().isThrownBy(() -> Auth.digest(bad, "p"))
                .withMessageContaining("username")
                .withMessageNotContaining("cr3t");
        }
    }

    @Test
    void showsNoSecret() {
        call(URL).respond(401, CHALLENGE);
        Set<Object> shown = new HashSet<>(
                Set.of(Auth.digest("user", "s3cr3t"), Auth.digest("user", "s3cr3t").begin(Script.NOW)));
        assertThat(shown).noneMatch((object) -> object.toString().contains("s3cr3t"));
    }

}
