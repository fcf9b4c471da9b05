package dev.outbound.client.auth;

import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;

/**
 * Authentication with a token that one call fetches for all.
 */
final class TokenAuth implements Auth {

    private final @Nullable TokenSource source;

    private final Supplier<Request> request;

    private final Function<Response, Token> reader;

    private final BiFunction<Request, String, Request> attach;

    private final TokenStore store;

    TokenAuth(Supplier<Request> request, Function<Response, Token> reader, BiFunction<Request, String, Request> attach,
            TokenStore store) {
        this.source = null;
        this.request = request;
        this.reader = reader;
        this.attach = attach;
        this.store = store;
    }

    TokenAuth(TokenSource source, TokenStore store) {
        this.source = source;
        this.request = () -> {
            throw new IllegalStateException("Tokens come from a source, and not by a request");
        };
        this.reader = TokenResponse::read;
        this.attach = TokenAuthBuilder.BEARER;
        this.store = store;
    }

    /** Where tokens come from, or {@code null} where they are requested. */
    @Nullable TokenSource source() {
        return this.source;
    }

    @Override
    public AuthFlow begin(Instant now) {
        return new TokenFlow(this, now);
    }

    /**
     * Return the request for a token, which has nothing of the call but its time limits.
     */
    Request tokenRequest(Request call) {
        return this.request.get().withTimeouts(call.timeouts());
    }

    Token read(Response response) {
        return this.reader.apply(response);
    }

    Request attach(Request call, TokenStore.Held token) {
        return this.attach.apply(call, token.value());
    }

    TokenStore store() {
        return this.store;
    }

    @Override
    public String toString() {
        return "token authentication";
    }

}
