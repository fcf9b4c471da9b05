package dev.outbound.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.Token;
import dev.outbound.client.auth.TokenException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tokens that something else than the client fetches. */
class TokenSourceTests {

    private final TestClock clock = new TestClock();

    private final List<@Nullable String> asked = new ArrayList<>();

    private final List<CompletableFuture<Token>> given = new ArrayList<>();

    private FakeUpstream upstream = FakeUpstream.answering(ok(""));

    private LaneClient client(Lane lane) {
        Auth auth = Auth.tokens((refused) -> {
            this.asked.add(refused);
            return this.given.get(this.asked.size() - 1);
        });
        return lane.client(this.upstream, this.clock, (builder) -> builder.baseUrl("http://shop.test").auth(auth));
    }

    private static CompletableFuture<Token> token(String value) {
        return CompletableFuture.completedFuture(new Token(value, Duration.ofMinutes(2)));
    }

    private List<@Nullable String> sent() {
        return this.upstream.requests().stream().map((request) -> request.fields().first("Authorization")).toList();
    }

    @ParameterizedTest
    @EnumSource
    void oneTokenServesAllCallsUntilItIsAboutToExpire(Lane lane) {
        CompletableFuture<Token> renewed = new CompletableFuture<>();
        this.given.addAll(List.of(token("t1"), renewed));
        LaneClient client = client(lane);
        client.get("/a");
        client.get("/b");
        this.clock.advance(Duration.ofSeconds(91));
        client.get("/c");
        assertThat(this.asked).hasSize(2);
        renewed.complete(new Token("t2", null));
        client.get("/d");
        assertThat(sent()).containsExactly("Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2");
        assertThat(this.asked).isEqualTo(Arrays.asList(null, null));
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedTokenIsToldToTheSource(Lane lane) {
        this.upstream = FakeUpstream.answering(status(401), ok("served"));
        this.given.addAll(List.of(token("t1"), token("t2")));
        assertThat(client(lane).get("/a").text()).isEqualTo("served");
        assertThat(this.asked).isEqualTo(Arrays.asList(null, "t1"));
        assertThat(sent()).containsExactly("Bearer t1", "Bearer t2");
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatFailsFailsTheCall(Lane lane) {
        this.given.add(CompletableFuture.failedFuture(new IllegalStateException("vault is sealed")));
        LaneClient client = client(lane);
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(TokenException.class).isThrownBy(() -> client.get("/a"))
                .withMessageContaining("there is no token: vault is sealed");
        }
        assertThat(this.asked).hasSize(1);
        assertThat(this.upstream.requests()).isEmpty();
    }

}
