package dev.outbound.mock;

import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * A request that a router has answered. Each attempt of a call is one. Immutable.
 *
 * @since 0.1
 */
public final class MockCall implements AssertProvider<MockCallAssert> {

    private final SentRequest request;

    private final @Nullable Route route;

    private final Reply reply;

    MockCall(SentRequest request, @Nullable Route route, Reply reply) {
        this.request = request;
        this.route = route;
        this.reply = reply;
    }

    public SentRequest request() {
        return this.request;
    }

    /**
     * Return the route that answered.
     * @return the route, or {@code null} if no route matched and the router allows that
     */
    public @Nullable Route route() {
        return this.route;
    }

    /**
     * Return whether the router itself gave a response.
     * @return {@code false} if it failed the request or passed it on
     */
    public boolean hasResponse() {
        Fault fault = this.reply.fault();
        return this.reply.upstream() == null && (fault == null || !fault.isInsteadOfHead());
    }

    /**
     * Return the status of the response.
     * @return its code
     * @throws IllegalStateException if the router gave no response
     */
    public int status() {
        if (!hasResponse()) {
            throw new IllegalStateException(this + " has no response");
        }
        return this.reply.status();
    }

    Reply reply() {
        return this.reply;
    }

    /**
     * Return whether the request was passed on to another upstream.
     * @return whether somebody else answered
     */
    public boolean isPassedOn() {
        return this.reply.upstream() != null;
    }

    /** For {@code assertThat(call)}. */
    @Override
    public MockCallAssert assertThat() {
        return new MockCallAssert(this);
    }

    /**
     * Return the request and what became of it.
     */
    @Override
    public String toString() {
        return this.request + " -> " + this.reply;
    }

}
