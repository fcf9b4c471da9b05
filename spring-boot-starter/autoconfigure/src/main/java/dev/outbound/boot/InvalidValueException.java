package dev.outbound.boot;

/**
 * A text is not a value of its key. Never leaves the reading of the configuration.
 */
final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String action;

    InvalidValueException(String reason, String action) {
        super(reason, null, false, false);
        this.action = action;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    String action() {
        return this.action;
    }

}
