package dev.outbound.client.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A URL as HTTPX understands it: percent-encoded by the WHATWG's sets, valid escapes kept
 * as they are, never decoded and encoded again. May be relative.
 * <p>
 * Immutable. Its host, port and target are what the transports connect and send to, so
 * that no second parser can come to another answer. {@link #toString()} masks secrets;
 * {@link #text()} does not.
 *
 * @since 0.1
 */
public final class Url {

    private final @Nullable String scheme;

    private final @Nullable String userInfo;

    private final @Nullable String host;

    private final int port;

    private final String path;

    private final @Nullable String query;

    private final @Nullable String fragment;

    /** Made when asked for. That of a base URL serves what is appended to it. */
    private @Nullable String authority;

    private @Nullable String origin;

    Url(@Nullable String scheme, @Nullable String userInfo, @Nullable String host, int port, String path,
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
        return UrlParser.parse(text);
    }

    /**
     * Make a URL of its parts.
     * @param parts sets the parts
     * @return the URL
     * @throws InvalidUrlException if a part is not allowed, or the parts do not fit
     */
    public static Url of(Consumer<UrlBuilder> parts) {
        Assert.notNull(parts, "parts must not be null");
        UrlBuilder builder = new UrlBuilder();
        parts.accept(builder);
        return builder.build();
    }

    /**
     * Return this URL with other parts.
     * @param parts sets the parts that differ
     * @return another URL
     * @throws InvalidUrlException if a part is not allowed, or the parts do not fit
     */
    public Url with(Consumer<UrlBuilder> parts) {
        Assert.notNull(parts, "parts must not be null");
        UrlBuilder builder = new UrlBuilder(this);
        parts.accept(builder);
        return builder.build();
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
     * This is HTTPX's merging, and not the resolution of RFC 3986. An absolute URL takes
     * the place of the base.
     * @param reference a URL, relative or absolute; its fragment is left out
     * @return the merged URL
     */
    public Url append(Url reference) {
        if (reference.isAbsolute()) {
            return reference;
        }
        String base = this.path.endsWith("/") ? this.path : this.path + "/";
        String path = reference.path.startsWith("/") ? reference.path.substring(1) : reference.path;
        return new Url(this.scheme, this.userInfo, this.host, this.port, withoutDots(base + path), reference.query,
                this.fragment);
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
        String path = (start >= end) ? base : (start == 1 && end == length && base.length() == 1) ? reference
                : base.concat(reference.substring(start, end));
        Url url = new Url(this.scheme, this.userInfo, this.host, this.port, path,
                (question >= 0) ? reference.substring(question + 1) : null, null);
        url.authority = authority();
        url.origin = origin();
        return url;
    }

    /**
     * Join a reference to this URL (RFC 3986, section 5.2).
     * @param reference the reference, relative or absolute
     * @return the target
     * @throws InvalidUrlException if there is none
     */
    public Url join(Url reference) {
        if (reference.scheme != null && (reference.host != null || !reference.scheme.equals(this.scheme))) {
            return reference;
        }
        if (reference.host != null) {
            return new Url(this.scheme, reference.userInfo, reference.host,
                    (reference.port == Port.byScheme(scheme())) ? -1 : reference.port, reference.path, reference.query,
                    reference.fragment);
        }
        if (reference.path.isEmpty()) {
            return new Url(this.scheme, this.userInfo, this.host, this.port, this.path,
                    (reference.query != null) ? reference.query : this.query, reference.fragment);
        }
        String path = reference.path;
        if (!path.startsWith("/")) {
            String base = (this.path.isEmpty() && this.host != null) ? "/" : this.path;
            path = base.substring(0, base.lastIndexOf('/') + 1) + path;
        }
        return new Url(this.scheme, this.userInfo, this.host, this.port, withoutDots(path), reference.query,
                reference.fragment);
    }

    private String withoutDots(String path) {
        String normalized = DotSegments.remove(path);
        if (this.host == null && normalized.startsWith("//")) {
            throw UrlBuilder.invalid("URL", "a path that starts with '//' would be read as a host");
        }
        return normalized;
    }

    /**
     * Resolve what a server gave as {@code Location} (RFC 9110, section 10.2.2): a
     * fragment of this URL is inherited, and so is its host where only that is missing.
     * @param reference the reference, relative or absolute
     * @return the target
     * @throws InvalidUrlException if there is none
     */
    public Url resolve(Url reference) {
        Url target = join((reference.scheme != null && reference.host().isEmpty())
                ? reference.with((url) -> url.host(host())) : reference);
        return (target.fragment != null) ? target : target.withFragment(this.fragment);
    }

    /**
     * Return this URL with another query.
     * @param query the query without its question mark, or {@code null} for none; valid
     * escapes in it are kept
     * @return another URL
     * @throws InvalidUrlException if the text cannot be a query
     */
    public Url withQuery(@Nullable String query) {
        return with((url) -> url.query(query));
    }

    /** For a query that comes out of our own encoder. */
    Url withEncodedQuery(@Nullable String query) {
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
        return (this.port >= 0) ? this.port : Port.byScheme(scheme());
    }

    /**
     * Return the port that the URL names.
     * @return the port, or -1 where it names none or the default of the scheme
     */
    public int explicitPort() {
        return this.port;
    }

    /**
     * Return the user information, percent-encoded.
     * @return {@code user:password}, or {@code null}
     */
    public @Nullable String userInfo() {
        return this.userInfo;
    }

    /**
     * Return the user name of the user information.
     * @return the user name, decoded and possibly empty
     */
    public String username() {
        int colon = (this.userInfo != null) ? this.userInfo.indexOf(':') : -1;
        return (this.userInfo == null) ? ""
                : PercentEncoding.decode((colon >= 0) ? this.userInfo.substring(0, colon) : this.userInfo);
    }

    /**
     * Return the password of the user information.
     * @return the password, decoded and possibly empty
     */
    public String password() {
        int colon = (this.userInfo != null) ? this.userInfo.indexOf(':') : -1;
        return (this.userInfo != null && colon >= 0) ? PercentEncoding.decode(this.userInfo.substring(colon + 1)) : "";
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
     * Return the path for people to read.
     * @return the path, decoded; a slash where the path is empty
     */
    public String decodedPath() {
        return this.path.isEmpty() ? "/" : PercentEncoding.decode(this.path);
    }

    /**
     * Return the fragment for people to read.
     * @return the fragment, decoded; an empty text where there is none
     */
    public String decodedFragment() {
        return (this.fragment != null) ? PercentEncoding.decode(this.fragment) : "";
    }

    /**
     * Return the host for people to read. Letters of different scripts can look alike:
     * compare, log and allow hosts by {@link #host()}.
     * @return the host, international names as their owners write them
     */
    public String displayHost() {
        return Idna.toUnicode(host());
    }

    /**
     * Return the parameters of the query.
     * @return the parameters, possibly none
     */
    public QueryParams params() {
        return (this.query != null) ? QueryParams.parse(this.query) : QueryParams.empty();
    }

    /**
     * Return this URL with other parameters.
     * @param params take the place of the query; where there are none, there is no
     * question mark
     * @return another URL
     */
    public Url withParams(QueryParams params) {
        Assert.notNull(params, "params must not be null");
        return withEncodedQuery(params.isEmpty() ? null : params.text());
    }

    /**
     * Return whether a request can be sent to this URL's host, as far as its text tells:
     * it is an address, or a name of letters, digits, hyphens, underscores and dots.
     * @return whether the host can be looked up
     */
    public boolean hasSendableHost() {
        return Host.isSendable(host());
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
     * information. The zone of an IPv6 address is known on this machine only and left out
     * (RFC 6874, section 4).
     * @return host, IPv6 in brackets, and the port unless it is the scheme's default
     */
    public String authority() {
        String authority = this.authority;
        if (authority == null) {
            String host = host();
            int zone = (host.indexOf(':') >= 0) ? host.indexOf('%') : -1;
            authority = authority((zone >= 0) ? host.substring(0, zone) : host);
            this.authority = authority;
        }
        return authority;
    }

    private String authority(String host) {
        String name = (host.indexOf(':') >= 0) ? "[" + host + "]" : host;
        return (this.port >= 0) ? name + ":" + this.port : name;
    }

    /**
     * Return scheme and authority.
     * @return for example {@code https://api.example.com:8443}
     */
    public String origin() {
        String origin = this.origin;
        if (origin == null) {
            origin = ((this.scheme != null) ? this.scheme + ":" : "") + "//" + authority(host());
            this.origin = origin;
        }
        return origin;
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
            return new URI(text());
        }
        catch (URISyntaxException ex) {
            // Not its message, which shows the whole text.
            throw new InvalidUrlException(redacted() + " cannot be represented as java.net.URI: " + ex.getReason());
        }
    }

    /**
     * Return the whole text, a password included.
     * @return the URL as text
     */
    public String text() {
        return text(this.userInfo, this.query);
    }

    private String text(@Nullable String userInfo, @Nullable String query) {
        StringBuilder text = new StringBuilder();
        if (this.scheme != null) {
            text.append(this.scheme).append(':');
        }
        if (this.host != null) {
            text.append("//");
            if (userInfo != null) {
                text.append(userInfo).append('@');
            }
            text.append(authority(host()));
        }
        text.append(this.path);
        if (query != null) {
            text.append('?').append(query);
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
     * Return the text with the password of the user information masked, and the values of
     * parameters whose name says that they are secrets.
     */
    @Override
    public String toString() {
        String userInfo = this.userInfo;
        int colon = (userInfo != null) ? userInfo.indexOf(':') : -1;
        return text((userInfo != null && colon >= 0) ? userInfo.substring(0, colon + 1) + Secrets.MASK : userInfo,
                (this.query != null) ? Secrets.maskQuery(this.query) : null);
    }

}
