package dev.outbound.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A way to call a contender for some time.
 */
enum Load {

    /** One thread, one call after the other. */
    ONE,

    /** 64 threads. */
    PLATFORM,

    /** 64 virtual threads. */
    VIRTUAL,

    /** 64 calls at a time without a thread for each. */
    REACTIVE;

    private static final int IN_FLIGHT = 64;

    /** Return how a contender's row under this load is called. */
    String named(String contender) {
        return switch (this) {
            case ONE -> contender;
            case PLATFORM -> contender + ", 64 threads";
            case VIRTUAL -> contender + ", 64 virtual threads";
            case REACTIVE -> contender + ", 64 in flight";
        };
    }

    /** Return how many calls were answered. */
    long run(Contender contender, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        return switch (this) {
            case ONE -> loop(contender, end);
            case PLATFORM -> threads(contender, end, Executors.newFixedThreadPool(IN_FLIGHT));
            case VIRTUAL -> threads(contender, end, virtualThreads());
            case REACTIVE -> reactive(contender, end);
        };
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static long loop(Contender contender, long end) throws Exception {
        long calls = 0;
        while (System.nanoTime() < end) {
            check(contender.call());
            calls++;
        }
        return calls;
    }

    private static void check(Item item) {
        if (item.id() != 4711) {
            throw new IllegalStateException("This was not asked for: " + item);
        }
    }

    private static long threads(Contender contender, long end, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        try {
            List<Future<Long>> loops = new ArrayList<>();
            for (int i = 0; i < IN_FLIGHT; i++) {
                loops.add(threads.submit(() -> loop(contender, end)));
            }
            long calls = 0;
            for (Future<Long> loop : loops) {
                calls += loop.get();
            }
            return calls;
        }
        finally {
            threads.shutdown();
        }
    }

    private static long reactive(Contender contender, long end) {
        Long calls = Flux.range(0, IN_FLIGHT)
            .flatMap((lane) -> Mono.defer(contender::send)
                .doOnNext(Load::check)
                .repeat(() -> System.nanoTime() < end)
                .count(), IN_FLIGHT)
            .reduce(0L, Long::sum)
            .block();
        return (calls != null) ? calls : 0;
    }

}
