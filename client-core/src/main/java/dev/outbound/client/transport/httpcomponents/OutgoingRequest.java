package dev.outbound.client.transport.httpcomponents;

import java.util.List;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;

/**
 * Makes HttpCore's request: the field lines as they are, {@code Host} before them, and
 * behind them what delimits the body (RFC 9112, section 6).
 */
final class OutgoingRequest {

    /** How a body of unknown length is delimited. */
    static final long CHUNKED = -1;

    private static final long NOTHING = -2;

    private static final String HOST = "Host";

    private static final String CONTENT_TYPE = "Content-Type";

    private OutgoingRequest() {
    }

    /**
     * Make the request.
     * @param request what to send
     * @param target what stands in the request line
     * @param upload writes its body, or {@code null} where there is none
     * @return the request, without a connection
     * @throws LocalProtocolException if its own lines contradict its body
     */
    static ClassicHttpRequest of(Request request, String target, @Nullable BodyUpload upload) {
        FieldLines fields = request.fields();
        ClassicHttpRequest message = new BasicClassicHttpRequest(request.method().name(), null, null, target);
        if (!fields.contains(HOST)) {
            add(message, HOST, request.url().authority());
        }
        for (int i = 0; i < fields.size(); i++) {
            add(message, fields.name(i), fields.value(i));
        }
        long length = (upload != null) ? upload.announced() : lengthWithoutBody(request);
        if (length == CHUNKED && !fields.contains(BodyLength.TRANSFER_ENCODING)) {
            add(message, BodyLength.TRANSFER_ENCODING, "chunked");
        }
        else if (length >= 0 && !fields.contains(BodyLength.CONTENT_LENGTH)) {
            add(message, BodyLength.CONTENT_LENGTH, Long.toString(length));
        }
        if (upload != null) {
            if (upload.contentType() != null && !fields.contains(CONTENT_TYPE)) {
                add(message, CONTENT_TYPE, upload.contentType());
            }
            message.setEntity(new EntityTemplate(length, null, null, upload));
        }
        return message;
    }

    private static void add(ClassicHttpRequest message, String name, String value) {
        message.addHeader(new BasicHeader(name, value));
    }

    private static long lengthWithoutBody(Request request) {
        if (announced(request.fields(), 0) != 0) {
            throw new LocalProtocolException("the request announces a body, and has none", null);
        }
        String method = request.method().name();
        return (method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) ? 0 : NOTHING;
    }

    /**
     * Return how the body of a request is delimited: by what its own lines say, if that
     * can be true.
     * @param fields the lines of the request
     * @param body its body
     * @return the length, or {@link #CHUNKED}
     * @throws LocalProtocolException if the lines contradict the body, or each other
     */
    static long announced(FieldLines fields, RequestBody body) {
        return announced(fields, body.contentLength());
    }

    private static long announced(FieldLines fields, long length) {
        List<String> codings = fields.contains(BodyLength.TRANSFER_ENCODING) ? fields.all(BodyLength.TRANSFER_ENCODING)
                : List.of();
        String announced = fields.first(BodyLength.CONTENT_LENGTH);
        if (!codings.isEmpty()) {
            if (announced != null || codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new LocalProtocolException("the lines Transfer-Encoding and Content-Length of the request do not"
                        + " fit; leave them out, they are added as needed", null);
            }
            return CHUNKED;
        }
        if (announced == null) {
            return (length >= 0) ? length : CHUNKED;
        }
        long parsed = BodyLength.parse(announced);
        if (parsed < 0 || (length >= 0 && parsed != length) || fields.all(BodyLength.CONTENT_LENGTH).size() > 1) {
            throw new LocalProtocolException(
                    "the line Content-Length of the request does not fit its body of "
                            + ((length >= 0) ? length : "unknown") + " bytes; leave it out, it is added as needed",
                    null);
        }
        return parsed;
    }

}
