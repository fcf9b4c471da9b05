package dev.outbound.client.http;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.util.Assert;

/**
 * What every kind of response has: its head, the request it answers, and the responses
 * before it.
 *
 * @since 0.1
 */
public abstract class AbstractResponse implements ResponseHead {

    private final ResponseHead head;

    private final Request request;

    private final CallContext context;

    private final List<Response> history;

    private final @Nullable Supplier<Request> next;

    private final BodyReading reading;

    AbstractResponse(ResponseHead head, Request request, CallContext context, List<Response> history,
            @Nullable Supplier<Request> next, BodyReading reading) {
        this.next = next;
        this.head = head;
        this.request = request;
        this.context = context;
        this.history = history;
        this.reading = reading;
    }

    /**
     * Return the status.
     * @return the status
     */
    public HttpStatusCode status() {
        return HttpStatusCode.valueOf(this.head.statusCode());
    }

    /**
     * Return the status code as a number.
     * @return 100 to 999
     */
    @Override
    public int statusCode() {
        return this.head.statusCode();
    }

    /**
     * Return the reason phrase as it was received. HTTP/2 and later send none: there it
     * is the registered one of the status code.
     * @return the phrase, possibly empty
     */
    @Override
    public String reasonPhrase() {
        String phrase = this.head.reasonPhrase();
        return (phrase.isEmpty() && !this.head.httpVersion().startsWith("HTTP/1")) ? ReasonPhrases.of(statusCode())
                : phrase;
    }

    /**
     * Return whether the status is 1xx.
     * @return whether the response is informational
     */
    public boolean isInformational() {
        return statusCode() / 100 == 1;
    }

    /**
     * Return whether the status is 2xx.
     * @return whether the response is one of success
     */
    public boolean isSuccess() {
        return statusCode() / 100 == 2;
    }

    /**
     * Return whether the status is 3xx.
     * @return whether the response is a redirect, with or without a target
     */
    public boolean isRedirect() {
        return statusCode() / 100 == 3;
    }

    /**
     * Return whether the status is 4xx.
     * @return whether the request was wrong
     */
    public boolean isClientError() {
        return statusCode() / 100 == 4;
    }

    /**
     * Return whether the status is 5xx.
     * @return whether the server failed
     */
    public boolean isServerError() {
        return statusCode() / 100 == 5;
    }

    /**
     * Return whether the status is 4xx or 5xx.
     * @return whether the response tells an error
     */
    public boolean isError() {
        return isClientError() || isServerError();
    }

    /**
     * Return whether the response says where to go instead: its status is 301, 302, 303,
     * 307 or 308, and it has a {@code Location}.
     * @return whether there is a target to follow
     */
    public boolean hasRedirectLocation() {
        return switch (statusCode()) {
            case 301, 302, 303, 307, 308 -> this.head.first(HttpHeaders.LOCATION) != null;
            default -> false;
        };
    }

    /**
     * Return the version of HTTP that was spoken.
     * @return {@code HTTP/1.1}, for example
     */
    @Override
    public String httpVersion() {
        return this.head.httpVersion();
    }

    /**
     * Return the headers.
     * @return read-only headers; {@link #fields()} has order and case
     */
    public HttpHeaders headers() {
        return this.head.fields().asHttpHeaders();
    }

    /**
     * Return the field lines as they were received.
     * @return the lines
     */
    @Override
    public FieldLines fields() {
        return this.head.fields();
    }

    /**
     * Return the cookies that this response sets; those of earlier responses are not
     * among them, nor those it deletes.
     * @return the cookies, in the order of their fields
     */
    public Cookies cookies() {
        String date = this.head.first(HttpHeaders.DATE);
        // Ends are given by the server's clock, which may be wrong.
        Instant sent = (date != null) ? CookieDate.parse(date) : null;
        return Cookies.received(fields(), url(), (sent != null) ? sent : Instant.now());
    }

    /**
     * Return the request that was answered: after redirects, the last one.
     * @return the request
     */
    public Request request() {
        return this.request;
    }

    /**
     * Return the URL that answered.
     * @return the URL of {@link #request()}
     */
    public Url url() {
        return this.request.url();
    }

    /**
     * Return the responses that led to this one, by redirects or authentication.
     * @return the earlier responses, oldest first
     */
    public List<Response> history() {
        return this.history;
    }

    /**
     * Return the request that follows, where this response is a redirect that was not
     * followed (HTTPX's {@code next_request}). Sending it with the same client is what
     * following means: the method is changed, and credentials are dropped, as a followed
     * redirect has it.
     * @return the request, or empty where the response leads nowhere
     * @throws RedirectRejectedException if following it is not allowed
     * @throws RemoteProtocolException if its target is not a URL
     */
    public Optional<Request> nextRequest() {
        return (this.next != null) ? Optional.of(this.next.get()) : Optional.empty();
    }

    @Nullable Supplier<Request> next() {
        return this.next;
    }

    /**
     * Return the time from the beginning of the call to this response.
     * @return the time, retries and waits included
     */
    public Duration elapsed() {
        return this.context.elapsed();
    }

    /**
     * Return the call that was answered.
     * @return the call
     */
    public CallContext context() {
        return this.context;
    }

    ResponseHead head() {
        return this.head;
    }

    BodyReading reading() {
        return this.reading;
    }

    /**
     * Return the links to other resources that the response names in {@code Link} fields
     * (RFC 8288), for example the next page.
     * @return read-only links by their relation, or by their URL where they have none; of
     * several with one relation the last
     */
    public Map<String, Link> links() {
        List<String> values = this.head.fields().all(HttpHeaders.LINK);
        return values.isEmpty() ? Map.of()
                : Collections.unmodifiableMap(LinkParser.byRelation(LinkParser.parse(values)));
    }

    /**
     * Return the character set that the text of the body is read in.
     * @return that of {@code Content-Type} if this JVM knows it, else the client's
     * default, which is UTF-8 unless it was set
     */
    public Charset charset() {
        TextEncoding declared = TextEncoding.of(this.head.first(HttpHeaders.CONTENT_TYPE));
        return (declared != null) ? declared.charset() : defaultCharset();
    }

    Charset defaultCharset() {
        return this.reading.charset().unread();
    }

    /**
     * Return the character set that the response declares.
     * @return the name in lower case, known to this JVM or not, or {@code null} where
     * none is declared
     */
    public @Nullable String declaredCharset() {
        return TextEncoding.label(this.head.first(HttpHeaders.CONTENT_TYPE));
    }

    /**
     * Return the name for a file that the server suggests in {@code Content-Disposition}
     * (RFC 6266), made harmless: it has no directory, control or hidden character, does
     * not begin with a dot, is no device of Windows, and has at most 255 bytes in UTF-8.
     * @return the name, or {@code null} where nothing usable is suggested
     */
    public @Nullable String fileName() {
        return FileName.of(fields());
    }

    void checkEvents() {
        String type = this.head.first(HttpHeaders.CONTENT_TYPE);
        String essence = (type != null) ? type.split(";", 2)[0].strip() : "";
        if (!essence.equalsIgnoreCase(MediaType.TEXT_EVENT_STREAM_VALUE)) {
            ConversionException failure = new ConversionException(
                    "the response is no stream of server-sent events; it has status " + statusCode()
                            + " and content type " + describeContentType(),
                    null);
            failure.in(this.context);
            throw failure;
        }
    }

    String describeContentType() {
        String type = this.head.first(HttpHeaders.CONTENT_TYPE);
        return (type != null) ? Text.escape(type, 100) : "none";
    }

    /** Check the size of a body that is streamed into memory. */
    void checkLimit(long size) {
        if (size > this.reading.limit()) {
            LimitExceededException failure = new LimitExceededException(Phase.BODY,
                    "the body is larger than the limit of " + this.reading.limit()
                            + " bytes; raise limits.response-body, or read it in pieces",
                    null);
            failure.in(this.context);
            throw failure;
        }
    }

    static int positive(int size) {
        Assert.isTrue(size > 0, () -> "size of a piece must be positive, but is " + size);
        return size;
    }

    /** The beginning of the body for a message, empty where it was not read. */
    String excerpt() {
        return "";
    }

    StatusException statusFailure() {
        StatusException failure = new StatusException(this);
        failure.in(this.context);
        return failure;
    }

    @Override
    public String toString() {
        return "Response[" + statusCode() + ((reasonPhrase().isEmpty()) ? "" : " " + Text.escape(reasonPhrase(), 100))
                + "]";
    }

}
