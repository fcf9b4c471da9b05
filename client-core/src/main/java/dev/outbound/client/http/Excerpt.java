package dev.outbound.client.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.StringTokenizer;

import org.jspecify.annotations.Nullable;

/**
 * The beginning of a body, for the message of an exception.
 */
final class Excerpt {

    private static final int MAX_CHARACTERS = 200;

    /** More than is shown, so that a secret that begins there is whole and is masked. */
    static final int MAX_BYTES = 4 * 1024;

    private static final int SHORTEST_SECRET = 6;

    private Excerpt() {
    }

    /** Return at most 200 characters, or an empty text where the body is not text. */
    static String of(byte[] body, @Nullable String contentType, Charset charset, Request request) {
        if (body.length == 0 || !isText(contentType)) {
            return "";
        }
        String text = new String(body, 0, Math.min(body.length, MAX_BYTES), charset);
        // A server may give back what it was sent.
        FieldLines fields = request.fields();
        for (int i = 0; i < fields.size(); i++) {
            if (Secrets.isSecretHeader(fields.name(i))) {
                text = mask(text, fields.value(i));
                text = maskBasic(text, fields.value(i));
            }
        }
        String query = request.url().query();
        if (query != null) {
            QueryParams params = QueryParams.parse(query);
            for (String name : params.names()) {
                if (Secrets.isSecretHeader(name)) {
                    for (String value : params.all(name)) {
                        text = mask(text, value);
                    }
                }
            }
        }
        String excerpt = Text.escape(text, MAX_CHARACTERS);
        return (body.length > MAX_BYTES && !excerpt.endsWith("…")) ? excerpt + "…" : excerpt;
    }

    /** The password that Basic authentication only encodes. */
    private static String maskBasic(String text, String value) {
        if (!value.regionMatches(true, 0, "Basic ", 0, 6)) {
            return text;
        }
        try {
            String credentials = new String(Base64.getDecoder().decode(value.substring(6).strip()),
                    StandardCharsets.UTF_8);
            return mask(text, credentials.substring(credentials.indexOf(':') + 1));
        }
        catch (IllegalArgumentException ex) {
            return text;
        }
    }

    private static boolean isText(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("text/") || type.contains("json") || type.contains("xml")
                || type.startsWith("application/x-www-form-urlencoded");
    }

    /**
     * Mask the value, and the parts of it: the token of a scheme, the cookies of a line.
     */
    private static String mask(String text, String value) {
        String masked = (value.length() >= SHORTEST_SECRET) ? text.replace(value, Secrets.MASK) : text;
        StringTokenizer parts = new StringTokenizer(value, " ;,=\"");
        while (parts.hasMoreTokens()) {
            String part = parts.nextToken();
            masked = (part.length() >= SHORTEST_SECRET) ? masked.replace(part, Secrets.MASK) : masked;
        }
        return masked;
    }

}
