package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Lookup;
import dev.outbound.client.transport.NameResolver;
import dev.outbound.client.transport.Route;

/**
 * Finds the addresses of a route, and waits for them no longer than its call may.
 */
final class Addresses {

    private static final NameResolver SYSTEM = (host) -> List.of(InetAddress.getAllByName(host));

    private Addresses() {
    }

    /**
     * Return the addresses of a route.
     * @param limit how long to wait, in nanoseconds
     * @param cancellation the call
     * @param wire the connection to be opened, whose closing breaks it off
     * @return the addresses, or {@code null} when the time ran out
     * @throws IOException if there are none, or the thread was interrupted
     */
    static @Nullable List<InetAddress> of(Route route, long limit, Cancellation cancellation, Wire wire)
            throws IOException {
        List<InetAddress> known = route.knownAddresses();
        if (known != null) {
            return known;
        }
        long deadline = cancellation.deadline();
        long left = (deadline != Cancellation.NO_DEADLINE) ? deadline - System.nanoTime() : Long.MAX_VALUE;
        CompletableFuture<List<InetAddress>> lookup = Lookup.begin(route, SYSTEM);
        try {
            wire.awaits(lookup);
            return lookup.get(Math.min(limit, left), TimeUnit.NANOSECONDS);
        }
        catch (CancellationException ex) {
            throw new SocketException("The connection was closed");
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
            if (ex.getCause() instanceof RequestException cause) {
                throw cause;
            }
            throw new IOException("The lookup of '" + route.host() + "' failed", ex.getCause());
        }
    }

}
