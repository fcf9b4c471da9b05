package dev.outbound.client.auth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One challenge of a server (RFC 9110, section 11.3): a scheme and what it says.
 */
final class Challenge {

    private final String scheme;

    private final Map<String, String> params = new LinkedHashMap<>();

    private @Nullable String problem;

    Challenge(String scheme) {
        this.scheme = scheme;
    }

    boolean is(String scheme) {
        return this.scheme.equalsIgnoreCase(scheme);
    }

    /**
     * Return the value of a parameter without its quotes.
     * @param name the name in lower case
     * @return the value, possibly empty, or {@code null}
     */
    @Nullable String param(String name) {
        return this.params.get(name);
    }

    Map<String, String> params() {
        return Collections.unmodifiableMap(this.params);
    }

    /**
     * Return what is wrong with the way it is written.
     * @return the problem without any value, or {@code null}
     */
    @Nullable String problem() {
        return this.problem;
    }

    /** Whether a value can be sent back in a header. */
    static boolean isFieldValue(String value) {
        return value.chars().allMatch((c) -> (c >= ' ' && c != 0x7f && c <= 0xff) || c == '\t');
    }

    /** As in HTTPX, the last of several parameters of a name counts. */
    void add(String name, String value) {
        this.params.put(name, value);
    }

    void malformed(String problem) {
        this.problem = problem;
    }

}
