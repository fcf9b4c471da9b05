package dev.outbound.client.guard;

import java.util.concurrent.CompletionStage;

import dev.outbound.client.http.CallNotPermittedException;

/**
 * What a {@link Passage} says about a request that is to be sent.
 *
 * @since 0.1
 */
public sealed interface Ruling {

    /**
     * Send it.
     */
    record Pass() implements Ruling {

        static final Pass INSTANCE = new Pass();

    }

    /**
     * Wait, and ask again.
     *
     * @param nanos how long, in nanoseconds
     */
    record Pause(long nanos) implements Ruling {
    }

    /**
     * Wait until another request has ended, and ask again.
     *
     * @param arrival completes then
     * @param nanos the longest wait, in nanoseconds, after which to ask all the same
     */
    record Queue(CompletionStage<Void> arrival, long nanos) implements Ruling {
    }

    /**
     * Do not send it.
     *
     * @param failure what its attempt fails with
     */
    record Refuse(CallNotPermittedException failure) implements Ruling {
    }

}
