package dev.outbound.client.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The token that calls share. It says to one call at a time that it has to fetch, and to
 * the others what to do meanwhile. Thread-safe.
 * <p>
 * Nothing is completed under the lock: the calls that wait go on where a result is
 * completed.
 */
final class TokenStore {

    /** For so long after a failure nobody tries again. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    /** What a call has to do. */
    sealed interface Grant {

        /** Use a token. */
        record Use(Held token) implements Grant {
        }

        /**
         * Fetch, and tell the store what came of it.
         *
         * @param result to be given to the store
         * @param old a token that is still good, or {@code null}
         */
        record Fetch(CompletableFuture<@Nullable Held> result, @Nullable Held old) implements Grant {
        }

        /**
         * Wait until another call has fetched.
         *
         * @param result the token, {@code null} if that call was given up, or its
         * {@link TokenException}
         */
        record Wait(CompletableFuture<@Nullable Held> result) implements Grant {
        }

        /** Fail, for fetching has failed a moment ago. */
        record Refuse(TokenException failure) implements Grant {
        }

    }

    /** A token and its times. Compared by identity: a server may issue one twice. */
    static final class Held {

        private final String value;

        private final @Nullable Instant renew;

        private final @Nullable Instant expires;

        private Held(Token token, Instant requested, Duration lead) {
            this.value = token.value();
            Duration lifetime = token.expiresIn();
            this.expires = (lifetime != null) ? requested.plus(lifetime) : null;
            Duration quarter = (lifetime != null) ? lifetime.dividedBy(4) : Duration.ZERO;
            this.renew = (this.expires != null) ? this.expires.minus((lead.compareTo(quarter) < 0) ? lead : quarter)
                    : null;
        }

        String value() {
            return this.value;
        }

        private boolean isGood(Instant now) {
            return this.expires == null || now.isBefore(this.expires);
        }

        private boolean isYoung(Instant now) {
            return this.renew == null || now.isBefore(this.renew);
        }

    }

    private final Duration lead;

    private @Nullable Held token;

    private @Nullable CompletableFuture<@Nullable Held> fetching;

    private @Nullable TokenException failure;

    private Instant quietUntil = Instant.MIN;

    private Instant refusedUntil = Instant.MIN;

    TokenStore(Duration lead) {
        this.lead = lead;
    }

    /** Ask for a token. */
    synchronized Grant ask(Instant now) {
        Held token = this.token;
        boolean quiet = this.failure != null && now.isBefore(this.quietUntil);
        if (token != null && token.isGood(now)) {
            return (token.isYoung(now) || this.fetching != null || quiet) ? new Grant.Use(token) : fetch(token);
        }
        if (this.fetching != null) {
            return new Grant.Wait(this.fetching);
        }
        return (quiet && this.failure != null) ? new Grant.Refuse(this.failure.copy()) : fetch(null);
    }

    private Grant fetch(@Nullable Held old) {
        CompletableFuture<@Nullable Held> result = new CompletableFuture<>();
        this.fetching = result;
        return new Grant.Fetch(result, old);
    }

    /**
     * Say that the server refuses a token.
     * @return whether it makes sense to {@linkplain #ask ask} for another
     */
    synchronized boolean refused(Held token, Instant now) {
        if (this.token == token) {
            if (now.isBefore(this.refusedUntil)) {
                return false;
            }
            this.token = null;
        }
        return true;
    }

    /**
     * Say that the server refuses also a token that was fetched because of the last one:
     * the token is not what it dislikes.
     */
    synchronized void refusedAgain(Instant now) {
        this.refusedUntil = now.plus(QUIET);
    }

    /** Say that a token is there. */
    Held fetched(CompletableFuture<@Nullable Held> result, Token token, Instant requested) {
        Held held = new Held(token, requested, this.lead);
        synchronized (this) {
            this.token = held;
            this.failure = null;
            end(result);
        }
        result.complete(held);
        return held;
    }

    /** Say that there is none to be had. */
    void failed(CompletableFuture<@Nullable Held> result, TokenException failure, Instant now) {
        synchronized (this) {
            this.failure = failure;
            this.quietUntil = now.plus(QUIET);
            end(result);
        }
        result.completeExceptionally(failure);
    }

    /** Say that the call that fetched was given up; one of those that wait goes on. */
    void abandoned(CompletableFuture<@Nullable Held> result) {
        synchronized (this) {
            end(result);
        }
        result.complete(null);
    }

    private void end(CompletableFuture<@Nullable Held> result) {
        if (this.fetching == result) {
            this.fetching = null;
        }
    }

}
