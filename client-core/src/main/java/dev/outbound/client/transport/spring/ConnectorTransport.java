package dev.outbound.client.transport.spring;

import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.Assert;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.EngineSetting;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TransportSettings;

/**
 * Sends through any {@link ClientHttpConnector}, as well as that interface allows:
 * <ul>
 * <li>of the time limits, only the total one and {@code read} are kept, and {@code read}
 * only up to the head of the response: set the others on the connector, where redirects,
 * cookies and retries belong switched off; a client that has others is not built;</li>
 * <li>to leave a body unread means to cancel it, and it depends on the connector whether
 * that closes the connection: the JDK's goes on reading;</li>
 * <li>reason phrase and version of HTTP are not told: they read empty and
 * {@code HTTP/1.1}.</li>
 * </ul>
 * The connector stays its owner's: closing this transport does nothing.
 *
 * @since 0.1
 */
public final class ConnectorTransport implements ReactiveTransport {

    /**
     * Reactor's name. The JDK's client fails when it is cancelled, which nobody needs to
     * know.
     */
    private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

    private static final Consumer<Throwable> IGNORE = (ex) -> {
    };

    private final ClientHttpConnector connector;

    private ConnectorTransport(ClientHttpConnector connector) {
        this.connector = connector;
    }

    /**
     * Create a transport over a connector.
     * @param connector makes the requests
     * @return the transport
     */
    public static ConnectorTransport of(ClientHttpConnector connector) {
        Assert.notNull(connector, "connector must not be null");
        return new ConnectorTransport(connector);
    }

    @Override
    public void check(TransportSettings settings) {
        EngineSetting.check(settings, EnumSet.of(EngineSetting.BLOCKING_ENGINE, EngineSetting.READ_TIMEOUT));
    }

    @Override
    public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
        return Mono.defer(() -> {
            AtomicReference<@Nullable Throwable> own = new AtomicReference<>();
            Mono<ClientHttpResponse> response = this.connector
                .connect(request.method(), request.url().toUri(), (outgoing) -> write(request, outgoing, own))
                .doOnDiscard(ClientHttpResponse.class, ConnectorResponse::discard);
            Duration read = request.timeouts().read();
            if (read != null) {
                response = response.timeout(read);
            }
            return response.onErrorMap((ex) -> {
                Throwable failure = own.get();
                return (failure != null) ? failure : failure(Phase.HEAD, request, ex);
            })
                .<ReactiveTransportResponse>map((it) -> new ConnectorResponse(request, it))
                .contextWrite((context) -> context.put(ON_ERROR_DROPPED, IGNORE));
        });
    }

    private static Mono<Void> write(Request request, ClientHttpRequest outgoing,
            AtomicReference<@Nullable Throwable> own) {
        HttpHeaders headers = outgoing.getHeaders();
        Headers.copy(request, headers);
        RequestBody body = request.body();
        if (body == null) {
            return outgoing.setComplete();
        }
        if (body.contentType() != null && headers.getFirst(HttpHeaders.CONTENT_TYPE) == null) {
            headers.setContentType(body.contentType());
        }
        long length = body.contentLength();
        if (length >= 0) {
            headers.setContentLength(length);
        }
        Flux<DataBuffer> buffers = body.toFlux(outgoing.bufferFactory()).doOnError(own::set);
        return outgoing.writeWith((body.bytes() != null) ? buffers.next() : buffers);
    }

    /** What is no engine's, as for example an invalid URL, stays what it is. */
    static Throwable failure(Phase phase, Request request, Throwable thrown) {
        String name = thrown.getClass().getName();
        if (thrown instanceof TimeoutException) {
            return Failures.timeout(phase, request.url(), request.timeouts().read(), thrown);
        }
        if (thrown instanceof ClientException || thrown instanceof Error
                || (thrown instanceof RuntimeException && !name.startsWith("io.netty."))) {
            return thrown;
        }
        if (phase == Phase.BODY && name.endsWith(".PrematureCloseException")) {
            return Failures.closed(phase, request.url(), "", thrown);
        }
        return FactoryFailures.of(phase, request.url(), thrown);
    }

}
