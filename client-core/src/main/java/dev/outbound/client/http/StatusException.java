package dev.outbound.client.http;

/**
 * The server answered, and the status is not one of success. Thrown by
 * {@code raiseForStatus()} only; carries the response.
 * <p>
 * The message has the beginning of a body that is text, at most 200 characters, without
 * the credentials that the request carried. That of a streamed response is read for it,
 * as far as it comes within a second.
 *
 * @since 0.1
 */
public final class StatusException extends ClientException {

    private static final long serialVersionUID = 1L;

    private final int statusCode;

    private final transient AbstractResponse response;

    private volatile String excerpt;

    StatusException(AbstractResponse response) {
        super(describe(response), null);
        this.statusCode = response.statusCode();
        this.response = response;
        this.excerpt = response.excerpt();
    }

    /** Take over the beginning of the body, which was read after this was thrown. */
    void explain() {
        this.excerpt = this.response.excerpt();
    }

    @Override
    public String detail() {
        String excerpt = this.excerpt;
        return super.detail() + (excerpt.isEmpty() ? "" : ": " + excerpt);
    }

    private static String describe(AbstractResponse response) {
        int status = response.statusCode();
        String kind = switch (status / 100) {
            case 1 -> "Informational response";
            case 3 -> "Redirect response";
            case 4 -> "Client error";
            case 5 -> "Server error";
            default -> "Invalid status code";
        };
        String reason = response.reasonPhrase();
        String target = response.hasRedirectLocation() ? target(response) : "";
        return kind + " " + status + (reason.isEmpty() ? "" : " " + Text.escape(reason, 100))
                + (target.isEmpty() ? "" : " to " + Text.escape(target, 200));
    }

    private static String target(AbstractResponse response) {
        String location = response.head().first("Location");
        try {
            return (location != null) ? Url.parse(location).redacted() : "";
        }
        catch (InvalidUrlException ex) {
            return "an invalid URL";
        }
    }

    /**
     * Return the response, a {@link Response} when it was fully read.
     * @return the response
     */
    public AbstractResponse response() {
        return this.response;
    }

    /**
     * Return the status code of the response.
     * @return the status code
     */
    public int statusCode() {
        return this.statusCode;
    }

    @Override
    public Phase phase() {
        return Phase.HEAD;
    }

}
