package dev.outbound.client.transport.application;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;

/**
 * The request as the application sees it, with the fields that a connection would add.
 */
final class ApplicationRequest extends AbstractServerHttpRequest {

    /** As HTTPX has it. */
    private static final InetSocketAddress CLIENT = InetSocketAddress.createUnresolved("127.0.0.1", 123);

    private final Request request;

    ApplicationRequest(Request request) {
        super(request.method(), request.url().toUri(), "", headers(request));
        this.request = request;
    }

    private static HttpHeaders headers(Request request) {
        HttpHeaders headers = new HttpHeaders();
        request.fields().forEach(headers::add);
        if (!headers.containsHeader(HttpHeaders.HOST)) {
            headers.set(HttpHeaders.HOST, request.url().authority());
        }
        RequestBody body = request.body();
        if (body != null) {
            if (body.contentType() != null && !headers.containsHeader(HttpHeaders.CONTENT_TYPE)) {
                headers.setContentType(body.contentType());
            }
            if (body.contentLength() >= 0) {
                headers.setContentLength(body.contentLength());
            }
        }
        return headers;
    }

    @Override
    public Flux<DataBuffer> getBody() {
        RequestBody body = this.request.body();
        return (body != null) ? body.toFlux(DefaultDataBufferFactory.sharedInstance) : Flux.empty();
    }

    @Override
    protected MultiValueMap<String, HttpCookie> initCookies() {
        MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
        for (String line : this.request.fields().all(HttpHeaders.COOKIE)) {
            for (String pair : line.split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    String name = pair.substring(0, equals).strip();
                    cookies.add(name, new HttpCookie(name, pair.substring(equals + 1).strip()));
                }
            }
        }
        return CollectionUtils.unmodifiableMultiValueMap(cookies);
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return CLIENT;
    }

    @Override
    protected @Nullable SslInfo initSslInfo() {
        return null;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getNativeRequest() {
        return (T) this.request;
    }

}
