package dev.outbound.client.transport.reactor;

import java.util.Iterator;
import java.util.Map;

import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.ReactiveTransportResponse;

/**
 * A response: of HTTP/1.1 as it was read here, of HTTP/2 as Netty has decoded it, and
 * then nothing is converted that nobody asks for.
 */
final class ReactorResponse implements ReactiveTransportResponse {

    private final HttpResponse head;

    /** In HTTP/1.1. */
    private final @Nullable IncomingHead decoded;

    private final ResponseBody body;

    private @Nullable FieldLines fields;

    ReactorResponse(HttpResponse head, ResponseBody body) {
        this.head = head;
        this.decoded = (head instanceof DecodedHead decoded) ? decoded.head() : null;
        this.fields = (this.decoded != null) ? this.decoded.fields() : null;
        this.body = body;
    }

    @Override
    public int statusCode() {
        return this.head.status().code();
    }

    @Override
    public String reasonPhrase() {
        return (this.decoded != null) ? this.decoded.reason() : "";
    }

    @Override
    public String httpVersion() {
        return (this.decoded != null) ? this.decoded.version() : "HTTP/2";
    }

    @Override
    public FieldLines fields() {
        FieldLines fields = this.fields;
        if (fields == null) {
            FieldLines.Builder builder = FieldLines.builder();
            Iterator<Map.Entry<CharSequence, CharSequence>> lines = this.head.headers().iteratorCharSequence();
            while (lines.hasNext()) {
                Map.Entry<CharSequence, CharSequence> line = lines.next();
                if (!isOfNetty(line.getKey())) {
                    builder.append(line.getKey().toString(), line.getValue().toString());
                }
            }
            fields = builder.build();
            this.fields = fields;
        }
        return fields;
    }

    /** What Netty notes about a stream among the lines of its response. */
    private static boolean isOfNetty(CharSequence name) {
        return name.toString().startsWith("x-http2-");
    }

    @Override
    public @Nullable String first(String name) {
        return (this.decoded != null) ? this.decoded.fields().first(name) : this.head.headers().get(name);
    }

    @Override
    public Flux<DataBuffer> body() {
        return this.body;
    }

    @Override
    public long contentLength() {
        return this.body.contentLength();
    }

    @Override
    public void close() {
        this.body.close();
    }

    @Override
    public void abort() {
        this.body.abort();
    }

}
