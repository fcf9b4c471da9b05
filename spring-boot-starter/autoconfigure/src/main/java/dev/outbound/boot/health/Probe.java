package dev.outbound.boot.health;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;

import dev.outbound.boot.ProbeProperties;
import dev.outbound.client.RequestSpec;
import dev.outbound.client.Session;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.StreamedResponse;

/**
 * Asks an upstream whether it is well, when somebody wants to know and the last answer is
 * too old. While one asks, others get the last answer and do not wait. Thread-safe.
 */
final class Probe {

    private final Supplier<Session> session;

    private final LongSupplier nanoTime;

    /** Stands for the request that is on its way. */
    private final AtomicReference<@Nullable Object> asking = new AtomicReference<>();

    private volatile @Nullable Answer latest;

    Probe(Supplier<Session> session, LongSupplier nanoTime) {
        this.session = session;
        this.nanoTime = nanoTime;
    }

    /**
     * Ask.
     * @param how what is configured
     * @return the answer, or {@code null} while the first one is being waited for
     */
    @Nullable Answer ask(ProbeProperties how) {
        Object asking = new Object();
        if (isDue(how) && this.asking.compareAndSet(null, asking)) {
            try {
                this.latest = send(how);
            }
            finally {
                this.asking.set(null);
            }
        }
        return latest(how);
    }

    /**
     * Ask without blocking. Completes empty while the first answer is being waited for.
     */
    Mono<Answer> askReactive(ProbeProperties how) {
        return Mono.defer(() -> {
            Object asking = new Object();
            if (isDue(how) && this.asking.compareAndSet(null, asking)) {
                // Before the answer is passed on: who has it may ask again.
                return sendReactive(how).doOnNext((answer) -> {
                    this.latest = answer;
                    this.asking.compareAndSet(asking, null);
                }).doFinally((signal) -> this.asking.compareAndSet(asking, null));
            }
            return Mono.justOrEmpty(latest(how));
        });
    }

    private boolean isDue(ProbeProperties how) {
        Answer latest = latest(how);
        return latest == null || this.nanoTime.getAsLong() - latest.at() >= how.getInterval().toNanos();
    }

    /** An answer to what was asked before a change of the settings is none. */
    private @Nullable Answer latest(ProbeProperties how) {
        Answer latest = this.latest;
        return (latest != null && latest.how() == how) ? latest : null;
    }

    private Answer send(ProbeProperties how) {
        long start = this.nanoTime.getAsLong();
        try (StreamedResponse response = this.session.get()
            .probe()
            .stream(method(how), how.getPath(), (spec) -> describe(spec, how))) {
            return answered(how, start, response.statusCode());
        }
        catch (RuntimeException ex) {
            return failed(how, start, ex);
        }
    }

    private Mono<Answer> sendReactive(ProbeProperties how) {
        long start = this.nanoTime.getAsLong();
        return Mono.fromSupplier(this.session)
            .flatMapMany((session) -> session.reactiveProbe()
                .stream(method(how), how.getPath(), (spec) -> describe(spec, how),
                        (response) -> Mono.just(response.statusCode())))
            .single()
            .map((status) -> answered(how, start, status))
            .onErrorResume(RuntimeException.class, (ex) -> Mono.just(failed(how, start, ex)));
    }

    private static HttpMethod method(ProbeProperties how) {
        return HttpMethod.valueOf(how.getMethod().name());
    }

    private static void describe(RequestSpec spec, ProbeProperties how) {
        spec.template(how.getPath()).total(how.getTimeout()).retry(null).raiseForStatus(false);
    }

    private Answer answered(ProbeProperties how, long start, int status) {
        return answer(how, start, how.accepts(status), "status " + status);
    }

    private Answer failed(ProbeProperties how, long start, RuntimeException failure) {
        String detail = (failure instanceof ClientException ex) ? ex.detail() : failure.getMessage();
        return answer(how, start, false, failure.getClass().getSimpleName() + ": " + detail);
    }

    private Answer answer(ProbeProperties how, long start, boolean well, String outcome) {
        long now = this.nanoTime.getAsLong();
        return new Answer(how, now, well, outcome, Duration.ofNanos(now - start));
    }

    /**
     * What an upstream has answered.
     *
     * @param how what it was asked
     * @param at when, in nanoseconds
     * @param well whether it is as it should be
     * @param outcome the status or the failure
     * @param elapsed how long it took
     */
    record Answer(ProbeProperties how, long at, boolean well, String outcome, Duration elapsed) {

    }

}
