package dev.outbound.client.http;

import java.net.IDN;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A URL as HTTPX understands it: percent-encoded by the WHATWG's sets, valid escapes kept
 * as they are, never decoded and encoded again. May be relative.
 * <p>
 * Immutable. Its host, port and target are what the transports connect and send to, so
 * that no second parser can come to another answer. {@link #toString()} masks a password;
 * {@link #text()} does not.
 *
 * @since 0.1
 */
public final class Url {

    private static final int MAX_LENGTH = 65536;

    private static final String PATH_ESCAPED = " \"#<>?`{}";

    private static final String QUERY_ESCAPED = " \"#<>";

    private static final String FRAGMENT_ESCAPED = " \"<>`";

    private static final String USERINFO_ESCAPED = PATH_ESCAPED + "/;=@[\\]^|";

    private static final String HOST_ESCAPED = " \"#<>?`{}/;=@[\\]^|:";

    private static final Pattern PARTS = Pattern
        .compile("(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?", Pattern.DOTALL);

    private final @Nullable String scheme;

    private final @Nullable String userInfo;

    private final @Nullable String host;

    private final int port;

    private final String path;

    private final @Nullable String query;

    private final @Nullable String fragment;

    private Url(@Nullable String scheme, @Nullable String userInfo, @Nullable String host, int port, String path,
            @Nullable String query, @Nullable String fragment) {
        this.scheme = scheme;
        this.userInfo = userInfo;
        this.host = host;
        this.port = port;
        this.path = path;
        this.query = query;
        this.fragment = fragment;
    }

    /**
     * Parse a text.
     * @param text an absolute or relative URL; characters that a URL cannot contain are
     * percent-encoded
     * @return the URL
     * @throws InvalidUrlException if the text cannot be read as a URL
     */
    public static Url parse(String text) {
        Assert.notNull(text, "url must not be null");
        checkCharacters(text);
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw new InvalidUrlException("'" + Text.escape(text, 120) + "' is not a URL");
        }
        String scheme = parts.group(1);
        String authority = parts.group(2);
        String path = parts.group(3);
        String query = parts.group(4);
        String fragment = parts.group(5);
        String userInfo = null;
        String host = null;
        int port = -1;
        if (scheme != null) {
            scheme = scheme.toLowerCase(Locale.ROOT);
        }
        if (authority != null) {
            int at = authority.lastIndexOf('@');
            userInfo = (at >= 0) ? encode(authority.substring(0, at), USERINFO_ESCAPED) : null;
            String hostAndPort = authority.substring(at + 1);
            int colon = hostAndPort.startsWith("[") ? hostAndPort.indexOf(':', Math.max(0, hostAndPort.indexOf(']')))
                    : hostAndPort.indexOf(':');
            host = host((colon >= 0) ? hostAndPort.substring(0, colon) : hostAndPort);
            port = (colon >= 0) ? port(hostAndPort.substring(colon + 1), scheme) : -1;
        }
        if (scheme != null || authority != null) {
            path = removeDotSegments(path);
        }
        if (authority == null && scheme == null && (path.startsWith(":") || path.startsWith("//"))) {
            throw new InvalidUrlException("A relative URL cannot start with '" + (path.startsWith(":") ? ":" : "//")
                    + "': '" + Text.escape(text, 120) + "'");
        }
        if (authority != null && !authority.isEmpty() && !path.isEmpty() && !path.startsWith("/")) {
            throw new InvalidUrlException("The path of '" + Text.escape(text, 120) + "' must start with '/'");
        }
        return new Url(scheme, userInfo, host, port, encode(path, PATH_ESCAPED),
                (query != null) ? encode(query, QUERY_ESCAPED) : null,
                (fragment != null) ? encode(fragment, FRAGMENT_ESCAPED) : null);
    }

    private static void checkCharacters(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidUrlException("The URL is too long: " + text.length() + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw new InvalidUrlException(
                        "The URL contains " + Text.describe(c) + " at position " + i + "; encode it or remove it");
            }
        }
    }

    private static String host(String text) {
        if (text.startsWith("[")) {
            if (!text.endsWith("]")) {
                throw new InvalidUrlException(
                        "The IPv6 address '" + Text.escape(text, 60) + "' is not closed with ']'");
            }
            String address = text.substring(1, text.length() - 1);
            if (!address.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%25[0-9A-Za-z._~-]+)?")) {
                throw new InvalidUrlException("'" + Text.escape(text, 60) + "' is not an IPv6 address");
            }
            return address.toLowerCase(Locale.ROOT);
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return idna(text);
            }
        }
        return encode(text.toLowerCase(Locale.ROOT), HOST_ESCAPED);
    }

    private static String idna(String text) {
        try {
            return IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        }
        catch (IllegalArgumentException ex) {
            throw new InvalidUrlException("'" + Text.escape(text, 60) + "' is not a host name: " + ex.getMessage());
        }
    }

    private static int port(String text, @Nullable String scheme) {
        if (text.isEmpty()) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9' || i > 5) {
                throw new InvalidUrlException("Invalid port: '" + Text.escape(text, 20) + "'");
            }
        }
        int port = Integer.parseInt(text);
        if (port > 65535) {
            throw new InvalidUrlException("Port " + port + " is outside 1-65535");
        }
        return (port == defaultPort(scheme)) ? -1 : port;
    }

    private static int defaultPort(@Nullable String scheme) {
        if (scheme == null) {
            return -1;
        }
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            case "ftp" -> 21;
            default -> -1;
        };
    }

    static String encode(String text, String escaped) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || escaped.indexOf(c) >= 0) {
                return PercentEncoding.encode(text, escaped);
            }
        }
        return text;
    }

    private static String removeDotSegments(String path) {
        if (!path.contains("/.") && !path.startsWith(".")) {
            return path;
        }
        Deque<String> segments = new ArrayDeque<>();
        String[] parts = path.split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            switch (parts[i]) {
                case "." -> {
                    if (last) {
                        segments.addLast("");
                    }
                }
                case ".." -> {
                    if (segments.size() > 1 || (segments.size() == 1 && !segments.getFirst().isEmpty())) {
                        segments.removeLast();
                    }
                    if (last) {
                        segments.addLast("");
                    }
                }
                default -> segments.addLast(parts[i]);
            }
        }
        return String.join("/", segments);
    }

    /**
     * Return this URL as the base of others, as HTTPX stores a base URL: with a slash at
     * the end of its path.
     * @return the URL with a slash at its end
     */
    public Url asBase() {
        return this.path.endsWith("/") ? this : withPathAndQuery(this.path + "/", this.query);
    }

    /**
     * Return the URL of a reference that is appended to this base: the path of the
     * reference follows the path of the base, a leading slash of it makes no difference.
     * This is HTTPX's merging, and not the resolution of RFC 3986.
     * @param reference a relative URL
     * @return the merged URL
     */
    public Url append(Url reference) {
        String base = this.path.endsWith("/") ? this.path : this.path + "/";
        String path = reference.path.startsWith("/") ? reference.path.substring(1) : reference.path;
        return new Url(this.scheme, this.userInfo, this.host, this.port, removeDotSegments(base + path),
                reference.query, this.fragment);
    }

    /**
     * Append a reference without parsing it, where it is plain: unreserved characters and
     * slashes that need no encoding, with at most one query. Most references of most
     * programs are, and the rest is {@link #parse(String) parsed}.
     * @param reference the text of a relative URL
     * @return the merged URL, or {@code null} if it is not plain
     */
    public @Nullable Url appendSimple(String reference) {
        Assert.notNull(reference, "url must not be null");
        if (this.host == null || this.query != null || this.fragment != null) {
            return null;
        }
        int length = reference.length();
        int question = -1;
        char previous = '/';
        for (int i = 0; i < length; i++) {
            char c = reference.charAt(i);
            boolean plain = PercentEncoding.isUnreserved(c)
                    || ((question >= 0) ? c == '=' || c == '&' || c == '+' || c == ',' || c == ':' || c == '/'
                            : c == '/' && (previous != '/' || i == 0));
            if (c == '?' && question < 0) {
                question = i;
            }
            else if (!plain || (c == '.' && previous == '/' && question < 0)) {
                return null;
            }
            previous = c;
        }
        int start = (length > 0 && reference.charAt(0) == '/') ? 1 : 0;
        int end = (question >= 0) ? question : length;
        String base = this.path.endsWith("/") ? this.path : this.path + "/";
        String path = (start >= end) ? base : base.concat(reference.substring(start, end));
        return new Url(this.scheme, this.userInfo, this.host, this.port, path,
                (question >= 0) ? reference.substring(question + 1) : null, null);
    }

    /**
     * Resolve a reference against this URL (RFC 3986, section 5.2), for example that of a
     * {@code Location}. A fragment of this URL is inherited.
     * @param reference the reference, relative or absolute
     * @return the target
     */
    public Url resolve(Url reference) {
        if (reference.scheme != null && reference.host != null) {
            return (reference.fragment != null) ? reference : reference.withFragment(this.fragment);
        }
        String fragment = (reference.fragment != null) ? reference.fragment : this.fragment;
        if (reference.host != null) {
            return new Url(this.scheme, reference.userInfo, reference.host, reference.port, reference.path,
                    reference.query, fragment);
        }
        if (reference.path.isEmpty()) {
            return new Url(this.scheme, this.userInfo, this.host, this.port, this.path,
                    (reference.query != null) ? reference.query : this.query, fragment);
        }
        String path = reference.path;
        if (!path.startsWith("/")) {
            path = this.path.substring(0, this.path.lastIndexOf('/') + 1) + path;
            path = path.startsWith("/") ? path : "/" + path;
        }
        return new Url(this.scheme, this.userInfo, this.host, this.port, removeDotSegments(path), reference.query,
                fragment);
    }

    /**
     * Return this URL with another query.
     * @param query the encoded query without its question mark, or {@code null} for none
     * @return another URL
     */
    public Url withQuery(@Nullable String query) {
        return withPathAndQuery(this.path, query);
    }

    /**
     * Return this URL without user information.
     * @return another URL, or this one
     */
    public Url withoutUserInfo() {
        return (this.userInfo == null) ? this
                : new Url(this.scheme, null, this.host, this.port, this.path, this.query, this.fragment);
    }

    private Url withPathAndQuery(String path, @Nullable String query) {
        return new Url(this.scheme, this.userInfo, this.host, this.port, path, query, this.fragment);
    }

    private Url withFragment(@Nullable String fragment) {
        return (fragment == null) ? this
                : new Url(this.scheme, this.userInfo, this.host, this.port, this.path, this.query, fragment);
    }

    /**
     * Return the scheme in lower case.
     * @return the scheme, or an empty text
     */
    public String scheme() {
        return (this.scheme != null) ? this.scheme : "";
    }

    /**
     * Return the host: lower case, international names in their ASCII form, an IPv6
     * address without its brackets.
     * @return the host, or an empty text
     */
    public String host() {
        return (this.host != null) ? this.host : "";
    }

    /**
     * Return the port to connect to.
     * @return the port, that of the scheme where the URL names none, or -1
     */
    public int port() {
        return (this.port >= 0) ? this.port : defaultPort(this.scheme);
    }

    /**
     * Return the user information, percent-encoded.
     * @return {@code user:password}, or {@code null}
     */
    public @Nullable String userInfo() {
        return this.userInfo;
    }

    /**
     * Return the path, percent-encoded.
     * @return the path, possibly empty
     */
    public String path() {
        return this.path;
    }

    /**
     * Return the query, percent-encoded and without its question mark.
     * @return the query, or {@code null} where there is no question mark
     */
    public @Nullable String query() {
        return this.query;
    }

    /**
     * Return the fragment, percent-encoded.
     * @return the fragment, or {@code null}
     */
    public @Nullable String fragment() {
        return this.fragment;
    }

    /**
     * Return whether this URL has a scheme and a host.
     * @return whether it names an origin
     */
    public boolean isAbsolute() {
        return this.scheme != null && this.host != null && !this.host.isEmpty();
    }

    /**
     * Return whether this URL names a host, with or without a scheme.
     * @return whether there is an authority
     */
    public boolean hasAuthority() {
        return this.host != null;
    }

    /**
     * Return whether scheme, host and port are those of the other URL (RFC 6454).
     * @param other the other URL
     * @return whether both have the same origin
     */
    public boolean hasSameOrigin(Url other) {
        return scheme().equals(other.scheme()) && host().equals(other.host()) && port() == other.port();
    }

    /**
     * Return the target in origin-form (RFC 9112, section 3.2.1).
     * @return path and query
     */
    public String target() {
        String path = this.path.isEmpty() ? "/" : this.path;
        return (this.query != null) ? path + "?" + this.query : path;
    }

    /**
     * Return the value of the {@code Host} field: host and port, without user
     * information.
     * @return host, IPv6 in brackets, and the port unless it is the scheme's default
     */
    public String authority() {
        String host = host();
        host = (host.indexOf(':') >= 0) ? "[" + host + "]" : host;
        return (this.port >= 0) ? host + ":" + this.port : host;
    }

    /**
     * Return scheme and authority.
     * @return for example {@code https://api.example.com:8443}
     */
    public String origin() {
        return scheme() + "://" + authority();
    }

    /**
     * Return this URL for a message or a log: scheme, host and path only.
     * @return the text without user information, query and fragment
     */
    public String redacted() {
        return ((this.host != null) ? origin() : "") + this.path;
    }

    /**
     * Return this URL as a {@link URI}.
     * @return the URI
     * @throws InvalidUrlException if it contains what {@code URI} does not take
     */
    public URI toUri() {
        try {
            return URI.create(text());
        }
        catch (IllegalArgumentException ex) {
            throw new InvalidUrlException(redacted() + " cannot be represented as java.net.URI: " + ex.getMessage());
        }
    }

    /**
     * Return the whole text, a password included.
     * @return the URL as text
     */
    public String text() {
        return text(this.userInfo);
    }

    private String text(@Nullable String userInfo) {
        StringBuilder text = new StringBuilder();
        if (this.scheme != null) {
            text.append(this.scheme).append(':');
        }
        if (this.host != null) {
            text.append("//");
            if (userInfo != null) {
                text.append(userInfo).append('@');
            }
            text.append(authority());
        }
        text.append(this.path);
        if (this.query != null) {
            text.append('?').append(this.query);
        }
        if (this.fragment != null) {
            text.append('#').append(this.fragment);
        }
        return text.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Url url && text().equals(url.text()));
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    /**
     * Return the text with the password of the user information masked.
     */
    @Override
    public String toString() {
        int colon = (this.userInfo != null) ? this.userInfo.indexOf(':') : -1;
        return (this.userInfo != null && colon >= 0) ? text(this.userInfo.substring(0, colon + 1) + Secrets.MASK)
                : text();
    }

}
