package dev.outbound.client.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;

import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;

/** A function as the transports of both kinds of clients. */
record FunctionTransports(Function<Request, Response> function) implements Transports {

    @Override
    public boolean isMock() {
        return true;
    }

    @Override
    public Transport blocking(TransportSettings settings) {
        return (request, cancellation) -> {
            Response response = this.function.apply(inMemory(request));
            RequestException ended = cancellation.failure(Phase.HEAD, null);
            if (ended != null) {
                throw ended;
            }
            return TransportResponse.of(response.statusCode(), response.fields(), response.bytes());
        };
    }

    @Override
    public ReactiveTransport reactive(TransportSettings settings) {
        return (request, cancellation) -> reactivelyInMemory(request).map(this.function)
            .map((response) -> ReactiveTransportResponse.of(response.statusCode(), response.fields(),
                    response.bytes()));
    }

    private static boolean isInMemory(Request request) {
        return request.body() == null || request.body().bytes() != null;
    }

    private static Request inMemory(Request request) {
        RequestBody body = request.body();
        if (body == null || isInMemory(request)) {
            return request;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try {
            body.writeTo(content);
        }
        catch (IOException ex) {
            throw new UncheckedIOException("The body of the request could not be read", ex);
        }
        return request.withBody(RequestBody.bytes(content.toByteArray(), body.contentType()));
    }

    private static Mono<Request> reactivelyInMemory(Request request) {
        RequestBody body = request.body();
        if (body == null || isInMemory(request)) {
            return Mono.just(request);
        }
        return DataBufferUtils.join(body.toFlux(DefaultDataBufferFactory.sharedInstance))
            .map(FunctionTransports::bytes)
            .defaultIfEmpty(new byte[0])
            .map((content) -> request.withBody(RequestBody.bytes(content, body.contentType())));
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

}
