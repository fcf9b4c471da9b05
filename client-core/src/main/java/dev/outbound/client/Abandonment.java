package dev.outbound.client;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CallContext;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.transport.TransportResponse;

/**
 * What becomes of a streamed response that its caller has forgotten: when the collector
 * finds that nobody can close it any more, its connection is closed and its call ends,
 * with a warning. Knows nothing of the body, or that could never be found.
 */
final class Abandonment implements Runnable {

    private static final Log log = LogFactory.getLog(Abandonment.class);

    private static final Cleaner CLEANER = Cleaner.create((task) -> {
        Thread thread = new Thread(task, "outbound-abandoned");
        thread.setDaemon(true);
        return thread;
    });

    private final BlockingDriver driver;

    private final @Nullable TransportResponse response;

    private final CallContext context;

    private final AtomicBoolean ended = new AtomicBoolean();

    /** Where the response was opened, as far as that is to be found out. */
    private final @Nullable Throwable opened = log.isDebugEnabled() ? new Throwable("Opened here") : null;

    private Cleaner.@Nullable Cleanable watch;

    Abandonment(BlockingDriver driver, @Nullable TransportResponse response, CallContext context) {
        this.driver = driver;
        this.response = response;
        this.context = context;
    }

    /** Watch what only the caller holds. */
    void watch(Object held) {
        this.watch = CLEANER.register(held, this);
    }

    /**
     * Note the end of the call.
     * @return whether this is the first one
     */
    boolean end() {
        boolean first = this.ended.compareAndSet(false, true);
        Cleaner.Cleanable watch = this.watch;
        if (first && watch != null) {
            watch.clean();
        }
        return first;
    }

    boolean isOver() {
        return this.ended.get();
    }

    /**
     * Called by the collector's thread, or at the end of the call, when it does nothing.
     */
    @Override
    public void run() {
        if (!this.ended.compareAndSet(false, true)) {
            return;
        }
        String name = this.context.clientName();
        log.warn(
                "A streamed response of " + ((name != null) ? "client '" + name + "'" : "a client without a name")
                        + " (" + this.context.method() + " " + this.context.uri()
                        + ") was never closed, and its connection was lost to others until now."
                        + " Use try-with-resources" + ((this.opened != null) ? "." : ", and set the logger "
                                + Abandonment.class.getName() + " to DEBUG to learn where it was opened."),
                this.opened);
        if (this.response != null) {
            this.response.abort();
        }
        this.driver.end(new CancelledException(Phase.BODY, "its streamed response was never closed", null));
    }

}
