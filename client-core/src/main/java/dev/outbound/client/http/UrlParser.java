package dev.outbound.client.http;

/**
 * Cuts a text into the parts of a URL, in one pass and as HTTPX does: the user
 * information ends at the last at sign of the authority, nothing is trimmed, a backslash
 * is not a slash.
 */
final class UrlParser {

    private UrlParser() {
    }

    static Url parse(String text) {
        UrlBuilder.check("URL", text);
        int end = text.length();
        int hash = text.indexOf('#');
        String fragment = (hash >= 0) ? text.substring(hash + 1) : null;
        end = (hash >= 0) ? hash : end;
        int question = text.indexOf('?');
        boolean hasQuery = question >= 0 && question < end;
        String query = hasQuery ? text.substring(question + 1, end) : null;
        end = hasQuery ? question : end;
        int colon = endOfScheme(text, end);
        int path = colon + 1;
        String userInfo = "";
        String host = "";
        String port = "";
        if (text.startsWith("//", path) && path + 2 <= end) {
            int start = path + 2;
            int slash = text.indexOf('/', start);
            path = (slash >= 0 && slash < end) ? slash : end;
            // The URL standard reads it as a slash, which would end the host
            // (CVE-2016-8624 and others).
            int backslash = text.indexOf('\\', start);
            if (backslash >= 0 && backslash < path) {
                throw UrlBuilder.invalid("host", "a backslash at position " + backslash + " is not allowed");
            }
            int at = text.lastIndexOf('@', path - 1);
            if (at >= start) {
                userInfo = text.substring(start, at);
                start = at + 1;
            }
            int endOfHost = endOfHost(text, start, path);
            host = text.substring(start, endOfHost);
            port = (endOfHost < path) ? text.substring(endOfHost + 1, path) : "";
        }
        UrlBuilder builder = new UrlBuilder();
        builder.parts(text.substring(0, Math.max(0, colon)), userInfo, host, port, text.substring(path, end), query,
                fragment);
        return build(builder, text, path);
    }

    private static Url build(UrlBuilder builder, String text, int path) {
        try {
            return builder.build();
        }
        catch (InvalidUrlException ex) {
            if (text.indexOf('@', path) >= 0) {
                // The parts may be those of a password with '/', '?' or '#': show none.
                throw new InvalidUrlException("The URL cannot be read; if it has user information,"
                        + " encode '/', '?' and '#' in it as %2F, %3F and %23");
            }
            throw ex;
        }
    }

    /**
     * Return where the colon behind the scheme is, or -1. As in HTTPX the scheme may be
     * empty.
     */
    private static int endOfScheme(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i;
            }
            if (!UrlBuilder.isLetter(c) && (i == 0 || !UrlBuilder.isSchemeCharacter(c))) {
                return -1;
            }
        }
        return -1;
    }

    /** Return where the colon before the port is, or the end. */
    static int endOfHost(String text, int start, int end) {
        int from = start;
        if (start < end && text.charAt(start) == '[') {
            int bracket = text.lastIndexOf(']', end - 1);
            if (bracket < start) {
                throw UrlBuilder.invalid("host", "'[' is not closed with ']'");
            }
            from = bracket + 1;
            if (from < end && text.charAt(from) != ':') {
                throw UrlBuilder.invalid("host", Text.describe(text.charAt(from)) + " follows the IPv6 address");
            }
        }
        int colon = text.indexOf(':', from);
        return (colon >= 0 && colon < end) ? colon : end;
    }

}
