package dev.outbound.client.soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.LaneClient;

/**
 * Calls of all sorts, good ones and bad ones, from some threads at a time; and the server
 * that they go to.
 */
final class MixedTraffic {

    private static final byte[] ZIPPED = gzip("compressed ".repeat(2000));

    private static final Timeouts SILENCE = Timeouts.defaults().withRead(Duration.ofMillis(50));

    /** As exact as times are told, in nanoseconds. */
    private static final int GRAIN = 50_000;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LaneClient client;

    private final int threads;

    private final LongAdder calls = new LongAdder();

    private final Map<Sort, LongAdder> outcomes = new TreeMap<>();

    /** How many small calls have taken how long. */
    private final AtomicIntegerArray times = new AtomicIntegerArray(10_000);

    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

    MixedTraffic(LaneClient client, int threads) {
        this.client = client;
        this.threads = threads;
        for (Sort sort : Sort.values()) {
            this.outcomes.put(sort, new LongAdder());
        }
    }

    /** What is called, with how it is to end. */
    private enum Sort {

        SMALL(null), LARGE(null), POST(null), ZIPPED(null), LEFT(null), BUSY(null), LAST(null),
        CUT(TruncatedBodyException.class), SILENT(ReadTimeoutException.class), CANCELLED(CancelledException.class);

        private final @Nullable Class<? extends Exception> failure;

        Sort(@Nullable Class<? extends Exception> failure) {
            this.failure = failure;
        }

    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return bytes.toByteArray();
    }

    static void serve(Connection connection) throws Exception {
        boolean[] busy = new boolean[1];
        for (String request = connection.readRequest(); request != null; request = connection.readRequest()) {
            String path = request.substring(request.indexOf('/') + 1, request.indexOf(" HTTP/1.1"));
            switch (Sort.valueOf(path)) {
                case SMALL, POST, CANCELLED -> connection.respond(200, "served");
                case LARGE, LEFT -> connection.respond(200, "x".repeat(100_000));
                case ZIPPED -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + ZIPPED.length
                            + "\r\n\r\n");
                    connection.write(ZIPPED);
                }
                case BUSY -> {
                    busy[0] = !busy[0];
                    connection.respond(busy[0] ? 503 : 200, "served");
                }
                case LAST -> {
                    connection.respond(200, "served", "Connection: close");
                    return;
                }
                case CUT -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                    return;
                }
                case SILENT -> {
                    connection.hold();
                    return;
                }
            }
        }
    }

    /** Call for a while, and wait until all calls have ended. */
    void run(Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < this.threads; i++) {
            Thread thread = new Thread(() -> {
                while (System.nanoTime() < end) {
                    call(Sort.values()[ThreadLocalRandom.current().nextInt(Sort.values().length)]);
                }
            }, "soak-" + i);
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }
    }

    private void call(Sort sort) {
        this.calls.increment();
        try {
            String url = "/" + sort;
            switch (sort) {
                case SMALL -> time(() -> this.client.get(url));
                case LARGE, ZIPPED, BUSY, LAST -> this.client.get(url);
                case POST -> this.client.post(url, (spec) -> spec.bytes(new byte[64 * 1024]));
                case LEFT -> this.client.leave(url, 100);
                case CUT -> this.client.get(url, (spec) -> spec.retry(null));
                case SILENT -> this.client.get(url, (spec) -> spec.timeouts(SILENCE).retry(null));
                case CANCELLED -> cancel(url);
            }
            this.outcomes.get(sort).increment();
            if (sort.failure != null && sort != Sort.CANCELLED) {
                this.surprises.add(sort + " was answered");
            }
        }
        catch (Throwable ex) {
            if (sort.failure == null || !sort.failure.isInstance(ex)) {
                this.surprises.add(sort + ": " + ex);
            }
            this.outcomes.get(sort).increment();
        }
    }

    private void time(Runnable call) {
        long start = System.nanoTime();
        call.run();
        long grains = (System.nanoTime() - start) / GRAIN;
        this.times.incrementAndGet((int) Math.min(grains, this.times.length() - 1));
    }

    /**
     * Return what 99 of 100 small calls have taken at most since this was asked last.
     */
    Duration percentile99() {
        long total = 0;
        for (int i = 0; i < this.times.length(); i++) {
            total += this.times.get(i);
        }
        long below = 0;
        int found = -1;
        for (int i = 0; i < this.times.length(); i++) {
            below += this.times.getAndSet(i, 0);
            if (found < 0 && 100 * below >= 99 * total) {
                found = i;
            }
        }
        return Duration.ofNanos((found + 1L) * GRAIN);
    }

    private void cancel(String url) throws Exception {
        BackgroundCall<?> call = Calls.get(this.client, url);
        TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextInt(2000));
        call.cancel();
        if (!call.isGivenUp()) {
            Throwable failure = call.failure(PATIENCE);
            if (failure != null && !(failure instanceof CancelledException)) {
                throw new AssertionError("A call that was cancelled failed", failure);
            }
        }
    }

    long calls() {
        return this.calls.sum();
    }

    Map<?, ?> outcomes() {
        return this.outcomes;
    }

    List<String> surprises() {
        return List.copyOf(this.surprises);
    }

}
