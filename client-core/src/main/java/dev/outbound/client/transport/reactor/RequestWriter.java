package dev.outbound.client.transport.reactor;

import java.util.List;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;

import org.springframework.http.MediaType;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;

/**
 * Writes the field lines of a request as they are, adds what delimits the body (RFC 9112,
 * section 6), and sends the body. Reactor Netty's own lines ({@code User-Agent},
 * {@code Accept}) are taken away.
 */
final class RequestWriter {

    private static final long CHUNKED = -1;

    private RequestWriter() {
    }

    static Publisher<Void> write(Call call, HttpClientRequest out, NettyOutbound outbound) {
        Request request = call.request();
        FieldLines fields = request.fields();
        RequestBody body = request.body();
        long length = announced(fields, (body != null) ? call.bodyLength() : 0);
        HttpHeaders headers = out.requestHeaders();
        headers.clear();
        if (!fields.contains("Host")) {
            headers.add("Host", request.url().authority());
        }
        for (int i = 0; i < fields.size(); i++) {
            headers.add(fields.name(i), fields.value(i));
        }
        if (body == null) {
            if (length != 0) {
                throw new LocalProtocolException("the request announces a body, and has none", null);
            }
            return Mono.empty();
        }
        MediaType type = body.contentType();
        if (type != null && !fields.contains("Content-Type")) {
            headers.add("Content-Type", type.toString());
        }
        byte[] bytes = body.bytes();
        if (bytes != null && length >= 0) {
            return call.written(outbound.sendObject(Unpooled.wrappedBuffer(bytes)).then());
        }
        if (length >= 0) {
            headers.set("Content-Length", Long.toString(length));
        }
        else {
            headers.set("Transfer-Encoding", HttpHeaderValues.CHUNKED);
        }
        Upload upload = new Upload(call, body, length);
        call.upload(upload);
        // Not send(Publisher), which collects the body of a GET or DELETE in memory.
        return call.written(outbound.sendObject(upload, (buffer) -> false).then());
    }

    private static long announced(FieldLines fields, long length) {
        String announced = fields.first("Content-Length");
        if (fields.contains("Transfer-Encoding")) {
            List<String> codings = fields.all("Transfer-Encoding");
            if (announced != null || codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new LocalProtocolException("the lines Transfer-Encoding and Content-Length of the request do not"
                        + " fit; leave them out, they are added as needed", null);
            }
            return CHUNKED;
        }
        if (announced == null) {
            return length;
        }
        long parsed = parse(announced);
        if (parsed < 0 || (length >= 0 && parsed != length) || fields.all("Content-Length").size() > 1) {
            throw new LocalProtocolException(
                    "the line Content-Length of the request does not fit its body of "
                            + ((length >= 0) ? length : "unknown") + " bytes; leave it out, it is added as needed",
                    null);
        }
        return parsed;
    }

    private static long parse(String length) {
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                return -1;
            }
        }
        return (length.isEmpty() || length.length() > 18) ? -1 : Long.parseLong(length);
    }

    /**
     * Take away the length of 0 that Reactor Netty announces for every method that it
     * does not know to have no body (RFC 9110, section 8.6).
     */
    static void withoutNeedlessLength(Request request, @Nullable Object message) {
        if (message instanceof FullHttpRequest full && request.body() == null) {
            String method = request.method().name();
            if (!method.equals("POST") && !method.equals("PUT") && !method.equals("PATCH")
                    && !request.fields().contains("Content-Length")) {
                full.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
            }
        }
    }

}
