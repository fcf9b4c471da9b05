package dev.outbound.client.http;

import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.util.List;

import tools.jackson.databind.JsonNode;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.Assert;

/**
 * A response that was read to its end. Immutable and thread-safe: it holds no connection,
 * and nothing has to be closed.
 *
 * @since 0.1
 */
public final class Response extends AbstractResponse {

    private final byte[] body;

    private final JsonConversion json;

    /**
     * Create a response. Drivers do, and tests.
     * @param head status and field lines
     * @param body the content; not copied
     * @param request the request that was answered
     * @param context the call
     * @param history earlier responses, oldest first
     * @param json converts the body
     */
    public Response(ResponseHead head, byte[] body, Request request, CallContext context, List<Response> history,
            JsonConversion json) {
        super(head, request, context, history);
        this.body = body;
        this.json = json;
    }

    /**
     * Return this response, or throw when its status is not one of success (2xx).
     * @return this response
     * @throws StatusException with this response, for every status outside 200-299
     */
    public Response raiseForStatus() {
        StatusException failure = statusFailure();
        if (failure != null) {
            throw failure;
        }
        return this;
    }

    /**
     * Return whether there is a body to convert.
     * @return whether it has at least one byte
     */
    public boolean hasBody() {
        return this.body.length > 0;
    }

    /**
     * Return the body.
     * @return a copy of the bytes
     */
    public byte[] bytes() {
        return this.body.clone();
    }

    /**
     * Return the body as text, in the character set that the response declares, or UTF-8.
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
        return TextDecoder.decode(this.body, charset);
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
            return this.json.read(type, this.body);
        }
        catch (ConversionException ex) {
            ConversionException failure = new ConversionException(ex.detail() + "; the response has status "
                    + statusCode() + " and content type " + describeContentType(), ex.getCause());
            failure.in(context());
            throw failure;
        }
    }

    @Override
    String excerpt() {
        return Excerpt.of(this.body, head().first("Content-Type"), charset(), request());
    }

    private String describeContentType() {
        String contentType = head().first("Content-Type");
        return (contentType != null) ? Text.escape(contentType, 100) : "none";
    }

}
