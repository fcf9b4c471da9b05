package dev.outbound.client.http;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The content codings that are known here.
 */
final class Codings {

    static final Set<String> NAMES = Collections.unmodifiableSet(new LinkedHashSet<>(List.of("gzip", "deflate")));

    private Codings() {
    }

    static @Nullable Coding find(String name) {
        return switch (name) {
            // RFC 9110, section 8.4.1.3: x-gzip is another name of it.
            case "gzip", "x-gzip" -> new GzipCoding();
            case "deflate" -> new DeflateCoding();
            default -> null;
        };
    }

}
