package dev.outbound.client.spring;

import java.net.URI;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;

import dev.outbound.client.RequestSpec;
import dev.outbound.client.http.RequestBody;

/**
 * A request that Spring describes: to write it means to take down its headers and what
 * its body will be. The call comes after that.
 */
final class CommittedRequest extends AbstractClientHttpRequest {

    private final HttpMethod method;

    private final URI uri;

    private @Nullable RequestBody body;

    CommittedRequest(HttpMethod method, URI uri) {
        this.method = method;
        this.uri = uri;
    }

    @Override
    public HttpMethod getMethod() {
        return this.method;
    }

    @Override
    public URI getURI() {
        return this.uri;
    }

    @Override
    public DataBufferFactory bufferFactory() {
        return DefaultDataBufferFactory.sharedInstance;
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getNativeRequest() {
        return (T) this;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        if (body instanceof Mono<? extends DataBuffer> single) {
            // The buffer may be read once only; its bytes can be sent again.
            return doCommit(() -> single.map(CommittedRequest::bytes)
                .doOnNext((bytes) -> this.body = RequestBody.bytes(bytes, null))
                .then());
        }
        return doCommit(() -> {
            this.body = new PublishedBody(body, getHeaders().getContentLength());
            return Mono.empty();
        });
    }

    private static byte[] bytes(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        }
        finally {
            DataBufferUtils.release(buffer);
        }
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return writeWith(Flux.from(body).concatMap(Function.identity()));
    }

    @Override
    public Mono<Void> setComplete() {
        return doCommit();
    }

    @Override
    protected void applyHeaders() {
        // They are read when the request is described.
    }

    @Override
    protected void applyCookies() {
        if (!getCookies().isEmpty()) {
            getHeaders().add(HttpHeaders.COOKIE,
                    getCookies().values()
                        .stream()
                        .flatMap(Collection::stream)
                        .map(HttpCookie::toString)
                        .collect(Collectors.joining("; ")));
        }
    }

    void describe(RequestSpec spec) {
        spec.headers(Headers.toSend(getHeaders()));
        getAttributes().forEach(spec::attribute);
        if (this.body != null) {
            spec.body(this.body);
        }
    }

}
