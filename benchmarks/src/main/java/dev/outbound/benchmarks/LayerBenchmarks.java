package dev.outbound.benchmarks;

import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.web.util.DefaultUriBuilderFactory;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Url;

/**
 * What a call is made of, alone and without a network.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class LayerBenchmarks {

    private final Url base = Url.parse("https://api.example.com/v1");

    private final FieldLines defaults = FieldLines.empty()
        .with("Accept", "application/json")
        .with("User-Agent", "benchmarks");

    private final FieldLines own = FieldLines.empty().with("X-Request", "1");

    private final DefaultUriBuilderFactory uris = new DefaultUriBuilderFactory("https://api.example.com/v1");

    private final ObservationRegistry observations = Observations.asInBoot();

    private final Timer timer = Timer.builder("timer").register(new SimpleMeterRegistry());

    private final RetryTemplate retry = new RetryTemplate(RetryPolicy.builder().maxRetries(2).build());

    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    private final Contender mocked = MockedContender.open();

    private final Contender mockedReactive = MockedContender.reactive();

    @Benchmark
    public Item json() {
        return Json.read(Item.JSON);
    }

    @Benchmark
    public URI uriOfSpring() {
        return this.uris.expand("/json");
    }

    @Benchmark
    public URI uriOfTheJdk() {
        return URI.create("https://api.example.com/v1/json");
    }

    @Benchmark
    public Object urlBelowABase() {
        return this.base.append(Url.parse("/json"));
    }

    @Benchmark
    public @Nullable Object urlBelowABaseSimply() {
        return this.base.appendSimple("/json");
    }

    @Benchmark
    public FieldLines mergedHeaders() {
        return this.defaults.merge(this.own);
    }

    @Benchmark
    public Observation observation() {
        Observation observation = Observation.start("observation", this.observations);
        observation.openScope().close();
        observation.stop();
        return observation;
    }

    @Benchmark
    public void cachedTimer() {
        this.timer.record(1, TimeUnit.MILLISECONDS);
    }

    @Benchmark
    public @Nullable Object retryOfSpring() throws RetryException {
        return this.retry.execute(() -> this.own);
    }

    @Benchmark
    public @Nullable Object handOver() throws InterruptedException, ExecutionException {
        return this.executor.submit(() -> this.own).get();
    }

    @Benchmark
    public Item mockedCall() throws Exception {
        return this.mocked.call();
    }

    @Benchmark
    public Item mockedReactiveCall() throws Exception {
        return this.mockedReactive.call();
    }

    @TearDown
    public void shutDown() throws Exception {
        this.executor.shutdown();
        this.mocked.close();
        this.mockedReactive.close();
    }

}
