package dev.outbound.client.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.util.Assert;

/**
 * A response that was read to its end. Immutable and thread-safe: it holds no connection,
 * and nothing has to be closed.
 *
 * @since 0.1
 */
public final class Response extends AbstractResponse {

    private final byte[] body;

    /** Found once, for finding it may mean to read all of the body. */
    private @Nullable Charset detected;

    private final boolean headOnly;

    /**
     * Create a response. Drivers do, and tests.
     * @param head status and field lines
     * @param body the content; not copied
     * @param request the request that was answered
     * @param context the call
     * @param history earlier responses, oldest first
     * @param next makes the request that follows, or {@code null}
     * @param reading how the body is read
     */
    public Response(ResponseHead head, byte[] body, Request request, CallContext context, List<Response> history,
            @Nullable Supplier<Request> next, BodyReading reading) {
        this(head, body, request, context, history, next, reading, false);
    }

    private Response(ResponseHead head, byte[] body, Request request, CallContext context, List<Response> history,
            @Nullable Supplier<Request> next, BodyReading reading, boolean headOnly) {
        super(head, request, context, history, next, reading);
        this.body = body;
        this.headOnly = headOnly;
    }

    /**
     * Return a response that was never on a network, for interceptors, transports in
     * memory and tests. Its JSON is read with the default mapper, unless a client
     * delivers it.
     * @param request the request that it answers
     * @param statusCode the status code
     * @param fields the field lines
     * @param body the content; not copied
     * @return the response
     */
    public static Response of(Request request, int statusCode, FieldLines fields, byte[] body) {
        Assert.notNull(request, "request must not be null");
        Assert.notNull(body, "body must not be null");
        CallContext context = new CallContext(null, request.method().name(), request.url().redacted(), 1,
                Duration.ZERO);
        return new Response(ResponseHead.of(statusCode, ReasonPhrases.of(statusCode), "HTTP/1.1", fields), body,
                request, context, List.of(), null, BodyReading.defaults());
    }

    /**
     * Return a response that was never on a network, with the lines that describe its
     * body as a server would send them.
     * @param request the request that it answers
     * @param statusCode the status code
     * @param body the content, which is read now; an empty one is described by nothing
     * @return the response
     * @throws UncheckedIOException if the content cannot be read
     */
    public static Response of(Request request, int statusCode, RequestBody body) {
        Assert.notNull(body, "body must not be null");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            body.writeTo(out);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        FieldLines.Builder fields = FieldLines.builder();
        if (body.contentLength() < 0) {
            fields.add("Transfer-Encoding", "chunked");
        }
        else if (out.size() > 0) {
            fields.add("Content-Length", Integer.toString(out.size()));
        }
        MediaType type = body.contentType();
        if (type != null && out.size() > 0) {
            fields.add("Content-Type", type.toString());
        }
        return of(request, statusCode, fields.build(), out.toByteArray());
    }

    /**
     * Return whether the body of this response is streamed to somebody else, as it is for
     * an interceptor of a streamed call. Asking for it is an
     * {@link IllegalStateException} then.
     * @return whether there is only a head
     */
    public boolean isHeadOnly() {
        return this.headOnly;
    }

    /**
     * Return whether another response has the very body of this one, and not only an
     * equal one: whether one was made of the other.
     * @param other the other response
     * @return whether they share their body
     */
    public boolean hasSameBodyAs(Response other) {
        return this.body == other.body;
    }

    /**
     * Return this response without its body, which is streamed to somebody else.
     * @return another response
     */
    public Response headOnly() {
        return new Response(head(), new byte[0], request(), context(), history(), next(), reading(), true);
    }

    /**
     * Return this response with another status.
     * @param statusCode the status code
     * @return another response
     */
    public Response withStatus(int statusCode) {
        return with(ResponseHead.of(statusCode, ReasonPhrases.of(statusCode), httpVersion(), fields()));
    }

    /**
     * Return this response with other field lines.
     * @param fields the field lines
     * @return another response
     */
    public Response withFields(FieldLines fields) {
        return with(ResponseHead.of(statusCode(), reasonPhrase(), httpVersion(), fields));
    }

    /**
     * Return this response with one line of that name.
     * @param name the name
     * @param value the value
     * @return another response
     * @throws IllegalArgumentException if name or value is not allowed in a message
     */
    public Response withHeader(String name, String value) {
        return withFields(fields().with(name, value));
    }

    /**
     * Return this response with another body; its field lines stay.
     * @param body the content; not copied
     * @return another response
     */
    public Response withBody(byte[] body) {
        Assert.notNull(body, "body must not be null");
        return new Response(head(), body, request(), context(), history(), next(), reading(), false);
    }

    private Response with(ResponseHead head) {
        return new Response(head, this.body, request(), context(), history(), next(), reading(), this.headOnly);
    }

    private byte[] content() {
        Assert.state(!this.headOnly, "The body of this response is streamed and cannot be read here");
        return this.body;
    }

    /**
     * Return this response, or throw when its status is not one of success (2xx).
     * @return this response
     * @throws StatusException with this response, for every status outside 200-299
     */
    public Response raiseForStatus() {
        if (!isSuccess()) {
            throw statusFailure();
        }
        return this;
    }

    /**
     * Return whether there is a body to convert.
     * @return whether it has at least one byte
     */
    public boolean hasBody() {
        return content().length > 0;
    }

    /**
     * Return the body.
     * @return a copy of the bytes
     */
    public byte[] bytes() {
        return content().clone();
    }

    /**
     * Return the body as text, in the {@linkplain #charset() character set} that the
     * response declares, or the client's default.
     * @return the text; what cannot be decoded is replaced by U+FFFD, one for each
     * maximal ill-formed part
     */
    public String text() {
        return text(charset());
    }

    /**
     * Return the body as text in a character set, whatever the response declares.
     * @param charset the character set
     * @return the text; what cannot be decoded is replaced by U+FFFD, one for each
     * maximal ill-formed part
     */
    public String text(Charset charset) {
        Assert.notNull(charset, "charset must not be null");
        return TextDecoder.decode(content(), charset);
    }

    /**
     * Return the lines of the text. They end as in {@link StreamedResponse#lines()}.
     * @return the lines, without their ends
     */
    public List<String> lines() {
        LineDecoder decoder = LineDecoder.unicode();
        List<String> lines = decoder.decode(text());
        String rest = decoder.finish();
        if (rest != null) {
            lines.add(rest);
        }
        return lines;
    }

    /**
     * Return the body as a JSON tree.
     * @return the tree
     * @throws ConversionException if the body is empty or not JSON
     */
    public JsonNode json() {
        return json(JsonNode.class);
    }

    /**
     * Convert the JSON of the body, whatever type the response declares.
     * @param type the type to convert to
     * @return the object
     * @throws ConversionException if the body is empty, not JSON, or does not fit the
     * type
     */
    public <T> T json(Class<T> type) {
        Assert.notNull(type, "type must not be null");
        return convert(type);
    }

    /**
     * Convert the JSON of the body to a generic type.
     * @param type for example {@code new ParameterizedTypeReference<List<Repo>>() {}}
     * @return the object
     * @throws ConversionException if the body is empty, not JSON, or does not fit the
     * type
     */
    public <T> T json(ParameterizedTypeReference<T> type) {
        Assert.notNull(type, "type must not be null");
        return convert(type.getType());
    }

    private <T> T convert(Type type) {
        try {
            return reading().json().read(type, content());
        }
        catch (ConversionException ex) {
            ConversionException failure = new ConversionException(ex.detail() + "; the response has status "
                    + statusCode() + " and content type " + describeContentType(), ex.getCause());
            failure.in(context());
            throw failure;
        }
    }

    @Override
    Charset defaultCharset() {
        Charset detected = this.detected;
        if (detected == null) {
            detected = reading().charset().of(this.body);
            this.detected = detected;
        }
        return detected;
    }

    @Override
    String excerpt() {
        return Excerpt.of(this.body, head().first("Content-Type"), charset(), request());
    }

}
