package dev.outbound.mock;

/**
 * There is no part of a request of that name to compare.
 *
 * @since 0.1
 */
public final class UnknownPatternException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UnknownPatternException(String message) {
        super(message);
    }

}
