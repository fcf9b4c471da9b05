package dev.outbound.client;

import java.util.ArrayList;
import java.util.List;

import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import dev.outbound.client.http.Request;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.retry.Attempt;
import dev.outbound.client.retry.RetryDecision;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

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
