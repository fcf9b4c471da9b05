package dev.outbound.client.transport;

import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ResponseHead;

/**
 * A response as it comes from a reactive transport: the head is there, the body is not
 * read.
 *
 * @since 0.1
 */
public interface ReactiveTransportResponse extends ResponseHead {

    /**
     * Return the body, to be subscribed to at most once. It fails with a
     * {@link dev.outbound.client.http.RequestException}, also when the body ends before
     * its announced length; cancelling it closes the connection.
     * @return the content, without any content coding undone; who takes a buffer releases
     * it
     */
    Flux<DataBuffer> body();

    /**
     * Return the length of the body as announced by {@code Content-Length}.
     * @return the number of bytes, or -1
     */
    default long contentLength() {
        return -1;
    }

    /**
     * End the use of this response so that its connection can be used again, if that is
     * cheap: a body that is not subscribed to is drained up to a small limit, else the
     * connection is closed. Does not block; may be called more than once.
     */
    void close();

    /**
     * End the use of this response at once and close its connection. Does not block; may
     * be called more than once.
     */
    void abort();

    /**
     * Return a response that was never on a network.
     * @param status the status code
     * @param fields the field lines
     * @param body the content
     * @return the response
     */
    static ReactiveTransportResponse of(int status, FieldLines fields, byte[] body) {
        TransportResponse response = TransportResponse.of(status, fields, body);
        return new ReactiveTransportResponse() {

            @Override
            public int statusCode() {
                return response.statusCode();
            }

            @Override
            public String reasonPhrase() {
                return response.reasonPhrase();
            }

            @Override
            public String httpVersion() {
                return response.httpVersion();
            }

            @Override
            public FieldLines fields() {
                return response.fields();
            }

            @Override
            public Flux<DataBuffer> body() {
                return (body.length > 0) ? Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)) : Flux.empty();
            }

            @Override
            public long contentLength() {
                return body.length;
            }

            @Override
            public void close() {
            }

            @Override
            public void abort() {
            }

        };
    }

}
