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

    private final ResponseBody body;

    private @Nullable FieldLines fields;

    ReactorResponse(HttpResponse head, ResponseBody body) {
        this.head = head;
        this.body = body;
    }

    @Override
    public int statusCode() {
        return this.head.status().code();
    }

    @Override
    public String reasonPhrase() {
        return this.head.status().reasonPhrase();
    }

    @Override
    public String httpVersion() {
        return this.head.protocolVersion().text();
    }

    @Override
    public FieldLines fields() {
        FieldLines fields = this.fields;
        if (fields == null) {
            FieldLines.Builder builder = FieldLines.builder();
            Iterator<Map.Entry<CharSequence, CharSequence>> lines = this.head.headers().iteratorCharSequence();
            while (lines.hasNext()) {
                Map.Entry<CharSequence, CharSequence> line = lines.next();
                builder.append(line.getKey().toString(), line.getValue().toString());
            }
            fields = builder.build();
            this.fields = fields;
        }
        return fields;
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
