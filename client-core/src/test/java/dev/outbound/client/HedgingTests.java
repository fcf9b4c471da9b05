package dev.outbound.client;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.CountingReactiveTransport;
import dev.outbound.client.lab.CountingTransport;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Second sends over transports that do as they are told, each of whose responses is
 * counted.
 */
@Timeout(60)
class HedgingTests {

    private static final String URL = "http://shop.test/a";

    private final AtomicInteger sends = new AtomicInteger();

    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private final List<Cancellation> cancellations = new CopyOnWriteArrayList<>();

    /** By the number of the send, from 1. */
    private IntFunction<Act> script = (number) -> Act.answer(0, 200);

    private final CountingTransport transport = new CountingTransport(this::send);

    private final CountingReactiveTransport reactiveTransport = new CountingReactiveTransport(this::sendReactive);

    /** What comes of a send, and when. */
    private record Act(long millis, int status, @Nullable RuntimeException failure) {

        static Act answer(long millis, int status) {
            return new Act(millis, status, null);
        }

        static Act failure(long millis, RuntimeException failure) {
            return new Act(millis, 0, failure);
        }

        int outcome() {
            if (this.failure != null) {
                throw this.failure;
            }
            return this.status;
        }

    }

    private Act next(Cancellation cancellation) {
        this.threads.add(Thread.currentThread());
        this.cancellations.add(cancellation);
        return this.script.apply(this.sends.incrementAndGet());
    }

    private TransportResponse send(Request request, Cancellation cancellation) {
        Act act = next(cancellation);
        CountDownLatch ended = new CountDownLatch(1);
        cancellation.onCancel(ended::countDown);
        cancellation.enter();
        try {
            ended.await(act.millis(), TimeUnit.MILLISECONDS);
            RequestException failure = cancellation.failure(Phase.HEAD, null);
            if (failure != null) {
                throw failure;
            }
            return TransportResponse.of(act.outcome(), FieldLines.empty(), new byte[3]);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Phase.HEAD, "interrupted", ex);
        }
        finally {
            cancellation.leave();
            cancellation.onCancel(null);
        }
    }

    private Mono<ReactiveTransportResponse> sendReactive(Request request, Cancellation cancellation) {
        return Mono.defer(() -> {
            Act act = next(cancellation);
            return Mono.delay(Duration.ofMillis(act.millis()))
                .map((tick) -> ReactiveTransportResponse.of(act.outcome(), FieldLines.empty(), new byte[3]));
        });
    }

    @AfterEach
    void everyResponseWasEnded() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (this.transport.open() + this.reactiveTransport.open() > 0) {
            assertThat(System.nanoTime()).as("open responses").isLessThan(end);
            Thread.sleep(1);
        }
    }

    private LaneClient client(Lane lane, long delay, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> settings.accept(builder.name("shop")
            .transport(this.transport)
            .reactiveTransport(this.reactiveTransport)
            .retryBudget(null)
            .hedging(HedgePolicy.after(Duration.ofMillis(delay)))));
    }

    private LaneClient client(Lane lane, long delay) {
        return client(lane, delay, (builder) -> {
        });
    }

    @Test
    void theFirstIsSentByTheCallingThreadAndTheSecondByADaemon() {
        this.script = (number) -> Act.answer((number == 1) ? 10_000 : 0, 200);
        client(Lane.BLOCKING, 40).get(URL);
        assertThat(this.threads.get(0)).isSameAs(Thread.currentThread());
        assertThat(this.threads.get(1).getName()).isEqualTo("outbound-hedge");
        assertThat(this.threads.get(1).isDaemon()).isTrue();
        assertThat(this.cancellations.get(0).cause()).as("of the call, which goes on").isNull();
    }

    @Test
    void aCallWithoutHedgesHasItsTransportAsItIs() {
        Client client = Client.builder().transport(this.transport).build();
        client.get(URL);
        client.close();
        assertThat(this.threads).containsExactly(Thread.currentThread());
    }

    @ParameterizedTest
    @EnumSource
    void aBugInTheSecondIsToldAndEndsTheFirst(Lane lane) {
        this.script = (number) -> (number == 1) ? Act.answer(10_000, 200)
                : Act.failure(0, new IllegalStateException("bug"));
        LaneClient client = client(lane, 40);
        assertThatIllegalStateException().isThrownBy(() -> client.get(URL)).withMessage("bug");
    }

    @ParameterizedTest
    @EnumSource
    void aBugInWhatObservesTheSecondIsToldAndEndsTheFirst(Lane lane) {
        this.script = (number) -> Act.answer(10_000, 200);
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler((context) -> {
            if (context instanceof ClientObservationContext sending && sending.reason() == SendReason.HEDGE) {
                throw new IllegalStateException("bug");
            }
            return false;
        });
        LaneClient client = client(lane, 40, (builder) -> builder.observations(registry));
        assertThatIllegalStateException().isThrownBy(() -> client.get(URL)).withMessage("bug");
        assertThat(this.sends).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerThatABugKeepsFromItsObservationIsGivenBack(Lane lane) {
        this.script = (number) -> Act.answer((number == 1) ? 10_000 : 0, 200);
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<ClientObservationContext>() {

            @Override
            public void onStop(ClientObservationContext context) {
                if (context.reason() == SendReason.HEDGE) {
                    throw new IllegalStateException("bug");
                }
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ClientObservationContext;
            }

        });
        LaneClient client = client(lane, 40, (builder) -> builder.observations(registry));
        assertThatIllegalStateException().isThrownBy(() -> client.get(URL)).withMessage("bug");
        assertThat(this.sends).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoFailuresThatOfTheFirstIsTold(Lane lane) {
        this.script = (number) -> Act.failure((number == 1) ? 120 : 0,
                new ConnectionLostException(Phase.HEAD, "lost " + number, null));
        LaneClient client = client(lane, 40);
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("lost 1");
        assertThat(this.sends).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstsAnswerOfABusyUpstreamIsGivenWhereThereIsNoBetterOne(Lane lane) {
        this.script = (number) -> Act.answer((number == 1) ? 120 : 0, 500 + number);
        assertThat(client(lane, 40).get(URL).statusCode()).isEqualTo(501);
        this.sends.set(0);
        this.script = (number) -> Act.answer((number == 1) ? 80 : 120, 500 + number);
        assertThat(client(lane, 40).get(URL).statusCode()).isEqualTo(501);
    }

    /**
     * Whatever meets whatever: each call ends once, and no response is forgotten.
     */
    @ParameterizedTest
    @EnumSource
    void allOrdersOfAllOutcomes(Lane lane) throws Exception {
        Random random = new Random(20261127);
        this.script = (number) -> random(random);
        List<LaneClient> clients = List.of(client(lane, 1), client(lane, 2), client(lane, 4));
        int answered = 0;
        for (int i = 0; i < 400; i++) {
            LaneClient client = clients.get(i % 3);
            if (i % 10 == 0) {
                givenUp(client, random.nextInt(6));
                continue;
            }
            try {
                Response response = client.get(URL, (spec) -> spec.total(Duration.ofMillis(1 + random.nextInt(20))));
                assertThat(response.bytes()).hasSize(3);
                answered++;
            }
            catch (ClientException ex) {
                assertThat(ex.getMessage()).doesNotContain("another send");
            }
        }
        assertThat(answered).isGreaterThan(100);
        assertThat(this.sends.get()).isGreaterThan(430);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private static void givenUp(LaneClient client, int millis) throws Exception {
        BackgroundCall<Response> call = (client instanceof LaneClient.Reactive reactive)
                ? BackgroundCall.subscribed(reactive.client().get(URL))
                : BackgroundCall.onPlatformThread(() -> client.get(URL));
        Thread.sleep(millis);
        call.cancel();
        if (!call.isGivenUp()) {
            call.failure(Duration.ofSeconds(10));
        }
    }

    private static Act random(Random random) {
        synchronized (random) {
            int millis = random.nextInt(7);
            return switch (random.nextInt(4)) {
                case 0 -> Act.answer(millis, 503);
                case 1 -> Act.failure(millis, new ConnectionLostException(Phase.HEAD, "lost", null));
                default -> Act.answer(millis, 200);
            };
        }
    }

}
