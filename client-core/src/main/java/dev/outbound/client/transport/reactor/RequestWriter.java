package dev.outbound.client.transport.reactor;

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

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.transport.OutgoingHead;

/**
 * Writes the head of a request and sends its body. Reactor Netty's own lines
 * ({@code User-Agent}, {@code Accept}) are taken away.
 */
final class RequestWriter {

    private RequestWriter() {
    }

    static Publisher<Void> write(Call call, HttpClientRequest out, NettyOutbound outbound) {
        Request request = call.request();
        RequestBody body = request.body();
        OutgoingHead head = OutgoingHead.of(request, (body != null) ? call.bodyLength() : 0);
        call.outgoing(head);
        HttpHeaders headers = out.requestHeaders();
        headers.clear();
        if (call.isStream()) {
            head.forEach(headers::add);
        }
        else {
            tell(headers, request, head);
        }
        if (body == null) {
            return Mono.empty();
        }
        long length = head.bodyLength();
        byte[] bytes = body.bytes();
        if (bytes != null && length >= 0 && bytes.length <= Upload.PIECE) {
            return call.written(outbound.sendObject(Unpooled.wrappedBuffer(bytes)).then());
        }
        Upload upload = new Upload(call, body, length);
        call.upload(upload);
        // Not send(Publisher), which collects the body of a GET or DELETE in memory.
        return call.written(outbound.sendObject(upload, (buffer) -> false).then());
    }

    /**
     * Tell Reactor Netty and Netty what they act on. {@link RequestEncoder} writes the
     * head.
     */
    private static void tell(HttpHeaders headers, Request request, OutgoingHead head) {
        if (head.bodyLength() == OutgoingHead.CHUNKED) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        else if (request.body() != null) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(head.bodyLength()));
        }
        if (request.fields().contains("Connection")) {
            headers.set(HttpHeaderNames.CONNECTION, request.fields().all("Connection"));
        }
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
