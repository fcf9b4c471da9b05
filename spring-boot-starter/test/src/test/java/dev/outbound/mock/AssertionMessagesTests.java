package dev.outbound.mock;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.outbound.client.ClientClock;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What each assertion says when it fails, whole. */
class AssertionMessagesTests {

    private final MockRouter router = MockRouter.create("https://api.test");

    private final Route charge = this.router.post("/charges")
        .reply((r) -> r.status(503).header("Retry-After", "20"))
        .then(201);

    private final Route never = this.router.get("/never").optional();

    AssertionMessagesTests() {
        this.router.client((builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofMillis(200))))
            .post("/charges?api_key=s3cret",
                    (spec) -> spec.json(Map.of("amount", 42))
                        .header("X-Tenant", "blue")
                        .header("Idempotency-Key", "k1"));
    }

    @TestFactory
    Stream<DynamicTest> assertionTellsWhatThereIs() {
        String calls = "\n  POST https://api.test/charges?api_key=****** -> status 503"
                + "\n  POST https://api.test/charges?api_key=****** -> status 201";
        return Stream.of(
                row("attempts", () -> assertThat(this.router).attempts(3),
                        "Expected mock router (https://api.test) to get 3 requests, but it got 2:" + calls),
                row("isNotCalled of a router", () -> assertThat(this.router).isNotCalled(),
                        "Expected mock router (https://api.test) to get 0 requests, but it got 2:" + calls),
                row("call", () -> assertThat(this.router).call(2),
                        "Expected mock router (https://api.test) to get at least 3 requests, but it got 2:" + calls),
                row("isCalledInOrder", () -> assertThat(this.router).isCalledInOrder(this.charge, this.never), """
                        Expected calls of mock router (https://api.test) in the order
                          POST /charges
                          GET /never
                        but there was none of #2 (GET /never) after those before it:""" + calls),
                row("waited", () -> assertThat(this.router).waited(Duration.ofSeconds(19)),
                        "Expected the clients of mock router (https://api.test) to wait for PT19S, but they waited "
                                + "for PT20S: [PT20S]"),
                row("waitedBetween", () -> assertThat(this.router).waitedBetween(Duration.ZERO, Duration.ofSeconds(2)),
                        "Expected the clients of mock router (https://api.test) to wait for PT0S to PT2S, but they "
                                + "waited for PT20S: [PT20S]"),
                row("waits", () -> assertThat(this.router).waits(Duration.ofSeconds(1), Duration.ofSeconds(2)),
                        "Expected the clients of mock router (https://api.test) to wait for [PT1S, PT2S], but they "
                                + "waited for [PT20S]"),
                row("isCalled", () -> assertThat(this.never).isCalled(),
                        "Expected route GET /never to be called, but it was not"),
                row("lastCall", () -> assertThat(this.never).lastCall(),
                        "Expected route GET /never to be called, but it was not"),
                row("isNotCalled of a route", () -> assertThat(this.charge).isNotCalled(),
                        "Expected route POST /charges to be called 0 times, but it was called 2 times:" + calls),
                row("isCalledOnce", () -> assertThat(this.charge).isCalledOnce(),
                        "Expected route POST /charges to be called once, but it was called 2 times:" + calls),
                row("isCalledTimes", () -> assertThat(this.never).isCalledTimes(1),
                        "Expected route GET /never to be called once, but it was called 0 times: none"),
                row("hasHeader", () -> assertThat(this.charge).lastCall().hasHeader("X-Tenant", "red"), """
                        Expected POST https://api.test/charges?api_key=****** to be different:
                          header x-tenant: expected red, but was blue"""),
                row("hasNoHeader", () -> assertThat(this.charge).lastCall().hasNoHeader("X-Tenant"),
                        "Expected POST https://api.test/charges?api_key=****** to have no header X-Tenant, but it has"),
                row("hasParam", () -> assertThat(this.charge).lastCall().hasParam("page", "2"), """
                        Expected POST https://api.test/charges?api_key=****** to be different:
                          param page: expected 2, but was none"""),
                row("hasText", () -> assertThat(this.charge).lastCall().hasText("x"), """
                        Expected POST https://api.test/charges?api_key=****** to be different:
                          body: expected x, but was {"amount":42}"""),
                row("hasJson", () -> assertThat(this.charge).lastCall().hasJson(Map.of("amount", 41)), """
                        Expected POST https://api.test/charges?api_key=****** to be different:
                          json $: expected {"amount":41}, but was {"amount":42}"""),
                row("hasJson at a path", () -> assertThat(this.charge).lastCall().hasJson("$.currency", "EUR"), """
                        Expected POST https://api.test/charges?api_key=****** to be different:
                          json $.currency: expected "EUR", but was nothing there"""),
                row("isAnsweredWith", () -> assertThat(this.router).call(0).isAnsweredWith(200),
                        "Expected POST https://api.test/charges?api_key=****** to be answered with 200, but it was "
                                + "answered with status 503"),
                row("isRedactedInLogs", () -> assertThat(this.charge).lastCall().header("X-Tenant").isRedactedInLogs(),
                        "Expected header X-Tenant to be redacted, but it is shown in logs. Give it a name that says "
                                + "that it is a secret, or leave the secret out of it"),
                row("another clock", () -> {
                    MockRouter real = MockRouter.create().clock(ClientClock.system());
                    assertThat(real).waited(Duration.ZERO);
                }, "mock router runs on " + ClientClock.system() + ", which does not know what is waited for. Leave "
                        + "its clock the virtual one"));
    }

    private static DynamicTest row(String assertion, ThrowingCallable failing, String message) {
        return DynamicTest.dynamicTest(assertion,
                () -> assertThatExceptionOfType(AssertionError.class).isThrownBy(failing).withMessage(message));
    }

}
