package dev.outbound.client.http;

/**
 * Reads the port of a URL.
 */
final class Port {

    private Port() {
    }

    /**
     * Return the port.
     * @return 1 to 65535, or -1 where the text is empty or names the scheme's default
     */
    static int parse(String text, String scheme) {
        if (text.isEmpty()) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw UrlBuilder.invalid("port", "'" + Text.escape(text, 20) + "' is not a number");
            }
            port = Math.min(10 * port + c - '0', 100_000);
        }
        if (port < 1 || port > 65535) {
            throw UrlBuilder.invalid("port", Text.escape(text, 20) + " is outside 1-65535");
        }
        return (port == byScheme(scheme)) ? -1 : port;
    }

    static int byScheme(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            case "ftp" -> 21;
            default -> -1;
        };
    }

}
