package dev.outbound.boot;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.util.ClassUtils;

import dev.outbound.client.http.Secrets;

/**
 * The form in which a value may be seen: secrets masked, cut to a length, and without
 * characters that forge a line.
 */
final class ShownValue {

    private static final int MAX_LENGTH = 120;

    private static final Pattern TOKEN = Pattern.compile("://[^/?#@:]+@");

    private static final Pattern PARAMETER = Pattern.compile("([?&])([^=&#]+)=([^&#]*)");

    private static final Pattern SUSPICIOUS = Pattern.compile("pass|pwd|cred|bearer", Pattern.CASE_INSENSITIVE);

    private static final Set<String> PLAIN_TEXTS = Set.of("auth.token-url", "auth.token-file", "auth.token-supplier",
            "redirects.credential-headers");

    private static final List<String> KEY_NAMES = Schema.CLIENT.keys().stream().map(Key::name).toList();

    private ShownValue() {
    }

    static String of(ConfiguredValue value) {
        boolean masked = !value.text().isEmpty() && (value.secret() || isSecret(value.property()));
        return masked ? Secrets.mask(value.text()) : "\"" + escape(url(value.text())) + "\"";
    }

    /** Whether values of a property are secrets; in doubt, of one that is not known. */
    static boolean isSecret(String property) {
        PropertyPath path = PropertyPath.of(property);
        path = path.from(Math.min(path.size(), path.matches(1, "clients") ? 3 : path.matches(1, "defaults") ? 2 : 0));
        Schema.Match match = Schema.CLIENT.find(path);
        if (match != null && isPlain(match.key())) {
            return false;
        }
        if (match != null) {
            return Secrets.isSecretHeader(match.entry().isEmpty() ? match.key().name() : match.entry());
        }
        String last = (path.size() > 0) ? path.element(path.size() - 1) : "";
        String nearest = Nearest.to(last, KEY_NAMES);
        return SUSPICIOUS.matcher(path.text()).find() || Secrets.isSecretHeader(path.text())
                || (nearest != null && Secrets.isSecretHeader(nearest));
    }

    /** Whether values are words of ours, or names, whatever the key is called. */
    private static boolean isPlain(Key key) {
        return key.type().isEnum() || ClassUtils.resolvePrimitiveIfNecessary(key.type()) == Boolean.class
                || PLAIN_TEXTS.contains(key.path());
    }

    /**
     * Mask what a URL has of user information and of parameters that look like keys. The
     * name stays where there is a password; alone it is likely to be a token.
     */
    static String url(String text) {
        int start = text.contains("://") ? text.indexOf("://") + 3 : 0;
        int at = text.lastIndexOf('@');
        int colon = text.indexOf(':', start);
        String masked = (colon >= 0 && colon < at) ? text.substring(0, colon + 1) + Secrets.MASK + text.substring(at)
                : text;
        masked = TOKEN.matcher(masked).replaceFirst("://" + Secrets.MASK + "@");
        return PARAMETER.matcher(masked)
            .replaceAll((parameter) -> Matcher.quoteReplacement(Secrets.isSecretHeader(parameter.group(2))
                    ? parameter.group(1) + parameter.group(2) + "=" + Secrets.MASK : parameter.group()));
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default ->
                    escaped.append(isPrintable(c) ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return (text.length() > MAX_LENGTH) ? escaped.append('…').toString() : escaped.toString();
    }

    private static boolean isPrintable(char c) {
        int type = Character.getType(c);
        return type != Character.CONTROL && type != Character.FORMAT && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

}
