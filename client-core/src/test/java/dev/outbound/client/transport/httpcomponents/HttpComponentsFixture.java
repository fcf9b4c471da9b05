package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A transport and its servers. Whatever a test does, nothing is leased when it has ended.
 */
@Timeout(20)
abstract class HttpComponentsFixture {

    static final Duration SHORT = Duration.ofMillis(150);

    private final List<RawServer> servers = new ArrayList<>();

    private final List<Cancellation> cancellations = new ArrayList<>();

    HttpComponentsTransport transport = HttpComponentsTransport.of(TransportSettings.defaults("test"));

    @AfterEach
    void nothingIsLeft() {
        this.cancellations.forEach(Cancellation::unwatch);
        assertThat(this.transport.leased()).as("leased connections").isZero();
        assertThat(this.transport.pending()).as("pending calls").isZero();
        this.transport.close();
        this.servers.forEach(RawServer::close);
        assertThat(this.servers).flatExtracting(RawServer::failures).isEmpty();
    }

    void use(TransportSettings settings) {
        this.transport.close();
        this.transport = HttpComponentsTransport.of(settings);
    }

    RawServer serve(Script first, Script... next) {
        return manage(RawServer.start(first, next));
    }

    RawServer manage(RawServer server) {
        this.servers.add(server);
        return server;
    }

    /**
     * A server that gives the same answer on every connection, and then waits for the
     * peer.
     */
    RawServer answer(String response) {
        return serve((c) -> {
            c.readRequest();
            c.write(response);
            c.hold();
        });
    }

    static Request get(RawServer server) {
        return request(HttpMethod.GET, server, null);
    }

    static Request request(HttpMethod method, RawServer server, RequestBody body) {
        return Request.of(method, Url.parse(server.url("/a?secret=1")), FieldLines.empty(), body, Timeouts.defaults(),
                null, Map.of());
    }

    Cancellation cancellation() {
        return cancellation(Cancellation.NO_DEADLINE);
    }

    Cancellation cancellation(long deadline) {
        Cancellation cancellation = new Cancellation(deadline);
        cancellation.watch();
        this.cancellations.add(cancellation);
        return cancellation;
    }

    TransportResponse send(Request request) {
        return this.transport.send(request, cancellation());
    }

    String fetch(Request request) {
        TransportResponse response = send(request);
        try {
            return read(response);
        }
        finally {
            response.close();
        }
    }

    static String read(TransportResponse response) {
        try {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
        catch (IOException ex) {
            throw new AssertionError(ex);
        }
    }

    <T extends Throwable> T failure(Class<T> type, Request request) {
        Throwable thrown = catchThrowable(() -> fetch(request));
        assertThat(thrown).isInstanceOf(type);
        assertThat(thrown.getMessage()).doesNotContain("secret");
        return type.cast(thrown);
    }

}
