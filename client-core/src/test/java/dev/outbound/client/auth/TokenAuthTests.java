package dev.outbound.client.auth;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tokens that are fetched; security matrix S74.
 */
class TokenAuthTests {

    private static final String TOKEN_URL = "http://id.test/token";

    private final Auth auth = Auth.token(new ClientCredentials(TOKEN_URL, "client", "s3cr3t", List.of("read", "write")))
        .lead(Duration.ofSeconds(60))
        .build();

    private Instant now = Script.NOW;

    private Script call() {
        return Script.start(this.auth, Script.get("http://shop.test/a").withHeader("X-Mine", "1"), this.now);
    }

    private static String token(String value, int seconds) {
        return "{\"access_token\":\"" + value + "\",\"token_type\":\"bearer\",\"expires_in\":" + seconds + "}";
    }

    private static void assertFetches(Script call) {
        assertThat(call.sent().url().text()).isEqualTo(TOKEN_URL);
    }

    private static void assertUses(Script call, String token) {
        assertThat(call.sent().url().host()).isEqualTo("shop.test");
        assertThat(call.authorization()).isEqualTo("Bearer " + token);
    }

    @Nested
    class TokenRequest {

        @Test
        void hasNothingOfTheCallButItsTimeLimits() {
            Timeouts timeouts = Timeouts.defaults().withTotal(Duration.ofSeconds(3));
            Request call = Request.of(HttpMethod.PUT, Url.parse("http://shop.test/a?b=c"))
                .withHeader("Authorization", "Basic call")
                .withHeader("X-Mine", "1")
                .withHeader("Cookie", "a=b")
                .withBody(RequestBody.text("mine"))
                .withTimeouts(timeouts);
            Request request = Script.start(TokenAuthTests.this.auth, call).sent();
            assertThat(request.method()).isEqualTo(HttpMethod.POST);
            assertThat(request.url().text()).isEqualTo(TOKEN_URL);
            assertThat(request.fields().size()).isEqualTo(2);
            assertThat(request.fields().first("Accept")).isEqualTo("application/json");
            assertThat(request.fields().first("Authorization")).isEqualTo("Basic Y2xpZW50OnMzY3IzdA==");
            assertThat(request.body()).isNotNull();
            assertThat(request.body().bytes()).asString().isEqualTo("grant_type=client_credentials&scope=read+write");
            assertThat(request.timeouts()).isSameAs(timeouts);
            assertThat(request.isIdempotent()).isTrue();
        }

        @Test
        void encodesTheClientAsAForm() {
            Request request = new ClientCredentials(TOKEN_URL, "a:b", "c d%", List.of()).get();
            assertThat(request.fields().first("Authorization")).isEqualTo("Basic YSUzQWI6YytkJTI1");
            assertThat(request.body()).isNotNull();
            assertThat(request.body().bytes()).asString().isEqualTo("grant_type=client_credentials");
        }

        @Test
        void isAllThatTheFlowReadsTheBodyOf() {
            Script call = call();
            assertThat(call.flow().readsBody()).isTrue();
            call.respondBody(200, token("t1", 3600));
            assertThat(call.flow().readsBody()).isFalse();
        }

        @Test
        void isMadeAndReadAndUsedAsSaid() {
            Auth session = Auth.token(() -> Script.get("http://id.test/login"))
                .reader((response) -> new Token(response.text(), null))
                .attach((request, token) -> request.withHeader("X-Session", token))
                .build();
            Script call = Script.start(session, Script.get("http://shop.test/a"));
            call.respondBody(200, "abc");
            assertThat(call.sent().fields().first("X-Session")).isEqualTo("abc");
        }

        @Test
        void letsOthersGoWhenItCannotBeMade() {
            AtomicInteger made = new AtomicInteger();
            Auth broken = Auth.token(() -> {
                if (made.incrementAndGet() == 1) {
                    throw new IllegalStateException("no secret yet");
                }
                return Script.get("http://id.test/login");
            }).build();
            AuthFlow flow = broken.begin(Script.NOW);
            assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> flow.start(Script.get("http://shop.test/a")));
            flow.close();
            assertThat(Script.start(broken, Script.get("http://shop.test/a")).sent().url().host()).isEqualTo("id.test");
        }

    }

    @Nested
    class Sharing {

        @Test
        void oneFetchesAndTheOthersWait() {
            Script first = call();
            Script second = call();
            Script third = call();
            assertFetches(first);
            assertThat(second.isWaiting()).isTrue();
            assertThat(second.waitingFor()).isSameAs(third.waitingFor());
            assertThat(second.waitingFor().toCompletableFuture()).isNotDone();
            assertUses(first.respondBody(200, token("t1", 3600)), "t1");
            assertThat(first.sent().fields().first("X-Mine")).isEqualTo("1");
            assertThat(second.waitingFor().toCompletableFuture()).isDone();
            assertUses(second.awaited(), "t1");
            assertUses(third.awaited(), "t1");
            assertUses(call(), "t1");
            assertThat(first.respond(200).isAccepted()).isTrue();
        }

        @Test
        void oneOfTheOthersFetchesWhenTheFirstIsGivenUp() {
            Script first = call();
            Script second = call();
            Script third = call();
            first.close();
            assertFetches(second.awaited());
            assertThat(third.awaited().isWaiting()).isTrue();
            first.close();
            assertUses(second.respondBody(200, token("t1", 3600)), "t1");
            assertUses(third.awaited(), "t1");
        }

        @Test
        void aCallThatEndedGivesNothingUp() {
            Script first = call().respondBody(200, token("t1", 3600)).respond(200);
            first.close();
            assertUses(call(), "t1");
        }

        @Test
        void theTokenOfACallThatTookLongIsUsedByThoseThatWaited() {
            Script first = call();
            TokenAuthTests.this.now = TokenAuthTests.this.now.plusSeconds(20);
            Script second = call();
            first.respondBody(200, token("t1", 10));
            assertUses(second.awaited(), "t1");
            assertFetches(call());
        }

    }

    @Nested
    class Renewal {

        @Test
        void isByOneCallBeforeTheOldTokenExpires() {
            call().respondBody(200, token("t1", 3600));
            TokenAuthTests.this.now = Script.NOW.plusSeconds(3539);
            assertUses(call(), "t1");
            TokenAuthTests.this.now = Script.NOW.plusSeconds(3540);
            Script renewing = call();
            assertFetches(renewing);
            assertUses(call(), "t1");
            TokenAuthTests.this.now = Script.NOW.plusSeconds(3600);
            Script late = call();
            assertThat(late.isWaiting()).isTrue();
            assertUses(renewing.respondBody(200, token("t2", 3600)), "t2");
            assertUses(late.awaited(), "t2");
            assertUses(call(), "t2");
        }

        @Test
        void thatFailsLeavesTheOldTokenInUse() {
            call().respondBody(200, token("t1", 3600));
            TokenAuthTests.this.now = Script.NOW.plusSeconds(3550);
            assertUses(call().respond(500), "t1");
            assertUses(call(), "t1");
            TokenAuthTests.this.now = Script.NOW.plusSeconds(3552);
            Script again = call();
            assertFetches(again);
            assertThat(again.failed(new ConnectionFailedException("refused", null))).isTrue();
            assertUses(again, "t1");
        }

        @Test
        void comesLateForAShortLivedToken() {
            call().respondBody(200, token("t1", 40));
            TokenAuthTests.this.now = Script.NOW.plusSeconds(29);
            assertUses(call(), "t1");
            TokenAuthTests.this.now = Script.NOW.plusSeconds(30);
            assertFetches(call());
        }

        @Test
        void isNeverForATokenWithoutAnEnd() {
            call().respondBody(200, "{\"access_token\":\"t1\"}");
            TokenAuthTests.this.now = Script.NOW.plusSeconds(1_000_000_000);
            assertUses(call(), "t1");
        }

    }

    @Nested
    class Refusal {

        @Test
        void fetchesOnceMore() {
            call().respondBody(200, token("t1", 3600));
            Script call = call().respond(401);
            assertFetches(call);
            assertThat(call.flow().readsBody()).isTrue();
            assertUses(call.respondBody(200, token("t2", 3600)), "t2");
            assertThat(call.respond(401).isAccepted()).isTrue();
        }

        @Test
        void takesTheTokenThatAnotherCallHasFetchedMeanwhile() {
            call().respondBody(200, token("t1", 3600));
            Script first = call();
            Script second = call();
            Script third = call();
            first.respond(401).respondBody(200, token("t2", 3600));
            assertUses(second.respond(401), "t2");
            assertUses(third.respond(401), "t2");
            assertThat(second.respond(200).isAccepted()).isTrue();
        }

        @Test
        void waitsForTheCallThatFetches() {
            call().respondBody(200, token("t1", 3600));
            Script first = call();
            Script second = call().respond(401);
            assertThat(first.respond(401).isWaiting()).isTrue();
            second.respondBody(200, token("t2", 3600));
            assertUses(first.awaited(), "t2");
        }

        @Test
        void ofTheNewTokenTooStopsTheFetchingForASecond() {
            call().respondBody(200, token("t1", 3600)).respond(401).respondBody(200, token("t2", 3600)).respond(401);
            assertThat(call().respond(401).isAccepted()).isTrue();
            TokenAuthTests.this.now = Script.NOW.plusSeconds(1);
            assertFetches(call().respond(401));
        }

        @Test
        void standsWhereThereWasNoOtherTokenAMomentAgo() {
            call().respondBody(200, token("t1", 3600));
            Script slow = call();
            assertThatExceptionOfType(TokenException.class).isThrownBy(() -> call().respond(401).respond(503));
            assertThat(slow.respond(401).isAccepted()).isTrue();
        }

        @Test
        void ofABodyThatIsSentOnceStandsAndTheNextCallFetches() {
            call().respondBody(200, token("t1", 3600));
            Request once = Request.of(HttpMethod.POST, Url.parse("http://shop.test/a"))
                .withBody(RequestBody.stream(new ByteArrayInputStream(new byte[1]), 1));
            assertThat(Script.start(TokenAuthTests.this.auth, once).respond(401).isAccepted()).isTrue();
            assertFetches(call());
        }

        @Test
        void byAnotherOriginStands() {
            call().respondBody(200, token("t1", 3600));
            assertThat(call().redirected("http://evil.test/", 401).isAccepted()).isTrue();
            assertUses(call(), "t1");
        }

    }

    @Nested
    class Failure {

        @Test
        void isTheSameForAllThatWaitAndForASecondAfter() {
            Script first = call();
            Script second = call();
            assertThatExceptionOfType(TokenException.class)
                .isThrownBy(() -> first.respondBody(401, "{\"error\":\"invalid_client\"}"))
                .withMessage("there is no token: http://id.test/token answered 401 (invalid_client)")
                .satisfies((ex) -> assertThat(ex.statusCode()).isEqualTo(401))
                .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.PREPARE));
            assertThatExceptionOfType(TokenException.class).isThrownBy(second::awaited)
                .withMessageContaining("invalid_client");
            assertThatExceptionOfType(TokenException.class).isThrownBy(TokenAuthTests.this::call)
                .withMessageContaining("invalid_client");
            TokenAuthTests.this.now = Script.NOW.plusSeconds(1);
            assertFetches(call());
        }

        @Test
        void isThatOfTheTransportToo() {
            Script first = call();
            Script second = call();
            ConnectionFailedException refused = new ConnectionFailedException("refused", null);
            assertThatExceptionOfType(TokenException.class).isThrownBy(() -> first.failed(refused))
                .withMessage("there is no token: http://id.test/token cannot be reached: refused")
                .withCause(refused);
            assertThatExceptionOfType(TokenException.class).isThrownBy(second::awaited).withCause(refused);
            assertThatExceptionOfType(TokenException.class).isThrownBy(TokenAuthTests.this::call);
        }

        @Test
        void ofTheCallAloneIsNotOneOfTheTokenEndpoint() {
            Script first = call();
            Script second = call();
            Script third = call();
            assertThat(first.failed(new TotalTimeoutException(Phase.HEAD, "too long", null))).isFalse();
            first.close();
            assertFetches(second.awaited());
            assertThat(second.failed(new CancelledException(Phase.HEAD, "interrupted", null))).isFalse();
            second.close();
            assertFetches(third.awaited());
        }

        @Test
        void ofTheCallItselfIsNotTheFlowsToMend() {
            Script call = call().respondBody(200, token("t1", 3600));
            assertThat(call.failed(new ConnectionFailedException("refused", null))).isFalse();
            assertUses(call(), "t1");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '\'',
                value = { "''|", "<html>s3cr3t</html>|", "{\"error\":\"s3cr3t\"}|it has no access_token",
                        "{\"access_token\":7}|it has no access_token", "[]|it has no access_token",
                        "{\"access_token\":\"s3cr3t\",\"token_type\":\"mac\"}|its token_type is not Bearer",
                        "{\"access_token\":\"s3cr3t\\r\\nX: y\"}|token contains a carriage return",
                        "{\"access_token\":\"\"}|token must not be empty" })
        void namesWhatIsWrongWithTheAnswerWithoutShowingIt(String body, String problem) {
            Script call = call();
            assertThatExceptionOfType(TokenException.class).isThrownBy(() -> call.respondBody(200, body))
                .withMessageContaining("http://id.test/token gave an answer that cannot be used: ")
                .withMessageContaining((problem != null) ? problem : "")
                .withMessageNotContaining("s3cr3t");
        }

        @ParameterizedTest
        @ValueSource(strings = { "{\"error\":\"two\\nlines\"}", "{\"error\":5}", "nonsense", "" })
        void showsOnlyCodesOfTheServer(String body) {
            Script call = call();
            assertThatExceptionOfType(TokenException.class).isThrownBy(() -> call.respondBody(400, body))
                .withMessage("there is no token: http://id.test/token answered 400");
        }

    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', nullValues = "-",
            value = { "\"expires_in\":10|10", "\"expires_in\":\"10\"|10", "\"expires_in\":1e30|2147483647",
                    "\"expires_in\":-5|-", "\"expires_in\":null|-", "\"expires_in\":\"soon\"|-", "\"x\":1|-",
                    "\"expires_in\":0|0" })
    void readsLifetimesAsServersWriteThem(String member, Long seconds) {
        Auth reading = Auth.token(() -> Script.get("http://id.test/")).reader((response) -> {
            Token token = TokenResponse.read(response);
            assertThat(token.expiresIn()).isEqualTo((seconds != null) ? Duration.ofSeconds(seconds) : null);
            return token;
        }).build();
        Script call = Script.start(reading, Script.get("http://shop.test/a"));
        assertUses(call.respondBody(200, "{\"access_token\":\"t\"," + member + "}"), "t");
    }

    @Test
    void refusesNegativeTimes() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Token("t", Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Auth.token(() -> Script.get("http://a.test/")).lead(Duration.ofSeconds(-1)));
    }

}
