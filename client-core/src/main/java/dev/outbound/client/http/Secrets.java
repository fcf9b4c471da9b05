package dev.outbound.client.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows which names carry credentials, so that no log, message or endpoint shows their
 * values.
 *
 * @since 0.1
 */
public final class Secrets {

    /** What stands in the place of a secret. */
    public static final String MASK = "******";

    private static final List<String> WORDS = List.of("auth", "cookie", "token", "secret", "key", "password", "passwd",
            "passphrase", "pwd", "signature", "credential", "session", "assertion");

    /**
     * Too short to be looked for in other names: {@code sig} is that of Azure's shared
     * access signatures.
     */
    private static final Set<String> NAMES = Set.of("sig", "pass", "pin", "otp", "jwt");

    /**
     * A field of JSON, or of a form. Without backtracking: a body may be long.
     */
    private static final Pattern FIELD = Pattern.compile("\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"(\\s*+:\\s*+)"
            + "(\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"?|[^\\s,}\\]\\[{\"]++)|(?<=^|&)([^=&\\s\"{]++)(=)([^&\\s]*+)");

    private Secrets() {
    }

    /**
     * Return whether values of a header of that name are to be masked.
     * @param name the name, in any case
     * @return whether the name contains a word that stands for credentials, or is one
     */
    public static boolean isSecretHeader(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return NAMES.contains(lower) || WORDS.stream().anyMatch(lower::contains);
    }

    /**
     * Return a query with the values masked whose name contains a word that stands for
     * credentials.
     * @param query the encoded query
     * @return the query to show
     */
    static String maskQuery(String query) {
        StringBuilder masked = new StringBuilder(query.length());
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            end = (end >= 0) ? end : query.length();
            int equals = query.indexOf('=', start);
            boolean secret = equals >= 0 && equals + 1 < end
                    && isSecretHeader(PercentEncoding.decodeForm(query.substring(start, equals)));
            masked.append(query, start, secret ? equals + 1 : end)
                .append(secret ? MASK : "")
                .append((end < query.length()) ? "&" : "");
            start = end + 1;
        }
        return masked.toString();
    }

    /**
     * Return a body with the values masked of fields, in JSON or in a form, whose names
     * contain a word that stands for credentials.
     * @param body the body, which may be cut
     * @return the text to show
     */
    public static String maskFields(String body) {
        return FIELD.matcher(body).replaceAll((field) -> {
            boolean json = field.group(1) != null;
            String name = json ? field.group(1) : field.group(4);
            if (!isSecretHeader(name)) {
                return Matcher.quoteReplacement(field.group());
            }
            return Matcher
                .quoteReplacement(json ? "\"" + name + "\"" + field.group(2) + "\"" + MASK + "\"" : name + "=" + MASK);
        });
    }

    /**
     * Return what may be shown of a secret: that it is there, and how long it is.
     * @param secret the value
     * @return the masked form
     */
    public static String mask(String secret) {
        return MASK + " (" + secret.length() + " characters)";
    }

}
