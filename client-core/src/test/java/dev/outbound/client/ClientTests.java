package dev.outbound.client;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.CountingReactiveTransport;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the two clients have each for themselves, and their life.
 */
@Timeout(30)
class ClientTests {

    private final FakeUpstream upstream = FakeUpstream.answering(ok("hello"));

    private Client client() {
        return Client.builder().baseUrl("http://shop.test").transport(this.upstream.transport()).build();
    }

    private ReactiveClient reactive() {
        return ReactiveClient.builder()
            .baseUrl("http://shop.test")
            .reactiveTransport(this.upstream.reactiveTransport())
            .buildReactive();
    }

    @Test
    void aReactiveCallBeginsWithEachSubscription() {
        Mono<String> call = reactive().get("/a").map((response) -> response.text());
        assertThat(this.upstream.requests()).isEmpty();
        StepVerifier.create(call).expectNext("hello").expectComplete().verify(Duration.ofSeconds(5));
        StepVerifier.create(call).expectNext("hello").expectComplete().verify(Duration.ofSeconds(5));
        assertThat(this.upstream.requests()).hasSize(2);
        assertThat(this.upstream.open()).isZero();
    }

    @Test
    void aDerivedClientHasOtherSettingsAndTheSameEngine() {
        try (Client client = client()) {
            Client admin = client.with((settings) -> settings.header("X-Role", "admin").auth(Auth.bearer("t")));
            admin.get("/a");
            client.get("/a");
            assertThat(this.upstream.request(0).fields().toString()).contains("X-Role: admin");
            assertThat(this.upstream.request(1).fields().contains("X-Role")).isFalse();
            admin.close();
            client.get("/a");
            assertThatIllegalStateException().isThrownBy(() -> client.with((settings) -> settings.maxConnections(1)))
                .withMessageContaining("shares its engine");
        }
    }

    @Test
    void aClosedClientSaysSo() {
        Client client = Client.builder()
            .name("shop")
            .baseUrl("http://shop.test")
            .transport(this.upstream.transport())
            .build();
        client.close();
        client.close();
        assertThatIllegalStateException().isThrownBy(() -> client.get("/a"))
            .withMessage("Client 'shop' was closed and cannot send anything");
        ReactiveClient reactive = reactive();
        reactive.close();
        StepVerifier.create(reactive.get("/a")).expectError(IllegalStateException.class).verify(Duration.ofSeconds(5));
    }

    @Test
    void settingsShowNoSecret() {
        Client client = Client.builder()
            .baseUrl("http://shop.test")
            .header("X-Api-Key", "s3cr3t")
            .header("X-Plain-Name", "s3cr3t")
            .redirects(RedirectPolicy.none().withCredentialHeaders(Set.of("X-Plain-Name")))
            .auth(Auth.basic("user", "s3cr3t"))
            .query("token", "s3cr3t")
            .build();
        assertThat(client.settings().toString()).doesNotContain("s3cr3t").contains("X-Api-Key", "X-Plain-Name");
    }

    @Test
    void aPauseEndsWithAnInterrupt() throws InterruptedException {
        FakeUpstream failing = FakeUpstream.answering(status(503));
        Client client = Client.builder()
            .transport(failing.transport())
            .retry(RetryPolicy.fixed(1, Duration.ofSeconds(20)))
            .build();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                client.get("http://shop.test/");
                flag.complete(false);
            }
            catch (CancelledException ex) {
                flag.complete(ex.phase() == Phase.PAUSE && Thread.currentThread().isInterrupted());
            }
            catch (Throwable ex) {
                flag.completeExceptionally(ex);
            }
        });
        caller.start();
        while (failing.requests().isEmpty()) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        caller.join(5000);
        assertThat(flag).isCompletedWithValue(true);
        assertThat(failing.open()).isZero();
    }

    @Test
    void aSubscriptionCanBeCancelledInAPause() {
        FakeUpstream failing = FakeUpstream.answering(status(503));
        ReactiveClient client = ReactiveClient.builder()
            .reactiveTransport(failing.reactiveTransport())
            .retry(RetryPolicy.fixed(1, Duration.ofSeconds(20)))
            .buildReactive();
        StepVerifier.create(client.get("http://shop.test/"))
            .thenAwait(Duration.ofMillis(20))
            .thenCancel()
            .verify(Duration.ofSeconds(5));
        assertThat(failing.requests()).hasSize(1);
        assertThat(failing.open()).isZero();
    }

    @Test
    void theDeadlineEndsAReactiveCallThatHangs() {
        CountingReactiveTransport hanging = new CountingReactiveTransport((request, cancellation) -> Mono.never());
        ReactiveClient client = ReactiveClient.builder()
            .reactiveTransport(hanging)
            .total(Duration.ofMillis(100))
            .buildReactive();
        StepVerifier.create(client.get("http://shop.test/"))
            .expectError(TotalTimeoutException.class)
            .verify(Duration.ofSeconds(5));
    }

    @Test
    void aResponseThatComesAfterTheCancellationIsAborted() {
        FakeUpstream late = FakeUpstream.answering(ok("late"));
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        ReactiveClient client = ReactiveClient.builder()
            .reactiveTransport((request, cancellation) -> Mono.fromFuture(answer, true)
                .then(late.reactiveTransport().send(request, cancellation))
                .doOnCancel(() -> {
                }))
            .buildReactive();
        Disposable call = client.stream(HttpMethod.GET, "http://shop.test/", (response) -> response.body()).subscribe();
        call.dispose();
        answer.complete(true);
        assertThat(late.open()).isZero();
    }

    @Test
    void oneOffCallsNeedAnAbsoluteUrl() {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Outbound.get("/relative"))
            .withMessageContaining("is relative");
    }

    @Test
    void blockingCallsStayOnTheirThread()
            throws ExecutionException, InterruptedException, java.util.concurrent.TimeoutException {
        Thread[] thread = new Thread[1];
        Client client = Client.builder().transport((request, cancellation) -> {
            thread[0] = Thread.currentThread();
            return this.upstream.transport().send(request, cancellation);
        }).build();
        CompletableFuture.runAsync(() -> {
            client.get("http://shop.test/");
            assertThat(thread[0]).isSameAs(Thread.currentThread());
        }).get(5, TimeUnit.SECONDS);
    }

    @Test
    void aDerivedClientTakesNoCredentialsToAnotherOrigin() {
        Client client = Client.builder()
            .baseUrl("http://shop.test")
            .transport(this.upstream.transport())
            .auth(Auth.bearer("t0k"))
            .header("X-Api-Key", "k3y")
            .header("X-Tenant", "acme")
            .query("api_key", "k3y")
            .build();
        client.with((settings) -> settings.baseUrl("http://other.test")).get("/a");
        client.with((settings) -> settings.baseUrl("http://shop.test/v2")).get("/b");
        client.with((settings) -> settings.auth(Auth.bearer("own")).baseUrl("http://other.test")).get("/c");
        assertThat(this.upstream.request(0).url().text()).isEqualTo("http://other.test/a");
        assertThat(this.upstream.request(0).fields().contains("Authorization")).isFalse();
        assertThat(this.upstream.request(0).fields().contains("X-Api-Key")).isFalse();
        assertThat(this.upstream.request(0).fields().first("X-Tenant")).isEqualTo("acme");
        assertThat(this.upstream.request(1).url().text()).isEqualTo("http://shop.test/v2/b?api_key=k3y");
        assertThat(this.upstream.request(1).fields().first("X-Api-Key")).isEqualTo("k3y");
        assertThat(this.upstream.request(2).fields().first("Authorization")).isEqualTo("Bearer own");
    }

    @Test
    void aFallbackThatBlocksHoldsNoOtherDeadlineUp() throws Exception {
        CountingReactiveTransport hanging = new CountingReactiveTransport((request, cancellation) -> Mono.never());
        ReactiveClient reactive = ReactiveClient.builder()
            .reactiveTransport(hanging)
            .total(Duration.ofMillis(100))
            .buildReactive();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Disposable call = reactive.get("http://shop.test/").subscribe((response) -> {
        }, (error) -> {
            blocked.countDown();
            try {
                release.await(5, TimeUnit.SECONDS);
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(blocked.await(5, TimeUnit.SECONDS)).isTrue();
        StepVerifier.create(reactive.get("http://shop.test/"))
            .expectError(TotalTimeoutException.class)
            .verify(Duration.ofSeconds(2));
        release.countDown();
        call.dispose();
    }

    @Test
    void aTransportThatCannotBeBrokenOffHoldsNoOtherDeadlineUp() {
        Client broken = Client.builder().transport((request, cancellation) -> {
            cancellation.onCancel(() -> {
                throw new IllegalStateException("cannot be broken off");
            });
            while (cancellation.cause() == null) {
                Thread.onSpinWait();
            }
            throw new TotalTimeoutException(Phase.HEAD, "over", null);
        }).total(Duration.ofMillis(50)).build();
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(TotalTimeoutException.class).isThrownBy(() -> broken.get("http://shop.test/"));
        }
    }

}
