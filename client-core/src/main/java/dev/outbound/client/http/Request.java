package dev.outbound.client.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * A request as it is sent: absolute URL, all field lines, body and time limits.
 * <p>
 * Immutable and, apart from a body that can be sent only once, thread-safe; every
 * {@code with} returns another request.
 *
 * @since 0.1
 */
public final class Request {

    private static final Set<HttpMethod> SAFE_OR_IDEMPOTENT = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT,
            HttpMethod.DELETE, HttpMethod.OPTIONS, HttpMethod.TRACE, HttpMethod.valueOf("QUERY"));

    private final HttpMethod method;

    private final Url url;

    private final FieldLines fields;

    private final @Nullable RequestBody body;

    private final Timeouts timeouts;

    private final @Nullable String template;

    private final Map<String, Object> attributes;

    private Request(HttpMethod method, Url url, FieldLines fields, @Nullable RequestBody body, Timeouts timeouts,
            @Nullable String template, Map<String, Object> attributes) {
        this.method = method;
        this.url = url;
        this.fields = fields;
        this.body = body;
        this.timeouts = timeouts;
        this.template = template;
        this.attributes = attributes;
    }

    /**
     * Create a request without field lines and body, with the default time limits.
     * @param method the method
     * @param url where to send it
     * @return the request
     * @throws IllegalArgumentException if the method is not a token
     */
    public static Request of(HttpMethod method, Url url) {
        return of(method, url, FieldLines.empty(), null, Timeouts.defaults(), null, Map.of());
    }

    /**
     * Create a request with everything that it can have.
     * @param method the method
     * @param url where to send it
     * @param fields the field lines
     * @param body the body, or {@code null} for none
     * @param timeouts the time limits
     * @param template the URI template that the URL was made from, or {@code null}
     * @param attributes what is to be known of the request on this side only
     * @return the request
     * @throws IllegalArgumentException if the method is not a token
     */
    public static Request of(HttpMethod method, Url url, FieldLines fields, @Nullable RequestBody body,
            Timeouts timeouts, @Nullable String template, Map<String, Object> attributes) {
        Assert.notNull(method, "method must not be null");
        Assert.notNull(url, "url must not be null");
        Assert.notNull(fields, "fields must not be null");
        Assert.notNull(timeouts, "timeouts must not be null");
        Assert.notNull(attributes, "attributes must not be null");
        String name = method.name();
        Assert.hasLength(name, "method must not be empty");
        for (int i = 0; i < name.length(); i++) {
            if (!FieldLines.isTokenCharacter(name.charAt(i))) {
                throw new IllegalArgumentException("'" + Text.escape(name, 40) + "' is not a method: "
                        + Text.describe(name.charAt(i)) + " at position " + i + " is not allowed");
            }
        }
        return new Request(method, url, fields, body, timeouts, template, attributes);
    }

    public HttpMethod method() {
        return this.method;
    }

    public Url url() {
        return this.url;
    }

    /**
     * Return the field lines as they are sent, in order. Framing fields
     * ({@code Content-Length}, {@code Transfer-Encoding}, {@code Host}) are added by the
     * transport.
     * @return the lines
     */
    public FieldLines fields() {
        return this.fields;
    }

    /**
     * Return the field lines as Spring's headers.
     * @return a read-only view of {@link #fields()}
     */
    public HttpHeaders headers() {
        return this.fields.asHttpHeaders();
    }

    public @Nullable RequestBody body() {
        return this.body;
    }

    public Timeouts timeouts() {
        return this.timeouts;
    }

    /**
     * Return the URI template that the URL was made from.
     * @return the template, or {@code null} where the caller gave a literal URL
     */
    public @Nullable String template() {
        return this.template;
    }

    /**
     * Return what is known of the request on this side only.
     * @return read-only attributes
     */
    public Map<String, Object> attributes() {
        return this.attributes;
    }

    /**
     * Return whether sending this request twice means the same as sending it once: its
     * method is idempotent (RFC 9110, section 9.2.2), it has an {@code Idempotency-Key},
     * or it is marked so.
     * @return whether it is idempotent
     */
    public boolean isIdempotent() {
        return SAFE_OR_IDEMPOTENT.contains(this.method) || this.attributes.containsKey(IDEMPOTENT)
                || this.fields.contains("Idempotency-Key");
    }

    /** Name of the attribute that marks a request as idempotent. */
    public static final String IDEMPOTENT = "outbound.idempotent";

    /**
     * Name of the attribute with what stands in the request line, where that is not the
     * path and query of the URL: in requests to a proxy (RFC 9112, section 3.2).
     */
    public static final String TARGET = "outbound.target";

    /**
     * Return whether the request can be sent again: it has no body, or one that can be
     * written more than once.
     * @return whether nothing is used up by sending it
     */
    public boolean isRepeatable() {
        return this.body == null || this.body.isRepeatable();
    }

    public Request withMethod(HttpMethod method) {
        return of(method, this.url, this.fields, this.body, this.timeouts, this.template, this.attributes);
    }

    public Request withUrl(Url url) {
        return new Request(this.method, url, this.fields, this.body, this.timeouts, this.template, this.attributes);
    }

    public Request withFields(FieldLines fields) {
        return new Request(this.method, this.url, fields, this.body, this.timeouts, this.template, this.attributes);
    }

    /**
     * Return this request with one line of that name.
     * @param name the name
     * @param value the value
     * @return another request
     * @throws IllegalArgumentException if name or value is not allowed in a message
     */
    public Request withHeader(String name, String value) {
        return withFields(this.fields.with(name, value));
    }

    public Request withoutHeader(String name) {
        return withFields(this.fields.without(name));
    }

    public Request withBody(@Nullable RequestBody body) {
        return new Request(this.method, this.url, this.fields, body, this.timeouts, this.template, this.attributes);
    }

    public Request withTimeouts(Timeouts timeouts) {
        return new Request(this.method, this.url, this.fields, this.body, timeouts, this.template, this.attributes);
    }

    public Request withAttribute(String name, Object value) {
        Map<String, Object> attributes = new HashMap<>(this.attributes);
        attributes.put(name, value);
        return new Request(this.method, this.url, this.fields, this.body, this.timeouts, this.template,
                Map.copyOf(attributes));
    }

    /**
     * Return method and URL for a log; no query, no user information, no header.
     */
    @Override
    public String toString() {
        return this.method + " " + this.url.redacted();
    }

}
