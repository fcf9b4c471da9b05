package dev.outbound.client.transport;

/**
 * The calls of one client that are running and watched. They are found among all that the
 * watchdog looks at, so that nothing is counted for each call. Thread-safe.
 *
 * @since 0.1
 */
public final class RunningCalls {

    /**
     * Begin to look after a call, as {@link Cancellation#watch()} does.
     * @param call the call, which is among these until it is
     * {@linkplain Cancellation#unwatch() unwatched}
     */
    public void watch(Cancellation call) {
        call.belongsTo(this);
        call.watch();
    }

    /**
     * End those that are running now, for their client is closed.
     */
    public void cancel() {
        Watchdog.forEach(this, (call) -> call.cancel(Cancellation.Cause.CLOSED));
    }

}
