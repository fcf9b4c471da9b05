package dev.outbound.mock;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientClock;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TlsTimeoutException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Minutes that take milliseconds. */
@Timeout(20)
class VirtualTimeTests {

    private final MockRouter router = MockRouter.create("https://api.test");

    private LaneClient client(Lane lane, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.baseUrl("https://api.test");
            settings.accept(this.router.bind(builder));
        });
    }

    @ParameterizedTest
    @EnumSource
    void backOffOfThirtySecondsTakesNoTimeAndIsTold(Lane lane) {
        this.router.get("/a").reply(503).then(503).then(200);
        long start = System.nanoTime();
        Response response = client(lane,
                (builder) -> builder.total(null).retry(RetryPolicy.fixed(2, Duration.ofSeconds(30))))
            .get("/a");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.elapsed()).isEqualTo(Duration.ofSeconds(60));
        assertThat(this.router).attempts(3).waits(Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @EnumSource
    void retryAfterIsObeyed(Lane lane) {
        this.router.get("/a").reply((r) -> r.status(429).header("Retry-After", "17")).then(200);
        client(lane, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofMillis(1)))).get("/a");
        assertThat(this.router).attempts(2).waited(Duration.ofSeconds(17));
    }

    @ParameterizedTest
    @EnumSource
    void delayWithinTheLimitIsNoFailureAndNoWaitOfTheClient(Lane lane) {
        this.router.get("/a")
            .reply((r) -> r.text("late")
                .delayConnect(Duration.ofSeconds(4))
                .delayTls(Duration.ofSeconds(4))
                .delayHead(Duration.ofSeconds(4))
                .delayBody(Duration.ofSeconds(4)));
        Response response = client(lane, (builder) -> {
        }).get("/a");
        assertThat(response.text()).isEqualTo("late");
        assertThat(response.elapsed()).isEqualTo(Duration.ofSeconds(16));
        assertThat(this.router).waited(Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource
    void delayBeyondALimitFailsInItsPhase(Lane lane) {
        this.router.get("/connect").reply((r) -> r.delayConnect(Duration.ofSeconds(6)));
        this.router.get("/tls").reply((r) -> r.delayTls(Duration.ofSeconds(6)));
        this.router.get("/head").reply((r) -> r.delayHead(Duration.ofSeconds(6)));
        this.router.get("/body").reply((r) -> r.text("x").delayBody(Duration.ofSeconds(6)));
        LaneClient client = client(lane, (builder) -> {
        });
        assertThatExceptionOfType(ConnectTimeoutException.class).isThrownBy(() -> client.get("/connect"))
            .satisfies((ex) -> assertThat(ex.context().elapsed()).isEqualTo(Duration.ofSeconds(5)));
        assertThatExceptionOfType(TlsTimeoutException.class).isThrownBy(() -> client.get("/tls"));
        assertThatExceptionOfType(ReadTimeoutException.class).isThrownBy(() -> client.get("/head"))
            .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.HEAD));
        assertThatExceptionOfType(ReadTimeoutException.class).isThrownBy(() -> client.get("/body"))
            .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.BODY));
    }

    @ParameterizedTest
    @EnumSource
    void totalTimeEndsWhatNoOtherLimitDoes(Lane lane) {
        this.router.get("/a")
            .reply((r) -> r.delayHead(Duration.ofSeconds(4)).delayBody(Duration.ofSeconds(4)).text("x"));
        LaneClient client = client(lane, (builder) -> builder.total(Duration.ofSeconds(6)));
        assertThatExceptionOfType(TotalTimeoutException.class).isThrownBy(() -> client.get("/a"))
            .satisfies((ex) -> assertThat(ex.context().elapsed()).isEqualTo(Duration.ofSeconds(6)));
    }

    @ParameterizedTest
    @EnumSource
    void tokenIsFetchedAgainWhenItHasExpired(Lane lane) {
        Route tokens = this.router.post("https://id.test/token")
            .reply((r) -> r.json("{\"access_token\": \"one\", \"expires_in\": 3600}"))
            .then((r) -> r.json("{\"access_token\": \"two\", \"expires_in\": 3600}"));
        Route one = this.router.get("/a").header("Authorization", "Bearer one");
        Route two = this.router.get("/a").header("Authorization", "Bearer two");
        LaneClient client = client(lane,
                (builder) -> builder.auth(Auth.clientCredentials("https://id.test/token", "id", "secret")));
        client.get("/a");
        this.router.advance(Duration.ofMinutes(58));
        client.get("/a");
        assertThat(tokens).isCalledOnce();
        this.router.advance(Duration.ofMinutes(3));
        client.get("/a");
        assertThat(tokens).isCalledTimes(2);
        assertThat(one).isCalledTimes(2);
        assertThat(two).isCalledOnce();
        assertThat(this.router).waited(Duration.ZERO);
    }

    @Test
    void blockingCallWaitsOnAManualClockUntilItIsAdvanced() throws Exception {
        VirtualClock clock = VirtualClock.manual();
        this.router.clock(clock).get("/a").reply(503).then(200);
        Client client = this.router.client((builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofSeconds(10))));
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> client.get("/a").statusCode());
        clock.advanceWhenWaiting(Duration.ofSeconds(9));
        assertThat(status).isNotDone();
        clock.advanceWhenWaiting(Duration.ofSeconds(1));
        assertThat(status.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(clock.waited()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void reactiveCallGoesOnWithinAdvance() throws Exception {
        VirtualClock clock = VirtualClock.manual();
        this.router.clock(clock).get("/a").reply(503).then(200);
        int[] status = new int[1];
        Disposable call = this.router
            .reactiveClient((builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofSeconds(10))))
            .get("/a")
            .subscribe((response) -> status[0] = response.statusCode());
        clock.advanceWhenWaiting(Duration.ofSeconds(9));
        assertThat(status[0]).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(status[0]).isEqualTo(200);
        assertThat(call.isDisposed()).isTrue();
    }

    @Test
    void advancingForNobodySaysThatTheClientHasAnotherClock() {
        assertThatIllegalStateException()
            .isThrownBy(() -> VirtualClock.manual().advanceWhenWaiting(Duration.ofSeconds(1), Duration.ofMillis(50)))
            .withMessageStartingWith("Nobody waits for this clock. Does the client have it");
    }

    @ParameterizedTest
    @EnumSource
    void systemTimeIsReal(Lane lane) {
        this.router.clock(ClientClock.system())
            .get("/a")
            .reply((r) -> r.text("late").delayHead(Duration.ofMillis(60)).delayBody(Duration.ofMillis(60)));
        long start = System.nanoTime();
        assertThat(client(lane, (builder) -> {
        }).get("/a").text()).isEqualTo("late");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(110));
    }

    @Test
    void assertionsTellWhatWasWaitedFor() {
        assertThatExceptionOfType(AssertionError.class)
            .isThrownBy(() -> assertThat(this.router).waited(Duration.ofSeconds(1)))
            .withMessage("Expected the clients of mock router (https://api.test) to wait for PT1S, "
                    + "but they waited for PT0S: []");
        this.router.clock(ClientClock.system());
        assertThatExceptionOfType(AssertionError.class)
            .isThrownBy(() -> assertThat(this.router).waited(Duration.ofSeconds(1)))
            .withMessageContaining("Leave its clock the virtual one");
        assertThatIllegalStateException().isThrownBy(() -> this.router.advance(Duration.ofSeconds(1)))
            .withMessageContaining("which cannot be advanced. Leave its clock the virtual one");
    }

}
