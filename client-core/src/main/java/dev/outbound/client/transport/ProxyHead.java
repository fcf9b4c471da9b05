package dev.outbound.client.transport;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ResponseHead;

/**
 * The head of what a proxy answers to {@code CONNECT}.
 *
 * @param httpVersion {@code HTTP/1.1} or {@code HTTP/1.0}
 */
record ProxyHead(String httpVersion, int statusCode, String reasonPhrase, FieldLines fields) implements ResponseHead {

    /**
     * Read a head.
     * @param text all of it, with its empty line
     * @return the head, or {@code null} if it is not one
     */
    static @Nullable ProxyHead parse(String text) {
        String[] lines = text.split("\r?\n");
        String first = (lines.length > 0) ? lines[0] : "";
        if (!first.startsWith("HTTP/1.") || first.length() < 12 || first.charAt(8) != ' '
                || (first.length() > 12 && first.charAt(12) != ' ')) {
            return null;
        }
        int status = 0;
        for (int i = 9; i < 12; i++) {
            char c = first.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            status = 10 * status + (c - '0');
        }
        FieldLines fields = fields(lines);
        return (status >= 100 && fields != null)
                ? new ProxyHead(first.substring(0, 8), status, (first.length() > 13) ? first.substring(13) : "", fields)
                : null;
    }

    private static @Nullable FieldLines fields(String[] lines) {
        FieldLines.Builder fields = FieldLines.builder();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                return null;
            }
            try {
                fields.add(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
            }
            catch (IllegalArgumentException ex) {
                return null;
            }
        }
        return fields.build();
    }

    /** Return the length of the body, or -1 where it is not announced in a simple way. */
    long contentLength() {
        String length = first("Content-Length");
        if (length == null || fields().contains("Transfer-Encoding") || length.isEmpty() || length.length() > 9
                || !length.chars().allMatch((c) -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(length);
    }

    boolean keepsConnection() {
        return this.httpVersion.equals("HTTP/1.1") && !says("Connection", "close")
                && !says("Proxy-Connection", "close");
    }

    private boolean says(String name, String token) {
        return fields().all(name).stream().anyMatch((value) -> value.toLowerCase(Locale.ROOT).contains(token));
    }

}
