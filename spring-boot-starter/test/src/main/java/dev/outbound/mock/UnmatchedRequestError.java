package dev.outbound.mock;

/**
 * No route of a router matches a request. The message tells which routes come nearest,
 * and the route that would match.
 *
 * @since 0.1
 */
public final class UnmatchedRequestError extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final transient SentRequest request;

    UnmatchedRequestError(SentRequest request, String report) {
        super(report);
        this.request = request;
    }

    public SentRequest request() {
        return this.request;
    }

}
