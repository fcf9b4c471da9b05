package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * A head that is that of another response: for transports around other transports, which
 * change no more than the body, or what its end is.
 *
 * <pre class="code">
 * record Logged(TransportResponse head) implements DelegatingHead, TransportResponse {
 *     …
 * }
 * </pre>
 *
 * @since 0.1
 */
public interface DelegatingHead extends ResponseHead {

    /**
     * Return the other head.
     * @return always the same
     */
    ResponseHead head();

    @Override
    default int statusCode() {
        return head().statusCode();
    }

    @Override
    default String reasonPhrase() {
        return head().reasonPhrase();
    }

    @Override
    default String httpVersion() {
        return head().httpVersion();
    }

    @Override
    default FieldLines fields() {
        return head().fields();
    }

    @Override
    default @Nullable String first(String name) {
        return head().first(name);
    }

}
