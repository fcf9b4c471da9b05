package dev.outbound.boot;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.util.Assert;

import dev.outbound.client.ReactiveClient;
import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.http.Request;

/**
 * Sends the token that the running request came with, or that its user has logged in
 * with: of the subscriber's security context in reactive code, else of the thread's.
 */
final class TokenRelay implements AuthFlow {

    private final String clientName;

    private final Function<OAuth2AuthenticationToken, OAuth2Token> authorizer;

    private @Nullable Request call;

    private @Nullable CompletableFuture<OAuth2Token> token;

    /**
     * Create a flow.
     * @param authorizer gets the token of a login; may block
     */
    TokenRelay(String clientName, Function<OAuth2AuthenticationToken, OAuth2Token> authorizer) {
        this.clientName = clientName;
        this.authorizer = authorizer;
    }

    @Override
    public AuthStep start(Request request) {
        this.call = request;
        this.token = securityContext(request).thenCompose(this::token);
        return this.token.isDone() ? awaited() : AuthStep.await(this.token);
    }

    private static CompletableFuture<SecurityContext> securityContext(Request request) {
        SecurityContext ofThread = SecurityContextHolder.getContext();
        if (request.attributes().get(ReactiveClient.SUBSCRIBER_CONTEXT) instanceof ContextView subscriber) {
            return ReactiveSecurityContextHolder.getContext()
                .defaultIfEmpty(ofThread)
                .contextWrite(subscriber)
                .toFuture();
        }
        return CompletableFuture.completedFuture(ofThread);
    }

    private CompletableFuture<OAuth2Token> token(@Nullable SecurityContext context) {
        Authentication authentication = (context != null) ? context.getAuthentication() : null;
        if (authentication != null && authentication.getCredentials() instanceof OAuth2Token token) {
            return CompletableFuture.completedFuture(token);
        }
        if (authentication instanceof OAuth2AuthenticationToken login) {
            return CompletableFuture.supplyAsync(() -> this.authorizer.apply(login),
                    Schedulers.boundedElastic()::schedule);
        }
        return CompletableFuture
            .failedFuture(new IllegalStateException("Client '" + this.clientName + "' relays the token of the current "
                    + "user, but the security context of this " + "thread, or of the reactive subscriber, has none"));
    }

    @Override
    public AuthStep awaited() {
        Assert.state(this.call != null && this.token != null, "The flow has not begun");
        try {
            return AuthStep
                .sendLast(this.call.withHeader("Authorization", "Bearer " + this.token.join().getTokenValue()));
        }
        catch (CompletionException ex) {
            throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
        }
    }

}
