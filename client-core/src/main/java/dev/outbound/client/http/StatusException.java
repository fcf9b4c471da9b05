package dev.outbound.client.http;

/**
 * The server answered, and the status is not one of success. Thrown by
 * {@code raiseForStatus()} only; carries the response.
 *
 * @since 0.1
 */
public final class StatusException extends ClientException {

    private static final long serialVersionUID = 1L;

    private final transient AbstractResponse response;

    StatusException(AbstractResponse response) {
        super(describe(response), null);
        this.response = response;
    }

    private static String describe(AbstractResponse response) {
        int status = response.statusCode();
        String kind = switch (status / 100) {
            case 1 -> "Informational response";
            case 3 -> "Redirect response";
            case 4 -> "Client error";
            case 5 -> "Server error";
            default -> "Unknown status";
        };
        String reason = response.reasonPhrase();
        return kind + " " + status + (reason.isEmpty() ? "" : " " + Text.escape(reason, 100));
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
        return this.response.statusCode();
    }

    @Override
    public Phase phase() {
        return Phase.HEAD;
    }

}
