package dev.outbound.client.httpx;

import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RequestSpec;
import dev.outbound.client.http.Request;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.TestClock;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the tests of HTTPX's features share. The display name of each test begins with a
 * line of {@code httpx/features.txt}, which {@link FeatureListTests} compares.
 */
@Timeout(30)
abstract class AbstractFeatureTests {

    static final Consumer<RequestSpec> PLAIN = (spec) -> {
    };

    final TestClock clock = new TestClock();

    FakeUpstream upstream = FakeUpstream.answering(ok("answer"));

    /** A client of this lane that talks to {@link #upstream}. */
    final LaneClient client(Lane lane) {
        return client(lane, (builder) -> {
        });
    }

    /** A client of this lane that talks to {@link #upstream}. */
    final LaneClient client(Lane lane, Consumer<ClientBuilder> settings) {
        return lane.client(this.upstream, this.clock, settings);
    }

    /** A client of this lane whose base URL is a server on a socket. */
    static LaneClient client(Lane lane, RawServer server) {
        return lane.client((builder) -> builder.baseUrl(server.url()));
    }

    /** A server on a socket that answers with the text of the request, in Latin-1. */
    static RawServer echo() {
        return RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.respond(200, request, "Content-Type: text/plain")));
    }

    /** The request that {@link #upstream} got last. */
    final Request sent() {
        List<Request> requests = this.upstream.requests();
        assertThat(requests).isNotEmpty();
        return requests.get(requests.size() - 1);
    }

    final String sentUrl() {
        return sent().url().text();
    }

    @AfterEach
    void everyResponseWasReleased() {
        assertThat(this.upstream.open()).isZero();
    }

}
