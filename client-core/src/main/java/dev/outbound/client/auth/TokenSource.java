package dev.outbound.client.auth;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Gives tokens that come from somewhere else than a request of the client: a library, a
 * file, another process. Asked by one call for all, and not again before the token it
 * gave is about to expire. Thread-safe.
 *
 * <pre class="code">
 * Auth auth = Auth.tokens((refused) -&gt; CompletableFuture.supplyAsync(vault::readToken, executor));
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TokenSource {

    /**
     * Get a token. Must not block.
     * @param refused the token that the server has refused, so that it makes no sense to
     * give it again, or {@code null}
     * @return completes with a token, or fails
     */
    CompletionStage<Token> fetch(@Nullable String refused);

}
