package dev.outbound.client.transport.httpcomponents;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class HttpComponentsCancellationTests extends HttpComponentsFixture {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private RawServer serverThatStallsIn(Phase phase) {
        return switch (phase) {
            case CONNECT -> manage(RawServer.blackHole());
            case POOL -> {
                use(TransportSettings.defaults("test").withMaxConnections(1));
                yield serve(
                        (c) -> c.forEachRequest((request) -> c.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh")));
            }
            case WRITE -> serve((c) -> {
                c.readHead();
                c.pause(Duration.ofSeconds(15));
            });
            case BODY -> answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh");
            default -> serve((c) -> c.hold());
        };
    }

    private static Request requestThatStallsIn(Phase phase, RawServer server) {
        Request request = get(server);
        return switch (phase) {
            case TLS -> request.withUrl(Url.parse("https://127.0.0.1:" + server.port() + "/"));
            case WRITE -> request.withMethod(HttpMethod.POST).withBody(RequestBody.bytes(new byte[20_000_000]));
            default -> request;
        };
    }

    private void call(Request request, Cancellation cancellation) {
        TransportResponse response = this.transport.send(request, cancellation);
        try {
            read(response);
        }
        finally {
            response.abort();
        }
    }

    private static void later(Runnable action) {
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(action);
    }

    @ParameterizedTest
    @EnumSource(names = { "CONNECT", "TLS", "WRITE", "HEAD", "BODY" })
    void cancelledFromAnotherThread(Phase phase) {
        RawServer server = serverThatStallsIn(phase);
        Cancellation cancellation = cancellation();
        later(() -> cancellation.cancel(Cancellation.Cause.CLOSED));
        Throwable thrown = catchThrowable(() -> call(requestThatStallsIn(phase, server), cancellation));
        assertThat(thrown).isInstanceOfSatisfying(CancelledException.class,
                (ex) -> assertThat(ex.phase()).isEqualTo(phase));
        assertClosed(server, phase);
    }

    @ParameterizedTest
    @EnumSource(names = { "POOL", "CONNECT", "TLS", "WRITE", "HEAD", "BODY" })
    void deadline(Phase phase) {
        RawServer server = serverThatStallsIn(phase);
        TransportResponse held = (phase == Phase.POOL) ? send(get(server)) : null;
        Cancellation cancellation = cancellation(System.nanoTime() + SHORT.toNanos());
        long start = System.nanoTime();
        Throwable thrown = catchThrowable(() -> call(requestThatStallsIn(phase, server), cancellation));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(300));
        assertThat(thrown).isInstanceOfSatisfying(TotalTimeoutException.class,
                (ex) -> assertThat(ex.phase()).isEqualTo(phase));
        if (held != null) {
            held.abort();
        }
        assertClosed(server, phase);
    }

    @ParameterizedTest
    @EnumSource(names = { "POOL", "CONNECT", "TLS", "WRITE", "HEAD", "BODY" })
    void interrupted(Phase phase) {
        RawServer server = serverThatStallsIn(phase);
        TransportResponse held = (phase == Phase.POOL) ? send(get(server)) : null;
        Thread caller = Thread.currentThread();
        later(caller::interrupt);
        Throwable thrown = catchThrowable(() -> call(requestThatStallsIn(phase, server), cancellation()));
        assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
        assertThat(thrown).isInstanceOfSatisfying(CancelledException.class,
                (ex) -> assertThat(ex.phase()).isEqualTo(phase));
        if (held != null) {
            held.abort();
        }
        assertClosed(server, phase);
    }

    private static void assertClosed(RawServer server, Phase phase) {
        // A server that does not read sees the end of its connection only later.
        if (phase != Phase.WRITE) {
            server.awaitOpen(0);
        }
    }

    @Test
    void interruptedBefore() {
        RawServer server = answer(OK);
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> fetch(get(server)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(CancelledException.class);
        assertThat(server.connections()).isZero();
    }

    @Test
    void cancelledBefore() {
        RawServer server = answer(OK);
        Cancellation cancellation = cancellation();
        cancellation.cancel(Cancellation.Cause.CLOSED);
        assertThat(catchThrowable(() -> call(get(server), cancellation))).isInstanceOf(CancelledException.class);
        assertThat(server.connections()).isZero();
    }

    @Test
    void cancelledAfterTheEndTouchesNothing() {
        RawServer server = serve((c) -> c.forEachRequest((request) -> c.write(OK)));
        Cancellation cancellation = cancellation();
        TransportResponse response = this.transport.send(get(server), cancellation);
        assertThat(read(response)).isEqualTo("hi");
        TransportResponse next = send(get(server));
        cancellation.cancel(Cancellation.Cause.CLOSED);
        response.abort();
        assertThat(read(next)).isEqualTo("hi");
        assertThat(server.connections()).isOne();
    }

    @Test
    void cancelledBetweenReads() {
        RawServer server = answer(OK);
        Cancellation cancellation = cancellation();
        TransportResponse response = this.transport.send(get(server), cancellation);
        cancellation.cancel(Cancellation.Cause.DEADLINE);
        assertThat(catchThrowable(() -> read(response))).isInstanceOf(TotalTimeoutException.class);
        server.awaitOpen(0);
    }

    @ParameterizedTest
    @EnumSource(names = { "POOL", "CONNECT", "TLS", "WRITE", "HEAD", "BODY" })
    void transportClosed(Phase phase) {
        RawServer server = serverThatStallsIn(phase);
        TransportResponse held = (phase == Phase.POOL) ? send(get(server)) : null;
        later(this.transport::close);
        Throwable thrown = catchThrowable(() -> call(requestThatStallsIn(phase, server), cancellation()));
        assertThat(thrown).isInstanceOf(CancelledException.class).hasMessageContaining("the client was closed");
        if (held != null) {
            held.abort();
        }
        assertClosed(server, phase);
    }

}
