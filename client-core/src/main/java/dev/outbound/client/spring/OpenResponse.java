package dev.outbound.client.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.ReactiveStreamedResponse;

/**
 * The response of a client as one of Spring's. Its call is open until the body ends,
 * fails or is cancelled.
 */
final class OpenResponse implements ClientHttpResponse {

    private final ReactiveStreamedResponse response;

    private final HttpHeaders headers;

    private final AtomicBoolean taken = new AtomicBoolean();

    private final Sinks.Empty<OpenResponse> end = Sinks.empty();

    private final Flux<DataBuffer> body;

    OpenResponse(ReactiveStreamedResponse response) {
        this.response = response;
        this.headers = Headers.received(response);
        this.body = Flux.defer(this::take);
    }

    private Flux<DataBuffer> take() {
        if (!this.taken.compareAndSet(false, true)) {
            return Flux.error(new IllegalStateException(
                    "The body of a response can be read once; it was subscribed to, or released, before"));
        }
        // At an end before whoever waits for it is told, but not before a cancellation
        // is:
        // to release a body that is still read would be a failure of it.
        return this.response.body().doOnTerminate(this::release).doFinally((signal) -> release());
    }

    /** Completes when nothing more is wanted of the call. */
    Mono<OpenResponse> end() {
        return this.end.asMono();
    }

    /** Nobody will read the body any more, unless somebody does already. */
    void releaseUnread() {
        if (this.taken.compareAndSet(false, true)) {
            release();
        }
    }

    private void release() {
        this.end.tryEmitEmpty();
    }

    @Override
    public HttpStatusCode getStatusCode() {
        return this.response.status();
    }

    @Override
    public HttpHeaders getHeaders() {
        return this.headers;
    }

    @Override
    public MultiValueMap<String, ResponseCookie> getCookies() {
        MultiValueMap<String, ResponseCookie> cookies = new LinkedMultiValueMap<>();
        Instant now = Instant.now();
        for (String value : this.response.fields().all(HttpHeaders.SET_COOKIE)) {
            Cookie cookie = Cookie.parse(value, this.response.url(), now);
            ResponseCookie converted = (cookie != null) ? convert(cookie, now) : null;
            if (converted != null) {
                cookies.add(converted.getName(), converted);
            }
        }
        return cookies;
    }

    private static @Nullable ResponseCookie convert(Cookie cookie, Instant now) {
        Instant expires = cookie.expires();
        long maxAge = (expires != null) ? Math.max(0, Duration.between(now, expires).toSeconds()) : -1;
        try {
            return ResponseCookie.fromClientResponse(cookie.name(), cookie.value())
                .domain(cookie.hostOnly() ? null : cookie.domain())
                .path(cookie.path())
                .maxAge(maxAge)
                .secure(cookie.secure())
                .httpOnly(cookie.httpOnly())
                .sameSite(cookie.sameSite())
                .build();
        }
        catch (IllegalArgumentException ex) {
            // Spring's type is stricter than what servers send, which must not end a
            // call.
            return null;
        }
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return this.body;
    }

}
