package dev.outbound.client.http;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Collects the parts of a {@link Url}. Characters that a part cannot contain are
 * percent-encoded, escapes that are there already stay. Not thread-safe.
 *
 * <pre class="code">
 * Url url = Url.of((u) -&gt; u.scheme("https").host("example.com").path("/search").query("q=a b"));
 * Url other = url.with((u) -&gt; u.port(8443).fragment(null));
 * </pre>
 *
 * A part that is another part in disguise (a host with a port, a path with a query, a
 * scheme that is a whole URL) is refused.
 *
 * @since 0.1
 */
public final class UrlBuilder {

    private static final int MAX_LENGTH = 65536;

    private static final String PATH_ESCAPED = " \"#<>?`{}";

    private static final String QUERY_ESCAPED = " \"#<>";

    private static final String FRAGMENT_ESCAPED = " \"<>`";

    private static final String USERINFO_ESCAPED = PATH_ESCAPED + "/;=@[\\]^|";

    private String scheme = "";

    private String userInfo = "";

    private String host = "";

    private String port = "";

    private String path = "";

    private @Nullable String query;

    private @Nullable String fragment;

    UrlBuilder() {
    }

    UrlBuilder(Url url) {
        this.scheme = url.scheme();
        this.userInfo = (url.userInfo() != null) ? url.userInfo() : "";
        host(url.host());
        this.port = (url.explicitPort() >= 0) ? Integer.toString(url.explicitPort()) : "";
        this.path = url.path();
        this.query = url.query();
        this.fragment = url.fragment();
    }

    /**
     * Set the scheme.
     * @param scheme for example {@code https}, or {@code null} for none
     * @return this
     * @throws InvalidUrlException if it is not a scheme
     */
    public UrlBuilder scheme(@Nullable String scheme) {
        this.scheme = checked("scheme", scheme);
        for (int i = 0; i < this.scheme.length(); i++) {
            char c = this.scheme.charAt(i);
            if (!isLetter(c) && (i == 0 || !isSchemeCharacter(c))) {
                throw invalid("scheme", Text.describe(c) + " at position " + i + " is not allowed");
            }
        }
        return this;
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isSchemeCharacter(char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    }

    /**
     * Set user name and password.
     * @param username the user name, not encoded, or {@code null} for none
     * @param password the password, not encoded, or {@code null} for none
     * @return this
     */
    public UrlBuilder user(@Nullable String username, @Nullable String password) {
        String name = PercentEncoding.encode(checked("username", username), USERINFO_ESCAPED + ":");
        String secret = PercentEncoding.encode(checked("password", password), USERINFO_ESCAPED + ":");
        this.userInfo = secret.isEmpty() ? name : name + ":" + secret;
        return this;
    }

    /**
     * Set the user information as a whole.
     * @param userInfo {@code user:password}, or {@code null} for none
     * @return this
     */
    public UrlBuilder userInfo(@Nullable String userInfo) {
        this.userInfo = without("user information", userInfo, "@");
        return this;
    }

    /**
     * Set the host.
     * @param host a name, an IPv4 address, or an IPv6 address with or without brackets;
     * {@code null} for none
     * @return this
     */
    public UrlBuilder host(@Nullable String host) {
        String text = checked("host", host);
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        this.host = (text.indexOf(':') >= 0 && !bracketed) ? "[" + text + "]" : text;
        return this;
    }

    /**
     * Set the port.
     * @param port 1 to 65535, or -1 for the one of the scheme
     * @return this
     */
    public UrlBuilder port(int port) {
        this.port = (port == -1) ? "" : Integer.toString(port);
        return this;
    }

    /**
     * Set host and port. User information stays.
     * @param authority {@code host:port} or {@code host}; {@code null} for none
     * @return this
     */
    public UrlBuilder authority(@Nullable String authority) {
        String text = without("authority", authority, "/?#@");
        int end = UrlParser.endOfHost(text, 0, text.length());
        this.host = text.substring(0, end);
        this.port = (end < text.length()) ? text.substring(end + 1) : "";
        return this;
    }

    /**
     * Set the path.
     * @param path the path, or {@code null} for none
     * @return this
     */
    public UrlBuilder path(@Nullable String path) {
        this.path = without("path", path, "?#");
        return this;
    }

    /**
     * Set path and query.
     * @param target the path, and behind a question mark the query
     * @return this
     */
    public UrlBuilder target(@Nullable String target) {
        String text = without("target", target, "#");
        int question = text.indexOf('?');
        this.path = (question >= 0) ? text.substring(0, question) : text;
        this.query = (question >= 0) ? text.substring(question + 1) : null;
        return this;
    }

    /**
     * Set the query.
     * @param query the text behind the question mark, or {@code null} for none
     * @return this
     */
    public UrlBuilder query(@Nullable String query) {
        this.query = (query != null) ? without("query", query, "#") : null;
        return this;
    }

    /**
     * Set the query to parameters.
     * @param params the parameters; where there are none, there is no question mark
     * @return this
     */
    public UrlBuilder params(QueryParams params) {
        Assert.notNull(params, "params must not be null");
        this.query = params.isEmpty() ? null : params.text();
        return this;
    }

    /**
     * Set the fragment.
     * @param fragment the text behind the number sign, or {@code null} for none
     * @return this
     */
    public UrlBuilder fragment(@Nullable String fragment) {
        this.fragment = (fragment != null) ? checked("fragment", fragment) : null;
        return this;
    }

    private static String without(String part, @Nullable String text, String forbidden) {
        String checked = checked(part, text);
        for (int i = 0; i < checked.length(); i++) {
            if (forbidden.indexOf(checked.charAt(i)) >= 0) {
                throw invalid(part, Text.describe(checked.charAt(i)) + " at position " + i + " is not allowed");
            }
        }
        return checked;
    }

    private static String checked(String part, @Nullable String text) {
        if (text == null) {
            return "";
        }
        check(part, text);
        return text;
    }

    /** Refuse what is too long or has control characters; the message shows no value. */
    static void check(String part, String text) {
        if (text.length() > MAX_LENGTH) {
            throw invalid(part, "it is too long, " + text.length() + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw invalid(part,
                        "it contains " + Text.describe(c) + " at position " + i + "; encode it or remove it");
            }
        }
    }

    static InvalidUrlException invalid(String part, String why) {
        return new InvalidUrlException("Invalid " + part + ": " + why);
    }

    /** For the parser, which cuts a checked text where the grammar does. */
    void parts(String scheme, String userInfo, String host, String port, String path, @Nullable String query,
            @Nullable String fragment) {
        this.scheme = scheme;
        this.userInfo = userInfo;
        this.host = host;
        this.port = port;
        this.path = path;
        this.query = query;
        this.fragment = fragment;
    }

    Url build() {
        String scheme = this.scheme.toLowerCase(Locale.ROOT);
        String userInfo = PercentEncoding.encode(this.userInfo, USERINFO_ESCAPED);
        String host = Host.normalize(this.host);
        int port = Port.parse(this.port, scheme);
        boolean authority = !userInfo.isEmpty() || !host.isEmpty() || port >= 0;
        checkPath(!scheme.isEmpty(), authority);
        String path = (authority || !scheme.isEmpty()) ? DotSegments.remove(this.path) : this.path;
        if (!authority && path.startsWith("//")) {
            throw invalid("URL", "a path that starts with '//' would be read as a host");
        }
        return new Url(scheme.isEmpty() ? null : scheme, userInfo.isEmpty() ? null : userInfo, authority ? host : null,
                port, PercentEncoding.encode(path, PATH_ESCAPED),
                (this.query != null) ? PercentEncoding.encode(this.query, QUERY_ESCAPED) : null,
                (this.fragment != null) ? PercentEncoding.encode(this.fragment, FRAGMENT_ESCAPED) : null);
    }

    private void checkPath(boolean scheme, boolean authority) {
        if (authority && !this.path.isEmpty() && !this.path.startsWith("/")) {
            throw invalid("path", "behind a host it must start with '/'");
        }
        if (!scheme && !authority && this.path.startsWith(":")) {
            throw invalid("URL", "a relative URL cannot start with ':'");
        }
    }

}
