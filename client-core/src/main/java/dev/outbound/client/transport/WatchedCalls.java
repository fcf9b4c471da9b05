package dev.outbound.client.transport;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Some of the calls that the watchdog looks at, linked through themselves: to add one and
 * to take it out allocates nothing. Thread-safe.
 */
final class WatchedCalls {

    private @Nullable Cancellation first;

    synchronized void add(Cancellation call) {
        Cancellation next = this.first;
        call.among = this;
        call.next = next;
        if (next != null) {
            next.previous = call;
        }
        this.first = call;
    }

    /** Take a call out, if it is still among these. */
    synchronized void remove(Cancellation call) {
        if (call.among != this) {
            return;
        }
        Cancellation previous = call.previous;
        Cancellation next = call.next;
        if (previous != null) {
            previous.next = next;
        }
        else {
            this.first = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        call.among = null;
        call.previous = null;
        call.next = null;
    }

    synchronized boolean isEmpty() {
        return this.first == null;
    }

    synchronized void addTo(List<Cancellation> calls) {
        for (Cancellation call = this.first; call != null; call = call.next) {
            calls.add(call);
        }
    }

}
