package dev.outbound.client.transport.reactor;

import java.util.Iterator;
import java.util.Map;

import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.transport.ReactiveTransportResponse;

/** What Netty has decoded; nothing of it is converted that nobody asks for. */
final class ReactorResponse implements ReactiveTransportResponse {

    private final HttpResponse head;

    private final boolean http2;

    private final ResponseBody body;

    private @Nullable FieldLines fields;

    ReactorResponse(HttpResponse head, boolean http2, ResponseBody body) {
        this.head = head;
        this.http2 = http2;
        this.body = body;
    }

    @Override
    public int statusCode() {
        return this.head.status().code();
    }

    @Override
    public String reasonPhrase() {
        return this.http2 ? "" : this.head.status().reasonPhrase();
    }

    @Override
    public String httpVersion() {
        return this.http2 ? "HTTP/2" : this.head.protocolVersion().text();
    }

    @Override
    public FieldLines fields() {
        FieldLines fields = this.fields;
        if (fields == null) {
            FieldLines.Builder builder = FieldLines.builder();
            Iterator<Map.Entry<CharSequence, CharSequence>> lines = this.head.headers().iteratorCharSequence();
            while (lines.hasNext()) {
                Map.Entry<CharSequence, CharSequence> line = lines.next();
                if (!this.http2 || !isOfNetty(line.getKey())) {
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
        return this.head.headers().get(name);
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
