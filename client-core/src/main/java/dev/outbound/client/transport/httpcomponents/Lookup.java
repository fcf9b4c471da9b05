package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.Cancellation;

/**
 * Looks host names up, on threads of its own: the JDK's resolver can be neither limited
 * nor interrupted. Only new connections to names come here; an address needs no lookup.
 */
final class Lookup {

    private static final int MAX_THREADS = 64;

    private static final Executor THREADS = new ThreadPoolExecutor(0, MAX_THREADS, 1, TimeUnit.SECONDS,
            new SynchronousQueue<>(), Lookup::thread, new ThreadPoolExecutor.CallerRunsPolicy());

    private final Resolver resolver;

    Lookup(Resolver resolver) {
        this.resolver = resolver;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "outbound-lookup");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Return the addresses of a host.
     * @param host a name or an address
     * @param limit how long to wait, in nanoseconds
     * @param cancellation the call
     * @return the addresses, or {@code null} when the time ran out
     * @throws IOException if there are none, or the thread was interrupted
     */
    InetAddress @Nullable [] addresses(String host, long limit, Cancellation cancellation) throws IOException {
        if (isAddress(host)) {
            return this.resolver.resolve(host);
        }
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        THREADS.execute(() -> {
            try {
                answer.complete(this.resolver.resolve(host));
            }
            catch (Throwable ex) {
                answer.completeExceptionally(ex);
            }
        });
        long deadline = cancellation.deadline();
        long left = (deadline != Cancellation.NO_DEADLINE) ? deadline - System.nanoTime() : Long.MAX_VALUE;
        try {
            return answer.get(Math.min(limit, left), TimeUnit.NANOSECONDS);
        }
        catch (TimeoutException ex) {
            if (left <= limit) {
                cancellation.cancel(Cancellation.Cause.DEADLINE);
            }
            return null;
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        catch (ExecutionException ex) {
            if (ex.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException("The lookup of '" + host + "' failed", ex.getCause());
        }
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch((c) -> c == '.' || (c >= '0' && c <= '9'));
    }

    /** Knows addresses of names; may block. */
    interface Resolver {

        InetAddress[] resolve(String host) throws UnknownHostException;

    }

}
