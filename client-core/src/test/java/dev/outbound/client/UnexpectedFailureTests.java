package dev.outbound.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.Attempt;
import dev.outbound.client.retry.RetryDecision;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Exceptions that are no failures of a request: bugs, mostly. They are told of all the
 * same.
 */
class UnexpectedFailureTests {

    private static final IllegalStateException BUG = new IllegalStateException("a bug");

    @ParameterizedTest
    @EnumSource
    void hooksAreToldOfARequestWhoseTransportThrows(Lane lane) {
        List<Sending> attempts = new ArrayList<>();
        Hook hook = new Hook() {

            @Override
            public void onAttempt(Sending sending) {
                attempts.add(sending);
            }

        };
        try (LaneClient client = lane.client((builder) -> builder.hook(hook).transport((request, cancellation) -> {
            throw BUG;
        }).reactiveTransport((request, cancellation) -> Mono.error(BUG)))) {
            assertThat(catchThrowable(() -> client.get("http://shop.test/"))).isSameAs(BUG);
        }
        assertThat(attempts).singleElement().satisfies((sending) -> {
            assertThat(sending.response()).isNull();
            assertThat(sending.failure()).isNull();
        });
    }

    @ParameterizedTest
    @EnumSource
    void theObservationEndsWhenTheCallCannotBegin(Lane lane) {
        TestObservationRegistry registry = TestObservationRegistry.create();
        try (LaneClient client = lane.client((builder) -> builder.observations(registry).retry(new BrokenPolicy()))) {
            assertThat(catchThrowable(() -> client.get("http://shop.test/"))).isSameAs(BUG);
        }
        TestObservationRegistryAssert.assertThat(registry)
            .hasSingleObservationThat()
            .hasBeenStarted()
            .hasBeenStopped()
            .hasError(BUG);
    }

    static Stream<Arguments> usersFunctions() {
        return Stream.of(argumentSet("interceptor", set((builder) -> builder.interceptor((request, chain) -> {
            throw BUG;
        }))), argumentSet("hook of requests", set((builder) -> builder.hook(new Hook() {

            @Override
            public Request onRequest(Request request) {
                throw BUG;
            }

        }))), argumentSet("hook of responses", set((builder) -> builder.hook(new Hook() {

            @Override
            public void onResponse(Request request, ResponseHead response) {
                throw BUG;
            }

        }))), argumentSet("authentication", set((builder) -> builder.auth((now) -> {
            throw BUG;
        }))), argumentSet("retry policy", set((builder) -> builder.retry((attempt) -> {
            throw BUG;
        }))));
    }

    private static Consumer<ClientBuilder> set(Consumer<ClientBuilder> setting) {
        return setting;
    }

    @ParameterizedTest
    @MethodSource("usersFunctions")
    void theObservationEndsAndNothingStaysOpenWhenAFunctionOfTheUsersThrows(Consumer<ClientBuilder> setting) {
        for (Lane lane : Lane.values()) {
            TestObservationRegistry registry = TestObservationRegistry.create();
            FakeUpstream upstream = FakeUpstream.answering(FakeUpstream.status(503));
            try (LaneClient client = lane.client(upstream, new TestClock(),
                    (builder) -> setting.accept(builder.observations(registry)))) {
                for (ThrowingCallable call : List.<ThrowingCallable>of(() -> client.get("http://shop.test/"),
                        () -> client.stream("http://shop.test/", (response) -> {
                        }))) {
                    assertThat(catchThrowable(call)).isSameAs(BUG);
                    TestObservationRegistryAssert.assertThat(registry)
                        .hasSingleObservationThat()
                        .hasBeenStopped()
                        .hasError(BUG);
                    assertThat(upstream.open()).as(lane.toString()).isZero();
                    registry.clear();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsBehindAFailureIsKeptWithIt(Lane lane) {
        IllegalStateException first = new IllegalStateException("of the transport");
        UnsupportedOperationException second = new UnsupportedOperationException("of the observation");
        ObservationRegistry throwing = ObservationRegistry.create();
        throwing.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

            @Override
            public void onStop(Observation.Context context) {
                throw second;
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }

        });
        try (LaneClient client = lane
            .client((builder) -> builder.observations(throwing).transport((request, cancellation) -> {
                throw first;
            }).reactiveTransport((request, cancellation) -> Mono.error(first)))) {
            assertThat(catchThrowable(() -> client.get("http://shop.test/"))).isSameAs(first);
        }
        assertThat(first.getSuppressed()).contains(second);
    }

    @ParameterizedTest
    @EnumSource
    void theSameFailureTwiceIsTold(Lane lane) {
        Hook hook = new Hook() {

            @Override
            public Request onRequest(Request request) {
                throw BUG;
            }

        };
        ObservationRegistry throwing = ObservationRegistry.create();
        throwing.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

            @Override
            public void onStop(Observation.Context context) {
                throw BUG;
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }

        });
        try (LaneClient client = lane.client((builder) -> builder.hook(hook).observations(throwing))) {
            assertThat(catchThrowable(() -> client.get("http://shop.test/"))).isSameAs(BUG);
        }
    }

    /** Throws before the call begins. */
    private static final class BrokenPolicy implements RetryPolicy {

        @Override
        public Request prepare(Request request) {
            throw BUG;
        }

        @Override
        public RetryDecision decide(Attempt attempt) {
            throw BUG;
        }

    }

}
