package dev.outbound.boot;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;

/**
 * Base URLs as they are written. The core refuses the same ones; here each mistake has a
 * message of its own.
 */
final class BaseUrlText {

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)", Pattern.DOTALL);

    private static final Pattern VARIABLE = Pattern.compile("\\{[^{}]*}");

    private static final Pattern SERVICE_LINK = Pattern.compile(":((?:tcp|udp|sctp)://[^/:]+:\\d+)");

    private static final List<String> SCHEMES = List.of("http", "https");

    private final String text;

    private final String owner;

    private BaseUrlText(String text, String owner) {
        this.text = text;
        this.owner = owner;
    }

    static Url parse(String text, String owner) throws InvalidValueException {
        return new BaseUrlText(text, owner).parse();
    }

    private Url parse() throws InvalidValueException {
        if (this.text.isBlank()) {
            throw new InvalidValueException(
                    "The base URL is empty. (If it comes from a placeholder, the variable is defined but empty.)",
                    "Set a non-empty absolute URL.");
        }
        Matcher variable = VARIABLE.matcher(this.text);
        if (variable.find()) {
            throw new InvalidValueException(
                    "The base URL contains the template variable " + ShownValue.escape(variable.group())
                            + ", which has no value at start-up.",
                    "Replace it by a fixed value, or move it to the request path.");
        }
        String scheme = scheme();
        int start = scheme.length() + "://".length();
        checkServiceLink(start);
        int end = endOfAuthority(start);
        checkAuthority(start, end, scheme);
        checkRest(end);
        try {
            return Url.parse(this.text);
        }
        catch (InvalidUrlException ex) {
            throw new InvalidValueException(ex.getMessage() + ".", "Correct the URL.");
        }
    }

    private String scheme() throws InvalidValueException {
        Matcher scheme = SCHEME.matcher(this.text);
        if (!scheme.matches()) {
            throw noScheme();
        }
        String rest = scheme.group(2);
        if (!rest.startsWith("//") && isHostAndPort(scheme.group(1), rest)) {
            throw new InvalidValueException(
                    ValueParser.quoted(scheme.group(1)) + " was read as the URL scheme because of the colon.",
                    "Write `" + ShownValue.escape(withScheme(this.text)) + "`.");
        }
        if (!SCHEMES.contains(scheme.group(1).toLowerCase(Locale.ROOT))) {
            String nearest = Nearest.to(scheme.group(1), SCHEMES);
            throw new InvalidValueException(
                    "Scheme " + ValueParser.quoted(scheme.group(1))
                            + " is not supported. Supported schemes: http, https."
                            + ((nearest != null) ? " (Did you mean \"" + nearest + "\"?)" : ""),
                    "Use an http or https URL.");
        }
        if (!rest.startsWith("//")) {
            throw noHost(scheme.group(1));
        }
        return scheme.group(1);
    }

    /** Kubernetes sets BILLING_PORT for a service named billing, and not to a number. */
    private void checkServiceLink(int start) throws InvalidValueException {
        Matcher link = SERVICE_LINK.matcher(this.text);
        if (link.find(start - 1)) {
            throw new InvalidValueException(
                    "Port " + ValueParser.quoted(link.group(1)) + " is not a number. "
                            + "This looks like a variable that Kubernetes injects for a service.",
                    "Use another variable name, or set enableServiceLinks: false.");
        }
    }

    private static boolean isHostAndPort(String name, String rest) {
        return name.contains(".") || name.equals("localhost") || (!rest.isEmpty() && Character.isDigit(rest.charAt(0)));
    }

    private InvalidValueException noScheme() {
        if (this.text.startsWith("/") && !this.text.startsWith("//")) {
            return new InvalidValueException("The URL is only a path; there is no host to connect to.",
                    "Write scheme and host, for example `https://api.example.com"
                            + ShownValue.escape(withoutQuery(this.text)) + "`.");
        }
        String host = this.text.startsWith("//") ? this.text.substring(2) : this.text;
        return new InvalidValueException("The URL has no scheme, so it is relative.",
                host.contains("@") ? "Write the scheme, https://, in front of it."
                        : "Write the scheme: `" + ShownValue.escape(withScheme(withoutQuery(host))) + "`.");
    }

    /** A query may carry a key. */
    private static String withoutQuery(String text) {
        int query = text.indexOf('?');
        return (query >= 0) ? text.substring(0, query) : text;
    }

    private static String withScheme(String host) {
        return (host.startsWith("localhost") ? "http://" : "https://") + host;
    }

    private static InvalidValueException noHost(String scheme) {
        return new InvalidValueException("The URL has no host.", "Put a host after \"" + scheme + "://\".");
    }

    private int endOfAuthority(int start) {
        for (int i = start; i < this.text.length(); i++) {
            if ("/?#".indexOf(this.text.charAt(i)) >= 0) {
                return i;
            }
        }
        return this.text.length();
    }

    private void checkAuthority(int start, int end, String scheme) throws InvalidValueException {
        String authority = this.text.substring(start, end);
        int at = this.text.lastIndexOf('@');
        if (at >= start && (at < end || authority.contains(":"))) {
            String user = this.text.substring(start, at);
            throw new InvalidValueException(
                    "The URL contains user information (\""
                            + (user.contains(":") ? ShownValue.escape(user.split(":", 2)[0]) + ":" : "") + Secrets.MASK
                            + "\"). Credentials in URLs end up in logs and redirects.",
                    "Remove it from the URL and set `" + this.owner
                            + ".auth.type: basic` with `username` and `password`.");
        }
        boolean literal = authority.startsWith("[");
        if (literal && authority.indexOf(']') < 0) {
            throw new InvalidValueException("The IPv6 address is not closed with \"]\".",
                    "Write `" + scheme + "://" + ShownValue.escape(authority) + "]`.");
        }
        int colon = authority.indexOf(':', literal ? authority.indexOf(']') : 0);
        String host = (colon >= 0) ? authority.substring(0, colon) : authority;
        if (host.isEmpty()) {
            throw noHost(scheme);
        }
        if (!literal) {
            checkHost(host, start);
        }
        if (colon >= 0) {
            checkPort(authority.substring(colon + 1), scheme);
        }
    }

    private static void checkHost(String host, int start) throws InvalidValueException {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!(c == '.' || c == '-' || c == '_' || (c < 0x7f && Character.isLetterOrDigit(c)))) {
                throw new InvalidValueException(
                        "Character at position " + (start + i + 1) + " (" + name(c) + ") is not allowed in a URL host.",
                        "Correct the host; encode spaces in paths as %20; "
                                + "write international names in ASCII form (`xn--...`).");
            }
        }
    }

    private static String name(char c) {
        return (c == ' ') ? "space" : (c == '\\') ? "backslash" : ValueParser.quoted(String.valueOf(c));
    }

    private static void checkPort(String port, String scheme) throws InvalidValueException {
        String action = "Use a valid port or leave it out (default " + (scheme.equalsIgnoreCase("http") ? "80" : "443")
                + ").";
        if (port.isEmpty() || !port.chars().allMatch((c) -> c >= '0' && c <= '9')) {
            throw new InvalidValueException("Port " + ValueParser.quoted(port) + " is not a number.", action);
        }
        if (port.length() > 5 || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            throw new InvalidValueException("Port " + ShownValue.escape(port) + " is outside 1-65535.", action);
        }
    }

    private void checkRest(int end) throws InvalidValueException {
        String rest = this.text.substring(end);
        int query = firstOf(rest, "?#");
        if (query >= 0) {
            throw new InvalidValueException(
                    "A base URL cannot have a query or a fragment (\"" + shownQuery(rest.substring(query)) + "\").",
                    queryAction(rest.substring(query)));
        }
        for (String segment : rest.split("/", -1)) {
            if (segment.equals("..") || segment.equals(".")) {
                throw new InvalidValueException("The path contains \"" + segment
                        + "\", which would be removed and change the target to \"" + target() + "\".",
                        "Write the final path.");
            }
        }
    }

    private String target() {
        try {
            return Url.parse(this.text).redacted();
        }
        catch (InvalidUrlException ex) {
            return "another URL";
        }
    }

    private static int firstOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String shownQuery(String query) {
        return ShownValue.escape(ShownValue.url(query));
    }

    private String queryAction(String query) {
        Matcher parameter = Pattern.compile("\\?([^=&#]+)=([^&#]*).*").matcher(query);
        String value = parameter.matches() ? shownQuery(query.split("[&#]")[0]) : "";
        return parameter.matches()
                ? "Move the query to `" + this.owner + ".query." + ShownValue.escape(parameter.group(1)) + ": "
                        + value.substring(value.indexOf('=') + 1) + "`, or remove it."
                : "Move the query to `" + this.owner + ".query`, or remove it.";
    }

}
