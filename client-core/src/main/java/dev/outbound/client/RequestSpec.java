package dev.outbound.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.util.Assert;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.Cookies;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.http.Multipart;
import dev.outbound.client.http.ProgressListener;
import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.http.UrlTemplate;
import dev.outbound.client.retry.RetryPolicy;

/**
 * What a call says of its request, beyond method and URL. What it does not say comes from
 * the client; saying "none" is another thing than saying nothing. Valid only while the
 * function that it is given to runs; not thread-safe.
 *
 * @since 0.1
 */
public final class RequestSpec {

    private final ClientSettings settings;

    private final JsonConversion json;

    private FieldLines headers = FieldLines.empty();

    private QueryParams query = QueryParams.empty();

    private Cookies cookies = Cookies.empty();

    private @Nullable Map<String, Object> variables;

    private @Nullable Map<String, Object> attributes;

    private @Nullable RequestBody body;

    private Timeouts timeouts;

    private @Nullable Auth auth;

    private boolean ownAuth;

    private @Nullable RetryPolicy retry;

    private RedirectPolicy redirects;

    private boolean raisesForStatus;

    private @Nullable String template;

    private @Nullable Observation observation;

    private @Nullable Url madeWith;

    RequestSpec(ClientSettings settings, JsonConversion json) {
        this.settings = settings;
        this.json = json;
        this.timeouts = settings.timeouts();
        this.auth = settings.auth();
        this.retry = settings.retry();
        this.redirects = settings.redirects();
        this.raisesForStatus = settings.raisesForStatus();
    }

    /**
     * Give a value to a variable of the URL, which makes the URL a template.
     * @param name the name, as it stands between braces
     * @param value the value; encoded strictly
     * @return this
     */
    public RequestSpec variable(String name, Object value) {
        Assert.hasText(name, "name of a variable must not be empty");
        Assert.notNull(value, () -> "value of variable {" + name + "} must not be null");
        if (this.variables == null) {
            this.variables = new LinkedHashMap<>();
        }
        this.variables.put(name, value);
        return this;
    }

    /**
     * Add a query parameter. All values of a name take the place of the client's for that
     * name.
     * @param name the name
     * @param value the value; {@code null} gives an empty text
     * @return this
     */
    public RequestSpec query(String name, @Nullable Object value) {
        this.query = this.query.add(name, value);
        return this;
    }

    /**
     * Add query parameters, as {@link #query(String, Object)} does.
     * @param params the parameters
     * @return this
     */
    public RequestSpec query(QueryParams params) {
        Assert.notNull(params, "params must not be null");
        params.forEach(this::query);
        return this;
    }

    /**
     * Add query parameters, as {@link #query(String, Object)} does.
     * @param params names and values, in order; an {@link Iterable} repeats the name
     * @return this
     */
    public RequestSpec query(Map<String, ? extends @Nullable Object> params) {
        return query(QueryParams.of(params));
    }

    /**
     * Add query parameters that are encoded already, as {@link #query(String, Object)}
     * does.
     * @param params for example {@code a=1&b=2}, without a question mark
     * @return this
     */
    public RequestSpec query(String params) {
        return query(QueryParams.parse(params));
    }

    /**
     * Set a header. It takes the place of the client's of that name.
     * @param name the name
     * @param value the value
     * @return this
     * @throws IllegalArgumentException if one is not allowed in a message, or the field
     * is the transport's own
     */
    public RequestSpec header(String name, String value) {
        Merging.checkHeader(name);
        this.headers = this.headers.with(name, value);
        return this;
    }

    /**
     * Set headers. They take the place of the client's, and of those set before, of the
     * same names; a name may repeat.
     * @param headers the field lines
     * @return this
     * @throws IllegalArgumentException if a line is not allowed in a message, or a field
     * is the transport's own
     */
    public RequestSpec headers(FieldLines headers) {
        Merging.checkHeaders(headers);
        this.headers = this.headers.merge(headers);
        return this;
    }

    /**
     * Set headers, as {@link #header(String, String)} does.
     * @param headers names and values
     * @return this
     * @throws IllegalArgumentException if one is not allowed in a message, or the field
     * is the transport's own
     */
    public RequestSpec headers(Map<String, String> headers) {
        Assert.notNull(headers, "headers must not be null");
        headers.forEach(this::header);
        return this;
    }

    /**
     * Send a cookie with this call, beside those of the client. It takes the place of the
     * client's of the same name without a domain, and is not remembered.
     * @param name a token
     * @param value the value
     * @return this
     * @throws IllegalArgumentException if one has a character that is not allowed in it
     */
    public RequestSpec cookie(String name, String value) {
        this.cookies = this.cookies.with(Cookie.of(name, value));
        return this;
    }

    /**
     * Send an object as JSON.
     * @param value the object
     * @return this
     * @throws dev.outbound.client.http.ConversionException if it cannot be written
     */
    public RequestSpec json(Object value) {
        Assert.notNull(value, "value must not be null");
        return body(this.json.write(value));
    }

    /**
     * Send text in UTF-8, as {@code text/plain}.
     * @param text the text
     * @return this
     */
    public RequestSpec text(String text) {
        return body(RequestBody.text(text));
    }

    /**
     * Send bytes, as {@code application/octet-stream}.
     * @param bytes the bytes; not copied
     * @return this
     */
    public RequestSpec bytes(byte[] bytes) {
        return body(RequestBody.bytes(bytes));
    }

    /**
     * Send bytes of a type.
     * @param bytes the bytes; not copied
     * @param contentType the type
     * @return this
     */
    public RequestSpec bytes(byte[] bytes, MediaType contentType) {
        Assert.notNull(contentType, "contentType must not be null");
        return body(RequestBody.bytes(bytes, contentType));
    }

    /**
     * Send form fields.
     * @param fields names and values, in order; an {@link Iterable} repeats the name
     * @return this
     */
    public RequestSpec form(Map<String, ?> fields) {
        return body(RequestBody.form(fields));
    }

    /**
     * Send parts, as {@code multipart/form-data}.
     * @param parts adds the parts
     * @return this
     */
    public RequestSpec multipart(Consumer<Multipart> parts) {
        Assert.notNull(parts, "parts must not be null");
        Multipart multipart = new Multipart();
        parts.accept(multipart);
        return body(multipart.build());
    }

    /**
     * Send a body of any kind.
     * @param body the body
     * @return this
     */
    public RequestSpec body(RequestBody body) {
        Assert.notNull(body, "body must not be null");
        Assert.state(this.body == null, "This request has a body already; it can have only one");
        this.body = body;
        return this;
    }

    /**
     * Set the limits of connect, read, write and pool, as HTTPX's single number does.
     * @param timeout the limit, or {@code null} for none
     * @return this
     */
    public RequestSpec timeout(@Nullable Duration timeout) {
        this.timeouts = this.timeouts.withAll(timeout);
        return this;
    }

    /**
     * Set the limit of the whole call, retries and waits included.
     * @param total the limit, or {@code null} for none
     * @return this
     */
    public RequestSpec total(@Nullable Duration total) {
        this.timeouts = this.timeouts.withTotal(total);
        return this;
    }

    /**
     * Set all time limits.
     * @param timeouts the limits
     * @return this
     */
    public RequestSpec timeouts(Timeouts timeouts) {
        Assert.notNull(timeouts, "timeouts must not be null");
        this.timeouts = timeouts;
        return this;
    }

    /**
     * Authenticate this call in another way than the client.
     * @param auth the scheme, or {@code null} for none
     * @return this
     */
    public RequestSpec auth(@Nullable Auth auth) {
        this.auth = auth;
        this.ownAuth = true;
        return this;
    }

    /**
     * Authenticate this call with Basic authentication.
     * @param username the user name, without a colon
     * @param password the password
     * @return this
     * @see Auth#basic(String, String)
     */
    public RequestSpec auth(String username, String password) {
        return auth(Auth.basic(username, password));
    }

    /**
     * Retry this call in another way than the client.
     * @param retry the policy, or {@code null} for none
     * @return this
     */
    public RequestSpec retry(@Nullable RetryPolicy retry) {
        this.retry = retry;
        return this;
    }

    /**
     * Follow other redirects than the client.
     * @param redirects the policy
     * @return this
     */
    public RequestSpec redirects(RedirectPolicy redirects) {
        Assert.notNull(redirects, "redirects must not be null");
        this.redirects = redirects;
        return this;
    }

    /**
     * Set whether a status that is not one of success (2xx) fails this call.
     * @param raise whether it throws a {@link dev.outbound.client.http.StatusException}
     * @return this
     */
    public RequestSpec raiseForStatus(boolean raise) {
        this.raisesForStatus = raise;
        return this;
    }

    /**
     * Say that sending this request twice means the same as sending it once, so that it
     * may be retried whatever its method.
     * @return this
     */
    public RequestSpec idempotent() {
        return attribute(Request.IDEMPOTENT, true);
    }

    /**
     * Name the template that the URL was made from, where somebody else has expanded it.
     * @param template the template, for messages and metrics only
     * @return this
     */
    public RequestSpec template(String template) {
        Assert.hasText(template, "template must not be empty");
        this.template = template;
        return this;
    }

    /**
     * Say which base URL an absolute URL was made with. Where the client has another one
     * by now, for its settings were changed, the URL is put on that.
     * @param baseUrl the base URL, or {@code null} for none
     * @return this
     */
    public RequestSpec madeWith(@Nullable Url baseUrl) {
        this.madeWith = baseUrl;
        return this;
    }

    /**
     * Count this call on an observation that is running already, for example that of
     * another API in front of this one, instead of on one of its own. Whoever began it
     * ends it.
     * @param observation the observation of the call
     * @return this
     */
    public RequestSpec observation(Observation observation) {
        Assert.notNull(observation, "observation must not be null");
        this.observation = observation;
        return this;
    }

    /**
     * Listen to how far the request is sent and its response received, of a streamed
     * response, too.
     * @param listener the listener
     * @return this
     */
    public RequestSpec progress(ProgressListener listener) {
        Assert.notNull(listener, "listener must not be null");
        return attribute(ProgressListener.ATTRIBUTE, listener);
    }

    /**
     * Set what is to be known of the request on this side only.
     * @param name the name
     * @param value the value
     * @return this
     */
    public RequestSpec attribute(String name, Object value) {
        Assert.hasText(name, "name of an attribute must not be empty");
        Assert.notNull(value, () -> "value of attribute '" + name + "' must not be null");
        if (this.attributes == null) {
            this.attributes = new HashMap<>();
        }
        this.attributes.put(name, value);
        return this;
    }

    Request build(HttpMethod method, String url) {
        Assert.notNull(method, "method must not be null");
        Assert.notNull(url, "url must not be null");
        boolean template = this.variables != null;
        String text = (this.variables != null) ? UrlTemplate.expand(url, this.variables) : url;
        Url target = Merging.url(this.settings, Merging.moved(text, this.madeWith, this.settings.baseUrl()));
        boolean own = Merging.isOwn(this.settings.baseUrl(), target);
        if (!this.ownAuth) {
            this.auth = Call.auth(this.settings, target);
        }
        target = (own ? this.settings.query() : this.settings.safeQuery()).merge(this.query)
            .appendTo(target)
            .withoutUserInfo();
        FieldLines fields = (own ? this.settings.headers() : this.settings.safeHeaders()).merge(this.headers);
        String contentType = fields.first("Content-Type");
        RequestBody body = (this.body != null && contentType != null) ? this.body.under(contentType) : this.body;
        return Request.of(method, target, fields, body, this.timeouts, template ? url : this.template,
                (this.attributes != null) ? Map.copyOf(this.attributes) : Map.of());
    }

    @Nullable Auth auth() {
        return this.auth;
    }

    @Nullable Observation observation() {
        return this.observation;
    }

    /**
     * What the exchange asks: the client's policies, or this call's where it has its own.
     */
    Exchange.Policies override(Exchange.Policies policies) {
        boolean own = this.retry != this.settings.retry() || this.redirects != this.settings.redirects()
                || !this.cookies.isEmpty() || this.raisesForStatus != this.settings.raisesForStatus();
        return own ? policies.with(this.retry, new Redirects(this.redirects), policies.cookies().withOwn(this.cookies),
                this.raisesForStatus) : policies;
    }

}
