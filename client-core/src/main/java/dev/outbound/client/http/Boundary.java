package dev.outbound.client.http;

import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * What stands between the parts of a multipart body (RFC 2046, section 5.1.1).
 */
final class Boundary {

    private static final String FORM_DATA = "multipart/form-data";

    private Boundary() {
    }

    /** Return 128 random bits, which no content has by accident. */
    static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong());
    }

    static String contentType(String boundary) {
        boolean token = boundary.chars().allMatch((c) -> FieldLines.isTokenCharacter((char) c));
        return FORM_DATA + "; boundary=" + (token ? boundary : '"' + boundary + '"');
    }

    /** Return the boundary that a content type names, or {@code null}. */
    static @Nullable String of(@Nullable String contentType) {
        if (contentType == null || !contentType.regionMatches(true, 0, FORM_DATA, 0, FORM_DATA.length())) {
            return null;
        }
        return ContentTypeParameters.of(contentType).get("boundary");
    }

    static String check(String boundary) {
        boolean allowed = !boundary.isEmpty() && boundary.length() <= 70 && !boundary.endsWith(" ");
        for (int i = 0; i < boundary.length() && allowed; i++) {
            char c = boundary.charAt(i);
            allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                    || "'()+_,-./:=? ".indexOf(c) >= 0;
        }
        if (!allowed) {
            throw new IllegalArgumentException("'" + Text.escape(boundary, 80)
                    + "' is not a boundary: 1 to 70 letters, digits and '()+_,-./:=? are allowed");
        }
        return boundary;
    }

}
