package dev.outbound.client.auth;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.auth.TokenStore.Grant;
import dev.outbound.client.auth.TokenStore.Held;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TotalTimeoutException;

/**
 * Authentication of one call with a shared token: uses it, fetches it, or waits for the
 * call that does.
 */
final class TokenFlow implements AuthFlow {

    private final TokenAuth scheme;

    private final TokenStore store;

    private final Instant now;

    private @Nullable Request call;

    private @Nullable Held token;

    private Grant.@Nullable Fetch fetching;

    private @Nullable Request tokenRequest;

    private @Nullable CompletableFuture<@Nullable Held> waitingFor;

    private boolean refused;

    TokenFlow(TokenAuth scheme, Instant now) {
        this.scheme = scheme;
        this.store = scheme.store();
        this.now = now;
    }

    @Override
    public AuthStep start(Request request) {
        this.call = request;
        return follow(this.store.ask(this.now));
    }

    private AuthStep follow(Grant grant) {
        if (grant instanceof Grant.Use use) {
            return send(use.token());
        }
        if (grant instanceof Grant.Fetch fetch) {
            TokenSource source = this.scheme.source();
            if (source != null) {
                return fetch(source, fetch);
            }
            this.fetching = fetch;
            Request request = this.scheme.tokenRequest(call());
            this.tokenRequest = request;
            return AuthStep.send(request);
        }
        if (grant instanceof Grant.Wait wait) {
            this.waitingFor = wait.result();
            return AuthStep.await(wait.result());
        }
        throw ((Grant.Refuse) grant).failure();
    }

    /** The call may end before the token is there; others wait for it, too. */
    private AuthStep fetch(TokenSource source, Grant.Fetch fetch) {
        CompletionStage<Token> stage;
        try {
            stage = source.fetch((this.refused && this.token != null) ? this.token.value() : null);
        }
        catch (RuntimeException ex) {
            stage = CompletableFuture.failedStage(ex);
        }
        stage.whenComplete((token, ex) -> {
            if (ex == null && token != null) {
                this.store.fetched(fetch.result(), token, this.now);
            }
            else {
                this.store.failed(fetch.result(), noToken(ex), this.now);
            }
        });
        Held old = fetch.old();
        if (old != null) {
            return send(old);
        }
        this.waitingFor = fetch.result();
        return AuthStep.await(fetch.result());
    }

    private static TokenException noToken(@Nullable Throwable thrown) {
        Throwable cause = (thrown instanceof CompletionException && thrown.getCause() != null) ? thrown.getCause()
                : thrown;
        String problem = (cause != null) ? String.valueOf(cause.getMessage()) : "the source gave none";
        return new TokenException("there is no token: " + problem, 0, cause);
    }

    private AuthStep send(Held token) {
        this.token = token;
        return AuthStep.send(this.scheme.attach(call(), token));
    }

    private Request call() {
        return Objects.requireNonNull(this.call, "The flow was not started");
    }

    /** Only the answer to the token request: that to the call may be a stream. */
    @Override
    public boolean readsBody() {
        return this.fetching != null;
    }

    @Override
    public AuthStep responded(Response response) {
        Grant.Fetch fetch = this.fetching;
        if (fetch != null) {
            return fetched(fetch, response);
        }
        Held token = this.token;
        if (response.statusCode() != 401 || token == null || !response.url().hasSameOrigin(call().url())) {
            return AuthStep.accept();
        }
        if (this.refused) {
            this.store.refusedAgain(this.now);
            return AuthStep.accept();
        }
        this.refused = true;
        if (!this.store.refused(token, this.now) || !call().isRepeatable()) {
            return AuthStep.accept();
        }
        Grant grant = this.store.ask(this.now);
        // The refusal says more to the caller than that there is no other token.
        return (grant instanceof Grant.Refuse) ? AuthStep.accept() : follow(grant);
    }

    private AuthStep fetched(Grant.Fetch fetch, Response response) {
        if (!response.status().is2xxSuccessful()) {
            String error = TokenResponse.error(response);
            return failed(fetch, "answered " + response.statusCode() + (error.isEmpty() ? "" : " (" + error + ")"),
                    response.statusCode(), null, this.now.plus(response.elapsed()));
        }
        Token token;
        try {
            token = this.scheme.read(response);
        }
        catch (RuntimeException ex) {
            String problem = (ex instanceof RequestException failure) ? failure.detail() : ex.getMessage();
            return failed(fetch, "gave an answer that cannot be used: " + problem, response.statusCode(), ex,
                    this.now.plus(response.elapsed()));
        }
        this.fetching = null;
        return send(this.store.fetched(fetch.result(), token, this.now));
    }

    @Override
    public @Nullable AuthStep failed(RequestException failure) {
        Grant.Fetch fetch = this.fetching;
        // What ended this call only says nothing of the token endpoint: another call
        // tries.
        if (fetch == null || failure instanceof CancelledException || failure instanceof TotalTimeoutException) {
            return null;
        }
        return failed(fetch, "cannot be reached: " + failure.detail(), 0, failure, this.now);
    }

    private AuthStep failed(Grant.Fetch fetch, String problem, int status, @Nullable Throwable cause, Instant when) {
        this.fetching = null;
        String url = (this.tokenRequest != null) ? this.tokenRequest.url().redacted() : "";
        TokenException failure = new TokenException("there is no token: " + url + " " + problem, status, cause);
        this.store.failed(fetch.result(), failure, when);
        Held old = fetch.old();
        if (old != null) {
            return send(old);
        }
        throw failure.copy();
    }

    @Override
    public AuthStep awaited() {
        CompletableFuture<@Nullable Held> result = Objects.requireNonNull(this.waitingFor);
        this.waitingFor = null;
        try {
            Held token = result.join();
            return (token != null) ? send(token) : follow(this.store.ask(this.now));
        }
        catch (CompletionException ex) {
            throw (ex.getCause() instanceof TokenException failure) ? failure.copy() : ex;
        }
    }

    @Override
    public void close() {
        Grant.Fetch fetch = this.fetching;
        if (fetch != null) {
            this.fetching = null;
            this.store.abandoned(fetch.result());
        }
    }

}
