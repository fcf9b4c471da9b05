package dev.outbound.client.http;

/**
 * International host names by IDNA 2008 (RFC 5891), without mapping: what is not allowed
 * in a name is refused and not replaced by something else. {@code java.net.IDN} is IDNA
 * 2003, which looks up {@code fass.de} for {@code faß.de}, that is another host.
 * <p>
 * What is allowed is derived from the JDK's Unicode tables (RFC 5892), so a newer JDK
 * knows more letters.
 */
final class Idna {

    private static final String PREFIX = "xn--";

    private static final int MAX_LABEL = 63;

    private static final int MAX_NAME = 253;

    private Idna() {
    }

    /**
     * Return the name in ASCII.
     * @param name the name in lower case
     * @throws InvalidUrlException if the name is not allowed
     */
    static String toAscii(String name) {
        // A name longer than this cannot fit, and all checks below stay cheap.
        if (name.length() > MAX_NAME) {
            throw refused(name, "it is too long");
        }
        String[] labels = name.split("[.\u3002\uff0e\uff61]", -1);
        int last = labels.length - 1;
        StringBuilder ascii = new StringBuilder();
        for (int i = 0; i <= last; i++) {
            ascii.append((i > 0) ? "." : "");
            if (!labels[i].isEmpty()) {
                ascii.append(label(name, labels[i]));
            }
            else if (i < last || i == 0) {
                throw refused(name, "a label is empty");
            }
        }
        if (ascii.length() > MAX_NAME + (labels[last].isEmpty() ? 1 : 0)) {
            throw refused(name, "it is too long");
        }
        return ascii.toString();
    }

    private static String label(String name, String label) {
        String ascii = label;
        if (label.chars().anyMatch((c) -> c > 0x7f)) {
            check(name, label);
            ascii = PREFIX + Punycode.encode(label);
        }
        else {
            checkEncoded(label);
            if (!label.chars().allMatch((c) -> IdnaLabel.isLdh(c)) || label.startsWith("-") || label.endsWith("-")) {
                throw refused(name, "a label has a character that is not allowed");
            }
        }
        if (ascii.length() > MAX_LABEL) {
            throw refused(name, "a label is too long");
        }
        return ascii;
    }

    private static void check(String name, String label) {
        String reason = IdnaLabel.refusal(label);
        if (reason != null) {
            throw refused(name, reason);
        }
    }

    /**
     * Check a name in ASCII: labels that say they are encoded must be so.
     * @throws InvalidUrlException if a label cannot be decoded
     */
    static void checkEncoded(String name) {
        for (int start = name.indexOf(PREFIX); start >= 0; start = name.indexOf(PREFIX, start + 1)) {
            if (start == 0 || name.charAt(start - 1) == '.') {
                int dot = name.indexOf('.', start);
                String encoded = name.substring(start + PREFIX.length(), (dot >= 0) ? dot : name.length());
                String label = (encoded.length() <= MAX_LABEL) ? Punycode.decode(encoded) : null;
                if (label == null || label.chars().allMatch((c) -> c <= 0x7f)) {
                    throw refused(name, "'" + PREFIX + Text.escape(encoded, 60) + "' is not Punycode");
                }
            }
        }
    }

    /**
     * Return the name as its owner writes it. A label that IDNA 2008 does not allow stays
     * in ASCII.
     * @param name the name in ASCII
     */
    static String toUnicode(String name) {
        if (!name.contains(PREFIX)) {
            return name;
        }
        StringBuilder text = new StringBuilder();
        for (String label : name.split("\\.", -1)) {
            String decoded = label.startsWith(PREFIX) ? Punycode.decode(label.substring(PREFIX.length())) : null;
            boolean allowed = decoded != null && IdnaLabel.refusal(decoded) == null;
            text.append((text.length() > 0) ? "." : "").append(allowed ? decoded : label);
        }
        return text.toString();
    }

    private static InvalidUrlException refused(String name, String why) {
        return new InvalidUrlException("'" + Text.escape(name, 60) + "' is not a host name: " + why);
    }

}
