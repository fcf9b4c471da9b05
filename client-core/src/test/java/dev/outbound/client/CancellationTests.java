package dev.outbound.client;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.PoolStatistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A call that is given up lets its caller go, and its connection, wherever it is: within
 * 100 ms in the median, within a second always.
 */
@Timeout(60)
class CancellationTests {

    private static final Duration MEDIAN = Duration.ofMillis(100);

    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The JDK's client looks every 3 s whether there is something to close. */
    private static final Duration JDK_SELECTS = Duration.ofMillis(3500);

    private static final int RUNS = 5;

    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";

    private static final List<Long> CALLERS = new CopyOnWriteArrayList<>();

    private static final List<Long> SOCKETS = new CopyOnWriteArrayList<>();

    private static final Set<String> CANNOT = new ConcurrentSkipListSet<>();

    /** How a call is given up. */
    enum Kind {

        INTERRUPT, INTERRUPT_OF_VIRTUAL_THREAD, CANCEL, CLOSE;

        boolean fits(EngineLane lane) {
            return switch (this) {
                case INTERRUPT, INTERRUPT_OF_VIRTUAL_THREAD -> lane.isBlocking();
                case CANCEL -> !lane.isBlocking();
                case CLOSE -> true;
            };
        }

    }

    static Stream<Arguments> cases() {
        List<Phase> phases = List.of(Phase.POOL, Phase.LOOKUP, Phase.CONNECT, Phase.TLS, Phase.WRITE, Phase.HEAD,
                Phase.BODY, Phase.PAUSE);
        return phases.stream()
            .flatMap((phase) -> Arrays.stream(Kind.values())
                .flatMap((kind) -> Arrays.stream(EngineLane.values())
                    .filter(kind::fits)
                    .map((lane) -> Arguments.of(phase, kind, lane))));
    }

    @ParameterizedTest(name = "in phase {0} by {1} on {2}")
    @MethodSource("cases")
    void callerAndConnectionAreFree(Phase phase, Kind kind, EngineLane lane) throws Exception {
        assumeTrue(kind != Kind.INTERRUPT_OF_VIRTUAL_THREAD || BackgroundCall.hasVirtualThreads(),
                () -> "virtual threads came with Java 21; this is Java " + Runtime.version().feature());
        if (phase == Phase.LOOKUP && lane.engine() == Engine.JDK) {
            // The JDK's client asks the JDK's resolver, which no test of one client can
            // stop.
            CANNOT.add("lookup on " + lane + ": the JDK's client has no place for a resolver");
            assertThatIllegalStateException()
                .isThrownBy(() -> Client.builder().engine(Engine.JDK).resolver((host) -> List.of()).session().client())
                .withMessageContaining("resolver");
            return;
        }
        boolean late = phase == Phase.CONNECT && lane.engine() == Engine.JDK && kind != Kind.CLOSE;
        if (late) {
            CANNOT.add("connection on " + lane + " at once, while it is being opened:"
                    + " the JDK's client closes it within 3 s");
        }
        List<Long> callers = new ArrayList<>();
        List<Long> sockets = new ArrayList<>();
        for (int run = 0; run < (late ? 1 : RUNS); run++) {
            try (Scene scene = new Scene(lane)) {
                Measured measured = scene.giveUp(phase, kind);
                callers.add(measured.caller());
                sockets.add(measured.socket());
            }
        }
        CALLERS.addAll(callers);
        assertInTime("caller", callers, MEDIAN, LONGEST);
        assertInTime("connection", sockets, late ? JDK_SELECTS : MEDIAN, late ? JDK_SELECTS : LONGEST);
        if (!late) {
            SOCKETS.addAll(sockets);
        }
    }

    private static void assertInTime(String what, List<Long> nanos, Duration median, Duration longest) {
        assertThat(median(nanos)).as("until the %s is free: %s", what, text(nanos)).isLessThan(median);
        assertThat(nanos).as("until the %s is free: %s", what, text(nanos))
            .allSatisfy((it) -> assertThat(Duration.ofNanos(it)).isLessThan(longest));
    }

    private static Duration median(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return Duration.ofNanos(sorted.get(sorted.size() / 2));
    }

    private static String text(List<Long> nanos) {
        return nanos.stream().map((it) -> TimeUnit.NANOSECONDS.toMillis(it) + " ms").toList().toString();
    }

    @AfterAll
    static void report() {
        if (!CALLERS.isEmpty()) {
            System.out.printf(
                    "cancellations: %d; caller free after %s in the median, %s at most;"
                            + " connection after %s, %s; cannot: %s%n",
                    CALLERS.size(), text(List.of(median(CALLERS).toNanos())),
                    text(List.of(CALLERS.stream().max(Long::compare).orElseThrow())),
                    text(List.of(median(SOCKETS).toNanos())),
                    text(List.of(SOCKETS.stream().max(Long::compare).orElseThrow())), CANNOT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsThatEndWithinTheGraceAreAnswered(EngineLane lane) throws Exception {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            answer.get(10, TimeUnit.SECONDS);
            connection.respond(200, "served");
        })); Session session = session(lane, (builder) -> builder.baseUrl(server.url()))) {
            BackgroundCall<Response> call = start(lane, session, "/", false);
            await(() -> server.requests().size() == 1);
            BackgroundCall<Boolean> closing = BackgroundCall.onPlatformThread(() -> {
                session.close(PATIENCE);
                return true;
            });
            await(session::isClosed);
            assertThat(call.isDone()).isFalse();
            assertThat(closing.isDone()).isFalse();
            Throwable late = catchThrowable(() -> start(lane, session, "/", false).value(PATIENCE));
            assertThat((late.getCause() != null) ? late.getCause() : late).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
            answer.complete(null);
            assertThat(call.value(PATIENCE).text()).isEqualTo("served");
            assertThat(closing.value(PATIENCE)).isTrue();
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRetryWithinTheGraceIsSent(EngineLane lane) throws Exception {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.respond(503, "later");
            connection.readRequest();
            connection.respond(200, "served");
        });
                Session session = session(lane, (builder) -> builder.baseUrl(server.url())
                    .retry(RetryPolicy.fixed(1, Duration.ofMillis(100))))) {
            BackgroundCall<Response> call = start(lane, session, "/", false);
            await(() -> server.requests().size() == 1);
            session.close(PATIENCE);
            assertThat(call.value(PATIENCE).text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsThatDoNotEndWithinTheGraceAreEnded(EngineLane lane) throws Exception {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.hold();
        }); Session session = session(lane, (builder) -> builder.baseUrl(server.url()).maxConnections(1))) {
            BackgroundCall<Response> call = start(lane, session, "/", false);
            await(() -> server.requests().size() == 1);
            BackgroundCall<Response> waiting = start(lane, session, "/", false);
            settle();
            long start = System.nanoTime();
            session.close(Duration.ofMillis(50));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(50), LONGEST);
            for (BackgroundCall<Response> ended : List.of(call, waiting)) {
                assertThat(ended.failure(PATIENCE)).isInstanceOf(CancelledException.class)
                    .hasMessageContaining("the client was closed");
            }
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheGrace(EngineLane lane) throws Exception {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.hold();
        }); Session session = session(lane, (builder) -> builder.baseUrl(server.url()))) {
            BackgroundCall<Response> call = start(lane, session, "/", false);
            await(() -> server.requests().size() == 1);
            BackgroundCall<Boolean> closing = BackgroundCall.onPlatformThread(() -> {
                session.close(PATIENCE);
                return true;
            });
            await(session::isClosed);
            closing.cancel();
            assertThat(closing.isInterrupted(PATIENCE)).isTrue();
            assertThat(call.failure(PATIENCE)).isInstanceOf(CancelledException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "JDK_BLOCKING" })
    void anOpenStreamIsARunningCall(EngineLane lane) throws Exception {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(HALF);
            connection.hold();
        });
                Session session = session(lane, (builder) -> builder.baseUrl(server.url()));
                StreamedResponse response = session.client().stream(HttpMethod.GET, "/")) {
            assertThat(response.body().readNBytes(4)).hasSize(4);
            session.close(Duration.ofMillis(50));
            assertThat(catchThrowable(() -> response.body().read())).isInstanceOf(CancelledException.class)
                .hasMessageContaining("the client was closed");
            server.awaitOpen(0);
        }
    }

    private static Session session(EngineLane lane, Consumer<ClientBuilder> settings) {
        ClientBuilder builder = Client.builder().name("lab").engine(lane.engine());
        settings.accept(builder);
        return builder.session();
    }

    private static BackgroundCall<Response> start(EngineLane lane, Session session, String url, boolean virtual) {
        return start(lane, session, HttpMethod.GET, url, virtual, (spec) -> {
        });
    }

    private static BackgroundCall<Response> start(EngineLane lane, Session session, HttpMethod method, String url,
            boolean virtual, Consumer<RequestSpec> spec) {
        if (!lane.isBlocking()) {
            return BackgroundCall.subscribed(session.reactiveClient().request(method, url, spec));
        }
        BackgroundCall.Call<Response> call = () -> session.client().request(method, url, spec);
        return virtual ? BackgroundCall.onVirtualThread(call) : BackgroundCall.onPlatformThread(call);
    }

    /** Long enough to be in a phase that nothing shows from outside. */
    private static void settle() {
        assertThat(new CompletableFuture<Void>()).failsWithin(Duration.ofMillis(20));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            TimeUnit.MICROSECONDS.sleep(200);
        }
    }

    /**
     * How long it took.
     *
     * @param caller nanoseconds until the caller was free
     * @param socket nanoseconds until the connection was closed or could be used again
     */
    private record Measured(long caller, long socket) {
    }

    /** A server that brings a call into a phase, and the call. */
    private static final class Scene implements AutoCloseable {

        private final EngineLane lane;

        private final CompletableFuture<Void> over = new CompletableFuture<>();

        private final List<AutoCloseable> resources = new ArrayList<>();

        private BooleanSupplier inPhase = () -> true;

        /** Whether the connection of the call is closed, or was never its. */
        private BooleanSupplier closed = () -> true;

        private BooleanSupplier usable = () -> true;

        private Runnable nowGivenUp = () -> {
        };

        /** The calls beside it, which go on. */
        private int others;

        Scene(EngineLane lane) {
            this.lane = lane;
        }

        Measured giveUp(Phase phase, Kind kind) throws Exception {
            boolean virtual = kind == Kind.INTERRUPT_OF_VIRTUAL_THREAD;
            Session session = open(phase);
            BackgroundCall<Response> call = (phase == Phase.WRITE)
                    ? CancellationTests.start(this.lane, session, HttpMethod.POST, "/", virtual,
                            (spec) -> spec.bytes(new byte[32 * 1024 * 1024]))
                    : CancellationTests.start(this.lane, session, "/", virtual);
            await(this.inPhase);
            settle();
            assertThat(call.isDone()).as("whether the call was over before").isFalse();
            long start = System.nanoTime();
            if (kind == Kind.CLOSE) {
                session.close();
            }
            else {
                call.cancel();
            }
            this.nowGivenUp.run();
            await(() -> call.isDone() || call.isGivenUp());
            long caller = (call.isDone() ? call.ended() : System.nanoTime()) - start;
            await(() -> this.closed.getAsBoolean() && used(session) <= this.others);
            long socket = System.nanoTime() - start;
            this.over.complete(null);
            if (kind != Kind.CANCEL) {
                assertThat(call.failure(PATIENCE)).isInstanceOf(CancelledException.class)
                    .satisfies((ex) -> assertThat(((RequestException) ex).phase()).isEqualTo(phase));
            }
            if (kind == Kind.INTERRUPT || virtual) {
                assertThat(call.isInterrupted(PATIENCE)).as("the flag is kept").isTrue();
            }
            if (kind != Kind.CLOSE) {
                assertThat(this.usable.getAsBoolean()).as("whether the connection is used again").isTrue();
            }
            return new Measured(caller, socket);
        }

        private int used(Session session) {
            return session.pools().stream().mapToInt((pool) -> pool.active() + pool.pending()).sum();
        }

        private Session open(Phase phase) throws Exception {
            return switch (phase) {
                case POOL -> inPool();
                case LOOKUP -> inLookup();
                case CONNECT -> inConnect();
                case TLS -> inTls();
                case WRITE -> inWrite();
                case HEAD -> inHead();
                case BODY -> inBody();
                case PAUSE -> inPause();
                case PREPARE -> throw new IllegalArgumentException("Nothing is done in " + phase);
            };
        }

        private Session session(Consumer<ClientBuilder> settings) {
            Session session = CancellationTests.session(this.lane, settings);
            this.resources.add(session);
            return session;
        }

        private RawServer server(RawServer server) {
            this.resources.add(server);
            return server;
        }

        private Session inPool() throws InterruptedException {
            RawServer server = server(RawServer.start((connection) -> connection.forEachRequest((request) -> {
                this.over.get(10, TimeUnit.SECONDS);
                connection.respond(200, "served");
            })));
            Session session = session((builder) -> builder.baseUrl(server.url()).maxConnections(1));
            BackgroundCall<Response> holder = CancellationTests.start(this.lane, session, "/", false);
            await(() -> server.requests().size() == 1);
            this.others = 1;
            this.inPhase = () -> waitsInPool(session);
            // The other call goes on, and its connection is there for the next.
            this.usable = () -> answered(holder) && served(session) && server.connections() == 1
                    && server.requests().size() == 2;
            return session;
        }

        private static boolean waitsInPool(Session session) {
            List<PoolStatistics> pools = session.pools();
            return pools.isEmpty() || pools.get(0).pending() == 1;
        }

        private boolean served(Session session) {
            return answered(CancellationTests.start(this.lane, session, "/", false));
        }

        private static boolean answered(BackgroundCall<Response> call) {
            try {
                return call.value(PATIENCE).text().equals("served");
            }
            catch (Exception ex) {
                throw new AssertionError("The client cannot be used", ex);
            }
        }

        private Session inLookup() {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            CompletableFuture<Void> end = new CompletableFuture<>();
            this.resources.add(() -> end.complete(null));
            this.inPhase = asked::isDone;
            return session((builder) -> builder.baseUrl("http://shop.test").resolver((host) -> {
                asked.complete(null);
                end.join();
                return List.of(InetAddress.getLoopbackAddress());
            }));
        }

        private Session inConnect() {
            RawServer hole = server(RawServer.blackHole());
            if (Files.exists(Sockets.TABLE)) {
                this.inPhase = () -> Sockets.connecting(hole.port()) == 1;
                this.closed = () -> Sockets.connecting(hole.port()) == 0;
            }
            return session((builder) -> builder.baseUrl(hole.url()));
        }

        private Session inTls() {
            CompletableFuture<Void> hello = new CompletableFuture<>();
            RawServer server = server(RawServer.start((connection) -> {
                connection.readBody(1);
                hello.complete(null);
                connection.hold();
            }));
            this.inPhase = hello::isDone;
            this.closed = () -> server.open() == 0;
            return session((builder) -> builder.baseUrl("https://127.0.0.1:" + server.port()));
        }

        private Session inWrite() {
            RawServer server = server(RawServer.start((connection) -> {
                connection.readHead();
                this.over.get(10, TimeUnit.SECONDS);
                // What was sent is in the way of the end.
                connection.hold();
            }));
            this.inPhase = () -> server.requests().size() == 1;
            this.nowGivenUp = () -> this.over.complete(null);
            this.closed = () -> server.open() == 0;
            return session((builder) -> builder.baseUrl(server.url()));
        }

        private Session inHead() {
            RawServer server = answering("");
            this.inPhase = () -> server.requests().size() == 1;
            return session((builder) -> builder.baseUrl(server.url()));
        }

        private Session inBody() {
            RawServer server = answering(HALF);
            // That the server has sent the head does not say that it was read.
            CompletableFuture<Void> head = new CompletableFuture<>();
            this.inPhase = head::isDone;
            return session((builder) -> builder.baseUrl(server.url())
                .hook(Hook.onResponse((request, response) -> head.complete(null))));
        }

        private RawServer answering(String beginning) {
            RawServer server = server(RawServer.start((connection) -> {
                connection.readRequest();
                connection.write(beginning);
                connection.hold();
            }));
            this.closed = () -> server.open() == 0;
            return server;
        }

        private Session inPause() {
            RawServer server = server(RawServer.start((connection) -> {
                connection.readRequest();
                connection.respond(503, "later");
                connection.forEachRequest((request) -> connection.respond(200, "served"));
            }));
            Session session = session(
                    (builder) -> builder.baseUrl(server.url()).retry(RetryPolicy.fixed(1, Duration.ofSeconds(10))));
            this.inPhase = () -> server.requests().size() == 1 && used(session) == 0;
            this.usable = () -> served(session) && server.connections() == 1 && server.requests().size() == 2;
            return session;
        }

        @Override
        public void close() {
            for (AutoCloseable resource : this.resources) {
                assertThatCode(resource::close).doesNotThrowAnyException();
            }
        }

    }

    /** What the kernel says of connections that are being opened. */
    private static final class Sockets {

        static final Path TABLE = Path.of("/proc/self/net/tcp");

        private static final String SYN_SENT = "02";

        /** Return how many connections to a port were begun and not answered. */
        static long connecting(int port) {
            String suffix = String.format(":%04X", port);
            return Stream.of(TABLE, Path.of("/proc/self/net/tcp6")).flatMap(Sockets::lines).filter((line) -> {
                String[] columns = line.trim().split("\\s+");
                return columns.length > 3 && columns[2].endsWith(suffix) && columns[3].equals(SYN_SENT);
            }).count();
        }

        private static Stream<String> lines(Path table) {
            try {
                return Files.exists(table) ? Files.readAllLines(table).stream() : Stream.empty();
            }
            catch (IOException ex) {
                throw new AssertionError("The kernel's table of connections cannot be read", ex);
            }
        }

    }

}
