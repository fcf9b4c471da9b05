package dev.outbound.client.transport;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks host names up, on threads of its own: resolvers that block can be neither limited
 * nor interrupted. Only new connections to names come here; an address needs no lookup.
 *
 * @since 0.1
 */
public final class Lookup {

    private static final int MAX_THREADS = 64;

    private static final Executor THREADS = threads();

    private Lookup() {
    }

    /** Who waits behind resolvers that hang keeps its limits. */
    private static Executor threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(MAX_THREADS, MAX_THREADS, 1, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), Lookup::thread);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "outbound-lookup");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    /**
     * Begin to look up where a route leads.
     * @param route the route
     * @param engine is asked where the client has no resolver of its own
     * @return the addresses that may be connected to; it completes on a thread of lookups
     */
    public static CompletableFuture<List<InetAddress>> begin(Route route, NameResolver engine) {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        THREADS.execute(() -> {
            try {
                answer.complete(route.lookup(engine));
            }
            catch (Throwable ex) {
                answer.completeExceptionally(ex);
            }
        });
        return answer;
    }

}
