package dev.outbound.client;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.guard.CallStatistics;

/**
 * The terms of a client as they are now: made once for each generation of its session.
 * What was changed for a copy is changed anew in each. Thread-safe.
 */
final class CurrentTerms {

    private final Session session;

    private final CallStatistics statistics;

    private final @Nullable CurrentTerms origin;

    private final Consumer<ClientBuilder> change;

    private volatile Terms terms;

    CurrentTerms(Session session, CallStatistics statistics) {
        this.session = session;
        this.statistics = statistics;
        this.origin = null;
        this.change = (builder) -> {
        };
        this.terms = make(session.generation());
    }

    private CurrentTerms(CurrentTerms origin, Consumer<ClientBuilder> change) {
        this.session = origin.session;
        this.statistics = origin.statistics;
        this.origin = origin;
        this.change = change;
        this.terms = make(origin.get().generation());
    }

    /** The terms of a copy. */
    CurrentTerms with(Consumer<ClientBuilder> change) {
        return new CurrentTerms(this, change);
    }

    private Terms make(Generation generation) {
        ClientSettings settings = settings(generation);
        return new Terms(generation, settings, Session.policies(generation, settings, this.statistics),
                this.statistics == this.session.statistics());
    }

    private ClientSettings settings(Generation generation) {
        if (this.origin == null) {
            return generation.settings();
        }
        ClientBuilder builder = new ClientBuilder(this.origin.settings(generation));
        this.change.accept(builder);
        return builder.settings();
    }

    Terms get() {
        Generation generation = this.session.generation();
        Terms terms = this.terms;
        if (terms.generation() != generation) {
            terms = make(generation);
            this.terms = terms;
        }
        return terms;
    }

    /**
     * Begin a call: its generation is to be {@linkplain Generation#leave() left} when it
     * has ended.
     * @throws IllegalStateException if the session was closed
     */
    Terms enter() {
        while (true) {
            Terms terms = get();
            if (this.session.isClosed()) {
                throw terms.generation().closedFailure();
            }
            if (terms.generation().enter()) {
                return terms;
            }
        }
    }

    Session session() {
        return this.session;
    }

}
