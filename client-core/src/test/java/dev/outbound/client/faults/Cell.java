package dev.outbound.client.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.lab.EngineFigures;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * One row on one lane: makes what the test needs, ends it, and looks at what is left
 * over.
 * <p>
 * Clients have a single connection: a call that did not give its back would fail the
 * next. Each of their requests carries a secret, which no message may show.
 */
final class Cell {

    /** A limit that is to run out. */
    static final Duration SHORT = Duration.ofMillis(150);

    /** A limit that must not run out, however busy the machine is. */
    static final Duration LONG = Duration.ofSeconds(15);

    static final Timeouts LIMITS = Timeouts.defaults().withAll(LONG).withTls(LONG).withTotal(LONG);

    static final String SECRET = "s3cr3t";

    private static final int LONGEST_MESSAGE = 700;

    private final EngineLane lane;

    private final List<EngineFigures> engines = new ArrayList<>();

    private final List<LaneClient> clients = new ArrayList<>();

    private final List<RawServer> servers = new ArrayList<>();

    private final List<AutoCloseable> others = new ArrayList<>();

    private String verdict = "pass";

    Cell(EngineLane lane) {
        this.lane = lane;
    }

    EngineLane lane() {
        return this.lane;
    }

    /** Say that the engine cannot do what the row wants; what it does is still tested. */
    void cannot(String reason) {
        this.verdict = "cannot: " + reason;
    }

    /** Say that the lane's kind, or its protocol, has nothing of the sort. */
    void notApplicable(String reason) {
        this.verdict = "n/a: " + reason;
    }

    String verdict() {
        return this.verdict;
    }

    RawServer server(Script first, Script... next) {
        return server((ServerTls) null, first, next);
    }

    RawServer server(@Nullable ServerTls tls, Script first, Script... next) {
        RawServer server = RawServer.start(tls, first, next);
        this.servers.add(server);
        return server;
    }

    RawServer blackHole() {
        return manage(RawServer.blackHole());
    }

    <T extends AutoCloseable> T manage(T resource) {
        this.others.add(resource);
        return resource;
    }

    /** Return a client of the server. */
    LaneClient client(RawServer server) {
        return client(server, (builder) -> {
        });
    }

    /** Return a client of the server. */
    LaneClient client(RawServer server, Consumer<ClientBuilder> settings) {
        return client((builder) -> settings.accept(builder.baseUrl(server.url())));
    }

    /**
     * Return a client.
     * @throws EngineRefusal if the lane's engine refuses a setting
     */
    LaneClient client(Consumer<ClientBuilder> settings) {
        LaneClient client = build((builder) -> {
            builder.name("lab")
                .maxConnections(1)
                .timeouts(LIMITS)
                .header("Authorization", "Bearer " + SECRET)
                .query("key", SECRET);
            settings.accept(builder);
        });
        this.clients.add(client);
        return client;
    }

    private LaneClient build(Consumer<ClientBuilder> settings) {
        try {
            return this.lane.client(settings, this.engines::add);
        }
        catch (IllegalStateException ex) {
            throw EngineRefusal.of(this.lane, ex);
        }
    }

    /**
     * Check that a call fails as it should, and tells it as it should.
     * @param type the type of the failure, exactly
     * @param phase its phase
     * @param call the call
     * @return the failure
     */
    <T extends ClientException> T fails(Class<T> type, @Nullable Phase phase, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        if (thrown == null || thrown.getClass() != type) {
            throw new AssertionError("Expected " + type.getSimpleName() + ", but got " + thrown, thrown);
        }
        T failure = type.cast(thrown);
        assertThat(failure.phase()).as("phase of %s", failure).isEqualTo(phase);
        checkMessage(failure);
        return failure;
    }

    /**
     * Check what a fault of the first connection does to a call, to one that is repeated,
     * and to one that must not be. The second connection is good.
     * @param fault what the server does
     * @param type the type of the failure
     * @param phase its phase
     * @param retry which calls are repeated
     */
    <T extends ClientException> void breaks(Script fault, Class<T> type, Phase phase, Retry retry) {
        breaks(fault, type, phase, retry, (builder) -> {
        });
    }

    /** As {@link #breaks(Script, Class, Phase, Retry)}, with more settings. */
    <T extends ClientException> void breaks(Script fault, Class<T> type, Phase phase, Retry retry,
            Consumer<ClientBuilder> settings) {
        RawServer server = server(fault, next());
        LaneClient client = client(server, settings);
        T failure = fails(type, phase, () -> client.get("/"));
        assertThat(failure.context()).isNotNull().satisfies((it) -> assertThat(it.elapsed()).isPositive());
        int read = server.requests().size();
        assertThat(read).as("requests").isLessThanOrEqualTo(1);
        evicted(server, client);
        repeats(HttpMethod.GET, retry != Retry.NEVER, fault, read, type, phase, settings);
        repeats(HttpMethod.POST, retry == Retry.ALWAYS, fault, read, type, phase, settings);
    }

    private <T extends ClientException> void repeats(HttpMethod method, boolean repeated, Script fault, int read,
            Class<T> type, Phase phase, Consumer<ClientBuilder> settings) {
        RawServer server = server(fault, next());
        LaneClient client = client(server, (builder) -> {
            builder.retry(RetryPolicy.fixed(1, Duration.ZERO));
            settings.accept(builder);
        });
        if (repeated) {
            Response response = client.request(method, "/", (spec) -> {
            });
            assertThat(response.text()).isEqualTo("next");
            assertThat(response.context().attempt()).as("attempts of %s", method).isEqualTo(2);
        }
        else {
            fails(type, phase, () -> client.request(method, "/", (spec) -> {
            }));
        }
        // Not the connections: an engine may open one beforehand.
        assertThat(server.requests()).as("requests of %s", method).hasSize(read + (repeated ? 1 : 0));
    }

    /** Which calls are repeated, where a client has a retry policy. */
    enum Retry {

        /** All: nothing was sent. */
        ALWAYS,

        /** Those with an idempotent method. */
        IDEMPOTENT,

        /** None: it would be the same again. */
        NEVER

    }

    /**
     * Check that a call fails because the server refuses TLS when it is agreed on for the
     * client: in TLS 1.3 that alert races with the request (RFC 8446, section 4.4.2.4).
     */
    void isRefused(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        boolean raced = this.lane == EngineLane.HTTP_COMPONENTS && thrown instanceof ConnectionLostException;
        assertThat(thrown).isInstanceOf(raced ? ConnectionLostException.class : TlsException.class);
        checkMessage((ClientException) thrown);
    }

    /** As {@link #fails}, when a limit of {@link #SHORT} has run out. */
    <T extends ClientException> T timesOut(Class<T> type, Phase phase, ThrowingCallable call) {
        long start = System.nanoTime();
        T failure = fails(type, phase, call);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT.multipliedBy(8).dividedBy(10),
                LONG.dividedBy(2));
        return failure;
    }

    /** Names the call, bounded, without what could forge a line of a log, or a secret. */
    static void checkMessage(ClientException failure) {
        String message = failure.getMessage();
        assertThat(failure.context()).as("context of %s", failure).isNotNull();
        assertThat(message).contains("of client 'lab': ")
            .hasSizeLessThan(LONGEST_MESSAGE)
            .doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]");
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(SECRET);
        }
    }

    /** Read a request, answer with exactly these bytes, and close. */
    static Script answer(String bytes) {
        return (connection) -> {
            connection.readRequest();
            connection.write(bytes);
        };
    }

    /** Read a request, answer with exactly these bytes, and keep the connection open. */
    static Script answerAndHold(String bytes) {
        return (connection) -> {
            connection.readRequest();
            connection.write(bytes);
            connection.hold();
        };
    }

    /** What the second script of a server does. */
    static Script next() {
        return respond(200, "next");
    }

    static Script respond(int status, String body, String... lines) {
        return (connection) -> connection.forEachRequest((request) -> connection.respond(status, body, lines));
    }

    /** Check that the client still works, on another connection than the first one. */
    void evicted(RawServer server, LaneClient client) {
        server.awaitConnections(1);
        int before = server.connections();
        served(client);
        assertThat(server.connections()).as("connections").isEqualTo(before + 1);
    }

    /** Check that the client still works, on the connection that it has. */
    void reused(RawServer server, LaneClient client) {
        int before = server.connections();
        served(client);
        assertThat(server.connections()).as("connections").isEqualTo(before);
    }

    /** Check that the client still works. */
    static void served(LaneClient client) {
        assertThat(client.get("/next", (spec) -> spec.timeout(LONG).total(LONG)).text()).isEqualTo("next");
    }

    /** Return how many connections wait for a request, as far as the engines know. */
    int idle() {
        return this.engines.stream().mapToInt((engine) -> engine.pool().idle()).sum();
    }

    static void await(BooleanSupplier condition, Supplier<String> otherwise) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(otherwise.get());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            catch (InterruptedException ex) {
                throw new AssertionError("Interrupted; " + otherwise.get(), ex);
            }
        }
    }

    /** Check that nothing is in use, close everything, and check that nothing is left. */
    void finish() throws Exception {
        for (EngineFigures engine : this.engines) {
            await(engine::areZero, engine::toString);
        }
        for (RawServer server : this.servers) {
            assertThat(server.failures()).as("what scripts have thrown").isEmpty();
        }
        this.clients.forEach(LaneClient::close);
        for (RawServer server : this.servers) {
            server.awaitOpen(0);
        }
    }

    /** Close whatever is still there. */
    void close() throws Exception {
        this.clients.forEach(LaneClient::close);
        this.servers.forEach(RawServer::close);
        for (AutoCloseable other : this.others) {
            other.close();
        }
    }

}
