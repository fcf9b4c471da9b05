package dev.outbound.client;

import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

import dev.outbound.client.guard.Guard;
import dev.outbound.client.guard.GuardSettings;
import dev.outbound.client.retry.Hedges;

/**
 * What a call of a client goes by.
 *
 * @param generation the session's settings and engines
 * @param settings the client's own settings: the session's, or what a copy made of them
 * @param policies what an exchange asks
 * @param guarded whether requests pass the guard, and are hedged; those that watch the
 * upstream do neither
 */
record Terms(Generation generation, ClientSettings settings, Exchange.Policies policies, boolean guarded) {

    private static final Guard NO_GUARD = Guard.of(GuardSettings.none());

    Guard guard(ContextView context) {
        return this.guarded ? this.generation.guard(context) : NO_GUARD;
    }

    /** The hedges of a call, or {@code null} where none are sent. */
    @Nullable Hedges hedges(ContextView context) {
        return this.guarded ? this.generation.hedges(context) : null;
    }

}
