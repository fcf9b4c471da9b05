package dev.outbound.mock;

/**
 * A part of a request cannot be compared in that way.
 *
 * @since 0.1
 */
public final class UnsupportedLookupException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UnsupportedLookupException(String message) {
        super(message);
    }

}
