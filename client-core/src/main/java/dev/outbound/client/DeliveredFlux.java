package dev.outbound.client;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import dev.outbound.client.http.ContentDecoder;
import dev.outbound.client.http.ReactiveBodySource;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.transport.ReactiveTransportResponse;

/**
 * The body of a streamed response in the hands of the caller, who reads it until the
 * driver releases it.
 */
final class DeliveredFlux implements ReactiveBodySource {

    private final Flux<DataBuffer> received;

    private final long contentLength;

    private final boolean readBefore;

    private final @Nullable ContentDecoder decoder;

    private final UnaryOperator<Flux<DataBuffer>> ending;

    private volatile long count;

    private volatile boolean decoding;

    private volatile boolean released;

    private volatile boolean over;

    private volatile @Nullable StatusException rejection;

    /**
     * Create the body of a step.
     * @param ending ends the body when its time is over, and the call when it fails
     */
    DeliveredFlux(@Nullable ReactiveTransportResponse response, Step.DeliverStream step,
            UnaryOperator<Flux<DataBuffer>> ending) {
        this.readBefore = step.buffered() != null || response == null;
        this.contentLength = (response != null) ? response.contentLength() : -1;
        this.received = body(response, step).doOnNext((buffer) -> this.count += buffer.readableByteCount());
        this.decoder = step.decoder();
        this.ending = ending;
    }

    private static Flux<DataBuffer> body(@Nullable ReactiveTransportResponse response, Step.DeliverStream step) {
        if (step.buffered() != null) {
            return Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(step.buffered()));
        }
        return (response != null) ? response.body() : Flux.empty();
    }

    @Override
    public Flux<DataBuffer> content() {
        ContentDecoder decoder = this.decoder;
        if (decoder == null) {
            return unlessReleased(this.received);
        }
        Flux<DataBuffer> decoded = DecodedFlux.of(this.received, decoder);
        return unlessReleased(decoded.doOnSubscribe((subscription) -> this.decoding = true));
    }

    @Override
    public Flux<DataBuffer> raw() {
        return this.readBefore ? Flux.error(() -> new IllegalStateException(Step.DeliverStream.NO_RAW_BODY))
                : unlessReleased(this.received);
    }

    private Flux<DataBuffer> unlessReleased(Flux<DataBuffer> body) {
        Flux<DataBuffer> ending = this.ending.apply(body).doFinally((signal) -> this.over = true);
        return Flux.defer(() -> this.released
                ? Flux.error(new IllegalStateException("The response was released when"
                        + " the publisher that the function of stream(…) returned had ended; read it in there"))
                : ending);
    }

    @Override
    public long received() {
        return this.count;
    }

    @Override
    public void reject(StatusException failure) {
        this.rejection = failure;
    }

    /** What the call has failed with while its body was there, or {@code null}. */
    @Nullable StatusException rejection() {
        return this.rejection;
    }

    /** How much the server has announced, or -1. */
    long contentLength() {
        return this.contentLength;
    }

    @Override
    public boolean isOver() {
        return this.over;
    }

    /** The body can be read no longer. */
    void release() {
        this.released = true;
        this.over = true;
        if (this.decoder != null && !this.decoding) {
            this.decoder.close();
        }
    }

}
