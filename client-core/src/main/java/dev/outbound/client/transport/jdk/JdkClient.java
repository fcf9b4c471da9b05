package dev.outbound.client.transport.jdk;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

import org.jspecify.annotations.Nullable;

/**
 * One client of the JDK, for http or for https. It follows nothing, keeps nothing, asks
 * nobody for a password or a proxy, and has no limits; those are kept above.
 * <p>
 * Its idle connections cannot be closed but with the client. So one that has connections
 * which are to go is retired: it gets no more calls, and is closed when its last one has
 * ended. Thread-safe.
 */
final class JdkClient {

    private final HttpClient client;

    private final Workers workers;

    private final Set<Traffic> open = ConcurrentHashMap.newKeySet();

    private final boolean marked;

    private int calls;

    private long idleSince = System.nanoTime();

    private boolean retired;

    private boolean closed;

    JdkClient(Connections connections, Workers workers, @Nullable SecureEngines tls, boolean http2) {
        this.workers = workers;
        this.marked = !http2;
        this.client = HttpClient.newBuilder()
            .version(http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .executor(workers)
            .sslContext(TappedContext.of(tls, () -> new Traffic(connections, this, Workers.starting())))
            .build();
    }

    /** Whether each connection serves one call at a time, and tells which one. */
    boolean isMarked() {
        return this.marked;
    }

    /**
     * Begin a call.
     * @return whether it can be sent by this client
     */
    synchronized boolean enter() {
        if (this.retired) {
            return false;
        }
        this.calls++;
        return true;
    }

    /** End a call. */
    void leave() {
        synchronized (this) {
            this.calls--;
            this.idleSince = System.nanoTime();
        }
        closeIfDone();
    }

    /** Take no more calls, and close when the last one has ended. */
    void retire() {
        synchronized (this) {
            this.retired = true;
        }
        closeIfDone();
    }

    private void closeIfDone() {
        boolean done;
        synchronized (this) {
            done = this.retired && this.calls == 0;
        }
        if (done) {
            close();
        }
    }

    /**
     * A connection was opened.
     * @return how many are open now
     */
    int opened(Traffic traffic) {
        this.open.add(traffic);
        return this.open.size();
    }

    /** A connection was closed, or is about to be. */
    void ended(Traffic traffic) {
        this.open.remove(traffic);
    }

    /** Return how many calls wait on a connection that another call has. */
    synchronized int sharing() {
        return this.marked ? 0 : Math.max(0, this.calls - Math.max(1, this.open.size()));
    }

    /** Return how many connections are open, and have no call. */
    int idle() {
        if (this.marked) {
            return (int) this.open.stream().filter(Traffic::isIdle).count();
        }
        synchronized (this) {
            return Math.max(0, this.open.size() - this.calls);
        }
    }

    /** Return whether a connection has been idle, or open, for too long. */
    boolean isOutdated(Connections connections) {
        if (this.marked) {
            return this.open.stream().anyMatch(Traffic::isOutdated);
        }
        synchronized (this) {
            return this.open.stream()
                .anyMatch((traffic) -> connections.isTooOld(traffic.opened(), (this.calls == 0) ? this.idleSince : 0));
        }
    }

    boolean hasConnections() {
        return !this.open.isEmpty();
    }

    /**
     * Send the request of an attempt, and tell it what becomes of that.
     * @return cancels it
     */
    Future<?> send(int round, Attempt attempt) {
        // Where a connection is shared, an interrupt of one call would close it for all.
        return (attempt.isBlocking() && this.marked) ? sendByThread(round, attempt) : sendAsync(round, attempt);
    }

    /**
     * Half as many threads take part as in {@link #sendAsync}, and the JDK tells of
     * failures at once.
     */
    private Future<?> sendByThread(int round, Attempt attempt) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            try {
                this.client.send(attempt.outgoing(), attempt::respond);
            }
            catch (IOException | RuntimeException | Error ex) {
                attempt.broken(round, ex);
            }
            return null;
        });
        this.workers.send(attempt, task);
        return task;
    }

    /** The JDK tells of failures on the common pool, where others may block. */
    private Future<?> sendAsync(int round, Attempt attempt) {
        CompletableFuture<CompletableFuture<HttpResponse<Inbound>>> sent = new CompletableFuture<>();
        Workers.starting(attempt, () -> sent.complete(this.client.sendAsync(attempt.outgoing(), attempt::respond)));
        CompletableFuture<HttpResponse<Inbound>> future = sent.join();
        future.whenComplete((response, thrown) -> {
            if (thrown != null) {
                attempt.broken(round, thrown);
            }
        });
        return future;
    }

    /**
     * Close all connections and end the thread that watches them. Since Java 21 the JDK
     * has a method for it; before, its thread does it when it is interrupted.
     */
    void close() {
        synchronized (this) {
            if (this.closed) {
                return;
            }
            this.retired = true;
            this.closed = true;
        }
        this.open.clear();
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(this.client);
        }
        catch (NoSuchMethodException ex) {
            interruptSelector();
        }
        catch (IllegalAccessException | InvocationTargetException ex) {
            throw new IllegalStateException("The JDK's client cannot be shut down", ex);
        }
    }

    private void interruptSelector() {
        String text = this.client.toString();
        String name = "HttpClient-" + text.substring(text.lastIndexOf('(') + 1, text.length() - 1) + "-SelectorManager";
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread[] threads = new Thread[2 * group.activeCount() + 16];
        int count = group.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().equals(name)) {
                threads[i].interrupt();
            }
        }
    }

}
