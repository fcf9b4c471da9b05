package dev.outbound.client;

import reactor.util.context.ContextView;

import dev.outbound.client.guard.Guard;
import dev.outbound.client.guard.GuardSettings;

/**
 * What a call of a client goes by.
 *
 * @param generation the session's settings and engines
 * @param settings the client's own settings: the session's, or what a copy made of them
 * @param policies what an exchange asks
 * @param guarded whether requests pass the guard; those that watch the upstream do not
 */
record Terms(Generation generation, ClientSettings settings, Exchange.Policies policies, boolean guarded) {

    private static final Guard NO_GUARD = Guard.of(GuardSettings.none());

    Guard guard(ContextView context) {
        return this.guarded ? this.generation.guard(context) : NO_GUARD;
    }

}
