package dev.outbound.boot;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;

/**
 * Lets the application go on with its shutdown when no call waits for its response any
 * more: calls on threads of its own, and those that were only subscribed to, end as they
 * would have. How long that may take is the time that Spring gives to each phase,
 * {@code spring.lifecycle.timeout-per-shutdown-phase}.
 * <p>
 * Stops after the web server, message listeners and executors, which have calls made
 * until they are through. Calls that begin later are served until the clients are closed
 * with the singletons.
 */
final class ClientsLifecycle implements SmartLifecycle {

    /** The highest stops first: executors are the last of Spring's that make calls. */
    static final int PHASE = ExecutorConfigurationSupport.DEFAULT_PHASE - 1024;

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(10);

    private final Clients clients;

    private volatile boolean running;

    ClientsLifecycle(Clients clients) {
        this.clients = clients;
    }

    @Override
    public void start() {
        this.running = true;
    }

    @Override
    public void stop() {
        this.running = false;
    }

    /** Ends at the latest when the clients are closed: then no call waits. */
    @Override
    public void stop(Runnable callback) {
        stop();
        if (this.clients.waitingCalls() == 0) {
            callback.run();
            return;
        }
        Thread thread = new Thread(() -> {
            while (this.clients.waitingCalls() > 0) {
                LockSupport.parkNanos(this, LOOK);
            }
            callback.run();
        }, "outbound-shutdown");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    /** There is nothing to start again. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

}
