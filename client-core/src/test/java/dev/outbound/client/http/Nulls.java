package dev.outbound.client.http;

import org.jspecify.annotations.NullUnmarked;

/**
 * Gives what callers without a null checker may give.
 */
@NullUnmarked
final class Nulls {

    private Nulls() {
    }

    static String nullString() {
        return null;
    }

    static <T> T of(Class<T> type) {
        return null;
    }

}
