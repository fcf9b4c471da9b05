package dev.outbound.client.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;

/**
 * What every kind of response has: its head, the request it answers, and the responses
 * before it.
 *
 * @since 0.1
 */
public abstract class AbstractResponse {

    private final ResponseHead head;

    private final Request request;

    private final CallContext context;

    private final List<Response> history;

    AbstractResponse(ResponseHead head, Request request, CallContext context, List<Response> history) {
        this.head = head;
        this.request = request;
        this.context = context;
        this.history = history;
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
    public int statusCode() {
        return this.head.statusCode();
    }

    /**
     * Return the reason phrase as it was received.
     * @return the phrase, possibly empty
     */
    public String reasonPhrase() {
        return this.head.reasonPhrase();
    }

    /**
     * Return the version of HTTP that was spoken.
     * @return {@code HTTP/1.1}, for example
     */
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
    public FieldLines fields() {
        return this.head.fields();
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

    /**
     * Return the character set that the response declares.
     * @return that of {@code Content-Type}, or UTF-8
     */
    Charset charset() {
        String contentType = this.head.first(HttpHeaders.CONTENT_TYPE);
        if (contentType == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            Charset charset = MediaType.parseMediaType(contentType).getCharset();
            return (charset != null) ? charset : StandardCharsets.UTF_8;
        }
        catch (IllegalArgumentException ex) {
            return StandardCharsets.UTF_8;
        }
    }

    @Nullable StatusException statusFailure() {
        int status = statusCode();
        if (status >= 200 && status < 300) {
            return null;
        }
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
