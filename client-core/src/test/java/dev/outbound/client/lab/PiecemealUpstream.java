package dev.outbound.client.lab;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

/**
 * An upstream in memory whose bodies arrive in the pieces that a test gives, and end or
 * break off behind the last one.
 */
public final class PiecemealUpstream {

    private final int status;

    private final FieldLines fields;

    private final List<byte[]> pieces;

    private final @Nullable RequestException end;

    private final CountingTransport transport;

    private final CountingReactiveTransport reactiveTransport;

    private PiecemealUpstream(int status, FieldLines fields, List<byte[]> pieces, @Nullable RequestException end) {
        this.status = status;
        this.fields = fields;
        this.pieces = pieces;
        this.end = end;
        this.transport = new CountingTransport((request, cancellation) -> blockingResponse());
        this.reactiveTransport = new CountingReactiveTransport(
                (request, cancellation) -> Mono.fromSupplier(this::reactiveResponse));
    }

    public static PiecemealUpstream of(@Nullable String contentType, byte[]... pieces) {
        FieldLines fields = (contentType != null) ? FieldLines.empty().with("Content-Type", contentType)
                : FieldLines.empty();
        return new PiecemealUpstream(200, fields, List.of(pieces), null);
    }

    public static PiecemealUpstream of(@Nullable String contentType, String... pieces) {
        return of(contentType,
                Arrays.stream(pieces).map((piece) -> piece.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
    }

    public PiecemealUpstream withStatus(int status) {
        return new PiecemealUpstream(status, this.fields, this.pieces, this.end);
    }

    public PiecemealUpstream withHeader(String name, String value) {
        return new PiecemealUpstream(this.status, this.fields.with(name, value), this.pieces, this.end);
    }

    /** The body breaks off behind its last piece. */
    public PiecemealUpstream breakingOff(RequestException end) {
        return new PiecemealUpstream(this.status, this.fields, this.pieces, end);
    }

    public Transport transport() {
        return this.transport;
    }

    public ReactiveTransport reactiveTransport() {
        return this.reactiveTransport;
    }

    /**
     * Return how many responses are neither closed nor aborted.
     * @return zero when nothing has leaked
     */
    public int open() {
        return this.transport.open() + this.reactiveTransport.open();
    }

    private TransportResponse blockingResponse() {
        TransportResponse head = TransportResponse.of(this.status, this.fields, new byte[0]);
        InputStream body = new PiecemealStream();
        return new TransportResponse() {

            @Override
            public int statusCode() {
                return head.statusCode();
            }

            @Override
            public String reasonPhrase() {
                return head.reasonPhrase();
            }

            @Override
            public String httpVersion() {
                return head.httpVersion();
            }

            @Override
            public FieldLines fields() {
                return head.fields();
            }

            @Override
            public InputStream body() {
                return body;
            }

            @Override
            public void close() {
            }

            @Override
            public void abort() {
            }

        };
    }

    private ReactiveTransportResponse reactiveResponse() {
        ReactiveTransportResponse head = ReactiveTransportResponse.of(this.status, this.fields, new byte[0]);
        return new ReactiveTransportResponse() {

            @Override
            public int statusCode() {
                return head.statusCode();
            }

            @Override
            public String reasonPhrase() {
                return head.reasonPhrase();
            }

            @Override
            public String httpVersion() {
                return head.httpVersion();
            }

            @Override
            public FieldLines fields() {
                return head.fields();
            }

            @Override
            public Flux<DataBuffer> body() {
                RequestException end = PiecemealUpstream.this.end;
                Flux<DataBuffer> pieces = Flux.fromIterable(PiecemealUpstream.this.pieces)
                    .map(DefaultDataBufferFactory.sharedInstance::wrap);
                return (end != null) ? pieces.concatWith(Flux.error(end)) : pieces;
            }

            @Override
            public void close() {
            }

            @Override
            public void abort() {
            }

        };
    }

    /** Gives one piece for each time that it is read. */
    private final class PiecemealStream extends InputStream {

        private final Queue<byte[]> left = new ArrayDeque<>(PiecemealUpstream.this.pieces);

        @Override
        public int read() {
            byte[] one = new byte[1];
            return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            byte[] next = this.left.poll();
            if (next == null) {
                if (PiecemealUpstream.this.end != null) {
                    throw PiecemealUpstream.this.end;
                }
                return -1;
            }
            if (next.length > length) {
                throw new AssertionError("A piece is larger than the " + length + " bytes that are read at a time");
            }
            System.arraycopy(next, 0, bytes, offset, next.length);
            return next.length;
        }

    }

}
