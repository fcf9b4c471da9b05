package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.Forwarding;
import dev.outbound.client.transport.OutgoingHead;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.Route;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

/**
 * The default blocking engine: HTTP/1.1 over a pool of connections, on the calling
 * thread; only host names are looked up on others. All limits of
 * {@link dev.outbound.client.http.Timeouts} hold for each request.
 *
 * @since 0.1
 */
public final class HttpComponentsTransport implements Transport {

    private final TransportSettings settings;

    private final ConnectionPool pool;

    private final Connector connector;

    private HttpComponentsTransport(TransportSettings settings) {
        this.settings = settings;
        this.connector = new Connector(new Tls(settings.tls()), settings.localAddress());
        this.pool = new ConnectionPool(settings, this.connector::isCurrent);
    }

    /**
     * Create a transport with its own pool. Opens nothing before the first request.
     * @param settings the client's name, the pool and the TLS of its connections
     * @return the transport; the caller closes it
     * @throws IllegalStateException if they ask for something that this engine cannot do
     */
    public static HttpComponentsTransport of(TransportSettings settings) {
        Assert.notNull(settings, "settings must not be null");
        Engine.HTTP_COMPONENTS.checkBlocking(settings);
        return new HttpComponentsTransport(settings);
    }

    @Override
    public TransportResponse send(Request request, Cancellation cancellation) {
        Origin origin = Origin.of(request.url());
        Route route = Route.of(this.settings, request.url());
        return route.forwards() ? forward(request, origin, route, cancellation)
                : send(request, request.url().target(), origin, route, cancellation);
    }

    private TransportResponse forward(Request request, Origin origin, Route route, Cancellation cancellation) {
        Forwarding forwarding = Forwarding.of(route, request);
        while (true) {
            TransportResponse response = send(forwarding.request(), forwarding.target(), origin, route, cancellation);
            boolean delivered = false;
            try {
                delivered = !forwarding.asksAgain(response);
                if (delivered) {
                    return response;
                }
            }
            finally {
                if (!delivered) {
                    response.close();
                }
            }
        }
    }

    private TransportResponse send(Request request, String target, Origin origin, Route route,
            Cancellation cancellation) {
        Attempt attempt = new Attempt(request, cancellation);
        cancellation.progress(attempt);
        cancellation.enter();
        try {
            RequestException ended = cancellation.failure(Phase.PREPARE, null);
            if (ended != null) {
                throw ended;
            }
            OutgoingHead head = OutgoingHead.of(request);
            BodyUpload upload = BodyUpload.of(request, head, cancellation);
            attempt.upload(upload);
            OutgoingRequest message = new OutgoingRequest(request, target, head, upload);
            Lease lease = this.pool.lease(origin, request.timeouts().pool(), cancellation);
            return send(message, origin, route, attempt, lease, cancellation);
        }
        finally {
            cancellation.leave();
        }
    }

    private TransportResponse send(OutgoingRequest message, Origin origin, Route route, Attempt attempt, Lease lease,
            Cancellation cancellation) {
        boolean delivered = false;
        try {
            cancellation.onCancel(lease);
            Wire wire = lease.wire();
            if (!wire.isOpen()) {
                long start = System.nanoTime();
                this.connector.connect(wire, route, origin, attempt, cancellation);
                this.pool.connects().add(System.nanoTime() - start);
            }
            ClassicHttpResponse response = attempt.run(message, wire);
            TransportResponse result = new HttpComponentsResponse(message, response, attempt, lease, cancellation);
            delivered = true;
            return result;
        }
        catch (IOException | HttpException ex) {
            RequestException failure = interrupted(route, attempt, cancellation, ex);
            throw (failure != null) ? failure : failure(route, attempt, ex);
        }
        catch (RuntimeException ex) {
            RequestException failure = interrupted(route, attempt, cancellation, ex);
            throw (failure != null) ? failure : ex;
        }
        finally {
            cancellation.written();
            if (!delivered) {
                lease.abort();
            }
        }
    }

    private static RequestException failure(Route route, Attempt attempt, Exception ex) {
        return (attempt.phase() == Phase.LOOKUP || attempt.phase() == Phase.CONNECT)
                ? route.failure(attempt.phase(), ex) : EngineFailures.of(attempt.phase(), attempt.url(), ex);
    }

    private @Nullable RequestException interrupted(Route route, Attempt attempt, Cancellation cancellation,
            Exception ex) {
        if (cancellation.cause() == Cancellation.Cause.WRITE_TIMEOUT) {
            if (attempt.phase() == Phase.TLS) {
                return Failures.timeout(Phase.TLS, attempt.url(), ex);
            }
            if (attempt.phase() == Phase.CONNECT) {
                return route.timeout(Phase.CONNECT, ex);
            }
        }
        RequestException ended = EngineFailures.ended(cancellation, attempt.phase(), attempt.url(), ex);
        return (ended == null && this.pool.isClosed())
                ? new CancelledException(attempt.phase(), "the client was closed", ex) : ended;
    }

    @Override
    public PoolStatistics pool() {
        return this.pool;
    }

    @Override
    public void reload(TlsSettings tls) {
        this.connector.reload(tls);
        this.pool.closeOutdated();
    }

    @Override
    public void evictIdle() {
        this.pool.closeIdle();
    }

    /**
     * Close all connections at once, also those in use.
     */
    @Override
    public void close() {
        this.pool.close();
    }

    /**
     * Return how many connections are in use.
     * @return the number of connections, those being opened included
     */
    public int leased() {
        return this.pool.active();
    }

    /**
     * Return how many connections are open and wait for a request.
     * @return the number of connections
     */
    public int idle() {
        return this.pool.idle();
    }

    /**
     * Return how many calls wait for a connection.
     * @return an estimate
     */
    public int pending() {
        return this.pool.pending();
    }

}
