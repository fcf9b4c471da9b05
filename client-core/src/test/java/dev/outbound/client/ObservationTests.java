package dev.outbound.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * One observation for each call, whatever happens within, with closed sets of values.
 */
class ObservationTests {

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private final TestClock clock = new TestClock();

    private LaneClient client(Lane lane, FakeUpstream upstream) {
        return lane.client(upstream, this.clock,
                (builder) -> builder.name("shop")
                    .baseUrl("http://shop.test/api")
                    .observations(this.registry)
                    .retry(RetryPolicy.fixed(1, Duration.ofSeconds(1))));
    }

    @ParameterizedTest
    @EnumSource
    void aCallWithRetriesIsOneObservation(Lane lane) {
        client(lane, FakeUpstream.answering(status(503), ok("a"))).get("/items/{id}?q=1", 7);
        TestObservationRegistryAssert.assertThat(this.registry)
            .hasNumberOfObservationsWithNameEqualTo("http.client.requests", 1)
            .hasObservationWithNameEqualTo("http.client.requests")
            .that()
            .hasContextualNameEqualTo("http get")
            .hasLowCardinalityKeyValue("client.name", "shop")
            .hasLowCardinalityKeyValue("uri", "/items/{id}")
            .hasLowCardinalityKeyValue("method", "GET")
            .hasLowCardinalityKeyValue("status", "200")
            .hasLowCardinalityKeyValue("outcome", "SUCCESS")
            .hasLowCardinalityKeyValue("exception", "none")
            .hasBeenStarted()
            .hasBeenStopped();
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatIsObservedByAnotherApiIsNotObservedAgain(Lane lane) {
        Observation other = Observation.start("other", this.registry);
        client(lane, FakeUpstream.answering(status(503), ok("a"))).get("/items", (spec) -> spec.observation(other));
        TestObservationRegistryAssert.assertThat(this.registry)
            .doesNotHaveAnyRemainingCurrentObservation()
            .hasNumberOfObservationsWithNameEqualTo("http.client.requests", 0)
            .hasNumberOfObservationsWithNameEqualTo("http.client.attempts", 1)
            .hasObservationWithNameEqualTo("http.client.attempts")
            .that()
            .hasParentObservationEqualTo(other)
            .hasBeenStopped();
        TestObservationRegistryAssert.assertThat(this.registry)
            .hasObservationWithNameEqualTo("other")
            .that()
            .isNotStopped();
    }

    @ParameterizedTest
    @EnumSource
    void aTemplateThatWasExpandedElsewhereNamesTheSeries(Lane lane) {
        client(lane, FakeUpstream.answering(ok("a"))).get("http://shop.test/api/items/7",
                (spec) -> spec.template("http://shop.test/api/items/{id}?q={q}"));
        TestObservationRegistryAssert.assertThat(this.registry)
            .hasSingleObservationThat()
            .hasLowCardinalityKeyValue("uri", "/api/items/{id}");
    }

    @ParameterizedTest
    @EnumSource
    void aFailureIsNamedByItsType(Lane lane) {
        LaneClient client = client(lane,
                FakeUpstream.answering(failure(new ConnectionFailedException("refused", null))));
        assertThatExceptionOfType(ConnectionFailedException.class).isThrownBy(() -> client.get("/a"));
        TestObservationRegistryAssert.assertThat(this.registry)
            .hasNumberOfObservationsWithNameEqualTo("http.client.requests", 1)
            .hasObservationWithNameEqualTo("http.client.requests")
            .that()
            .hasLowCardinalityKeyValue("exception", "ConnectionFailedException")
            .hasLowCardinalityKeyValue("status", "CLIENT_ERROR")
            .hasLowCardinalityKeyValue("outcome", "UNKNOWN")
            .hasBeenStopped();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamIsObservedToItsEnd(Lane lane) {
        client(lane, FakeUpstream.answering(ok("abc"))).stream("/a",
                (response) -> TestObservationRegistryAssert.assertThat(this.registry)
                    .hasSingleObservationThat()
                    .isNotStopped());
        TestObservationRegistryAssert.assertThat(this.registry).hasSingleObservationThat().hasBeenStopped();
    }

    private static void raise(AbstractResponse response) {
        if (response instanceof StreamedResponse blocking) {
            blocking.raiseForStatus();
        }
        else {
            ((ReactiveStreamedResponse) response).raiseForStatus();
        }
    }

    /** What a call with a read response ends with, if its client raises. */
    @ParameterizedTest
    @EnumSource
    void aStreamWhoseStatusIsRaisedHasFailed(Lane lane) {
        FakeUpstream upstream = FakeUpstream.answering(status(404), status(404));
        for (boolean byClient : new boolean[] { true, false }) {
            LaneClient client = client(lane, upstream).with((it) -> it.raiseForStatus(byClient));
            assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> client.stream("/a", (response) -> raise(response)));
            TestObservationRegistryAssert.assertThat(this.registry)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("exception", "StatusException")
                .hasLowCardinalityKeyValue("status", "404")
                .hasLowCardinalityKeyValue("outcome", "CLIENT_ERROR")
                .hasBeenStopped();
            this.registry.clear();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamWhoseStatusIsNotRaisedHasNotFailed(Lane lane) {
        client(lane, FakeUpstream.answering(status(404))).stream("/a", (response) -> {
        });
        TestObservationRegistryAssert.assertThat(this.registry)
            .hasSingleObservationThat()
            .hasLowCardinalityKeyValue("exception", "none")
            .hasLowCardinalityKeyValue("status", "404")
            .hasLowCardinalityKeyValue("outcome", "CLIENT_ERROR")
            .hasBeenStopped();
    }

    @ParameterizedTest
    @EnumSource
    void carriesATraceInHeaders(Lane lane) {
        ObservationRegistry tracing = ObservationRegistry.create();
        tracing.observationConfig().observationHandler(new ObservationHandler<ClientObservationContext>() {

            @Override
            public void onStart(ClientObservationContext context) {
                context.getSetter().set(context.getCarrier(), "traceparent", "00-1-2-01");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ClientObservationContext;
            }

        });
        FakeUpstream upstream = FakeUpstream.answering(ok(""));
        lane.client(upstream, this.clock, (builder) -> builder.observations(tracing)).get("http://shop.test/a");
        assertThat(upstream.request(0).fields().first("traceparent")).isEqualTo("00-1-2-01");
    }

    @ParameterizedTest
    @EnumSource
    void tenThousandPathsMakeOneSeries(Lane lane) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        LaneClient client = lane.client(FakeUpstream.answering(ok("")), this.clock,
                (builder) -> builder.name("shop").baseUrl("http://shop.test").observations(observations));
        for (int i = 0; i < 10_000; i++) {
            client.get("/users/" + i);
        }
        assertThat(meters.find("http.client.requests").timers()).hasSize(1);
        assertThat(meters.get("http.client.requests").tag("uri", "UNTEMPLATED").timer().count()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @EnumSource
    void aClosedClientStartsNoObservation(Lane lane) {
        LaneClient client = client(lane, FakeUpstream.answering(ok("")));
        client.close();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> client.get("/a"));
        TestObservationRegistryAssert.assertThat(this.registry).doesNotHaveAnyObservation();
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsHangsNobody(Lane lane) {
        ObservationRegistry throwing = ObservationRegistry.create();
        throwing.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

            @Override
            public void onStop(Observation.Context context) {
                throw new UnsupportedOperationException("broken handler");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }

        });
        LaneClient client = lane.client(FakeUpstream.answering(ok("")), this.clock,
                (builder) -> builder.observations(throwing));
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> client.get("http://shop.test/"));
    }

    @ParameterizedTest
    @EnumSource
    void aFurtherRequestIsAChildOfItsCall(Lane lane) {
        List<ClientObservationContext> observed = new ArrayList<>();
        this.registry.observationConfig().observationHandler(new ObservationHandler<ClientObservationContext>() {

            @Override
            public void onStop(ClientObservationContext context) {
                observed.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ClientObservationContext;
            }

        });
        FakeUpstream upstream = FakeUpstream.answering(status(503), status(302, "Location: /b"),
                status(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\""), ok(""));
        LaneClient client = lane.client(upstream, this.clock,
                (builder) -> builder.name("shop")
                    .observations(this.registry)
                    .auth(Auth.digest("user", "pass"))
                    .retry(RetryPolicy.fixed(1, Duration.ofSeconds(1)))
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)));
        client.get("http://shop.test/a");
        assertThat(observed).extracting(Observation.Context::getName)
            .containsExactly("http.client.attempts", "http.client.attempts", "http.client.attempts",
                    "http.client.requests");
        assertThat(observed).extracting(ClientObservationContext::reason)
            .containsExactly(SendReason.RETRY, SendReason.REDIRECT, SendReason.AUTHENTICATION, SendReason.CALL);
        assertThat(observed).extracting(Observation.Context::getContextualName)
            .containsExactly("http get retry", "http get redirect", "http get authentication", "http get");
        assertThat(observed.get(0).getLowCardinalityKeyValue("reason").getValue()).isEqualTo("retry");
        assertThat(observed.get(0).getLowCardinalityKeyValue("status").getValue()).isEqualTo("302");
        assertThat(observed.get(0).getParentObservation().getContextView()).isSameAs(observed.get(3));
        assertThat(observed.get(2).getParentObservation().getContextView()).isSameAs(observed.get(3));
    }

    /** What becomes of a call is told by few words, whatever servers and callers send. */
    @ParameterizedTest
    @EnumSource
    void outcomesAndErrorsAreClosedSets(Lane lane) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        List<FakeUpstream.Answer> answers = new ArrayList<>();
        for (int status = 200; status <= 999; status++) {
            answers.add(status(status));
        }
        for (int i = 0; i < 100; i++) {
            answers.add(failure(new ConnectionFailedException("refused by 10.0.0." + i, null)));
            answers.add(failure(new ReadTimeoutException(Phase.HEAD, "nothing for " + i + " ms", null)));
        }
        LaneClient client = lane.client(FakeUpstream.answering(answers.toArray(FakeUpstream.Answer[]::new)), this.clock,
                (builder) -> builder.name("shop").baseUrl("http://shop.test").observations(observations));
        for (int i = 0; i < answers.size(); i++) {
            try {
                client.get("/items/{id}", i);
            }
            catch (ClientException ex) {
                assertThat(ex).isInstanceOfAny(ConnectionFailedException.class, ReadTimeoutException.class);
            }
        }
        assertThat(tags(meters, "outcome")).containsExactly("CLIENT_ERROR", "REDIRECTION", "SERVER_ERROR", "SUCCESS",
                "UNKNOWN");
        assertThat(tags(meters, "exception")).containsExactly("ConnectionFailedException", "ReadTimeoutException",
                "none");
        assertThat(tags(meters, "error")).isEqualTo(tags(meters, "exception"));
        assertThat(tags(meters, "uri")).containsExactly("/items/{id}");
        assertThat(tags(meters, "method")).containsExactly("GET");
        assertThat(meters.find("http.client.requests").timers().stream().mapToLong(Timer::count).sum())
            .isEqualTo(answers.size());
    }

    private static Set<String> tags(SimpleMeterRegistry meters, String key) {
        return meters.find("http.client.requests")
            .timers()
            .stream()
            .map((timer) -> timer.getId().getTag(key))
            .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @EnumSource
    void everyRequestCarriesTheTraceOfItsOwn(Lane lane) {
        AtomicInteger spans = new AtomicInteger();
        this.registry.observationConfig().observationHandler(new ObservationHandler<ClientObservationContext>() {

            @Override
            public void onStart(ClientObservationContext context) {
                context.getSetter().set(context.request(), "traceparent", "span-" + spans.incrementAndGet());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ClientObservationContext;
            }

        });
        FakeUpstream upstream = FakeUpstream.answering(status(302, "Location: /b"), ok(""));
        LaneClient client = lane.client(upstream, this.clock,
                (builder) -> builder.observations(this.registry).redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)));
        client.get("http://shop.test/a");
        assertThat(upstream.requests()).extracting((request) -> request.fields().all("traceparent"))
            .containsExactly(List.of("span-1"), List.of("span-2"));
    }

}
