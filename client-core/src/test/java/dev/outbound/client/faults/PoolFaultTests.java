package dev.outbound.client.faults;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TcpProxy;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Section F: connections that are used again, and their pool.
 */
@Rows
class PoolFaultTests {

    private static final Duration SHORT = Cell.SHORT;

    @Row(id = "F1", when = "The server ends an idle connection",
            then = "The next call, of any method, takes a new one and counts as the first attempt")
    void idleConnectionEnds(Cell cell) {
        for (HttpMethod method : new HttpMethod[] { HttpMethod.GET, HttpMethod.POST }) {
            RawServer server = cell.server((connection) -> {
                connection.readRequest();
                connection.respond(200, "first");
            }, next());
            LaneClient client = cell.client(server);
            int open = LeakGuard.sockets();
            assertThat(client.get("/").text()).isEqualTo("first");
            server.awaitOpen(0);
            if (cell.lane() != EngineLane.HTTP_COMPONENTS) {
                // Who reads itself finds out when it needs a connection; an event loop
                // has closed its socket when it knows, or the JDK will within 3 s.
                Cell.await(() -> LeakGuard.sockets() <= open || cell.idle() == 0,
                        () -> "open files: " + LeakGuard.files());
            }
            Response response = client.request(method, "/", (spec) -> {
            });
            assertThat(response.text()).isEqualTo("next");
            assertThat(response.context().attempt()).isEqualTo(1);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Row(id = "F2", also = "S77", when = "The server ends a used connection when the request has arrived",
            then = "ConnectionLostException, phase head; POST is never sent again, GET is")
    void endsWhenRequestArrives(Cell cell) {
        Script script = (connection) -> {
            connection.readRequest();
            connection.respond(200, "first");
            connection.readRequest();
        };
        RawServer server = cell.server(script, next());
        LaneClient client = cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ZERO)));
        client.get("/");
        cell.fails(ConnectionLostException.class, Phase.HEAD, () -> client.post("/", (spec) -> spec.text("pay")));
        assertThat(server.requests()).hasSize(2);
        assertThat(server.connections()).isEqualTo(1);
        cell.evicted(server, client);
        RawServer other = cell.server(script, next());
        LaneClient repeating = cell.client(other, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ZERO)));
        repeating.get("/");
        assertThat(repeating.get("/").text()).isEqualTo("next");
        assertThat(other.requests()).hasSize(3);
    }

    @Row(id = "F3", when = "An idle connection falls silent, as behind a firewall that forgot it",
            then = "ReadTimeoutException; the next call takes a new connection")
    void idleConnectionFallsSilent(Cell cell) {
        RawServer server = cell.server(next());
        TcpProxy line = cell.manage(TcpProxy.to(server.port()));
        LaneClient client = cell.client(
                (builder) -> builder.baseUrl("http://127.0.0.1:" + line.port()).timeouts(Cell.LIMITS.withRead(SHORT)));
        client.get("/");
        line.toServer().silent(true);
        cell.timesOut(ReadTimeoutException.class, Phase.HEAD, () -> client.get("/"));
        line.toServer().silent(false);
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(line.connections()).isEqualTo(2);
    }

    @Row(id = "F4", when = "Connection: close; HTTP/1.0 with and without keep-alive",
            then = "Only what may be used again is used again")
    void serverSaysClose(Cell cell) {
        for (String head : new String[] { "HTTP/1.1 200 OK\r\nConnection: close", "HTTP/1.0 200 OK",
                "HTTP/1.1 200 OK\r\nConnection: x, Close" }) {
            RawServer server = cell.server((connection) -> {
                connection.readRequest();
                connection.write(head + "\r\nContent-Length: 2\r\n\r\nok");
                connection.hold();
            }, next());
            LaneClient client = cell.client(server);
            assertThat(client.get("/").text()).isEqualTo("ok");
            cell.evicted(server, client);
        }
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
            connection.forEachRequest((request) -> connection.respond(200, "next"));
        });
        LaneClient client = cell.client(server);
        assertThat(client.get("/").text()).isEqualTo("ok");
        cell.reused(server, client);
    }

    @Row(id = "F5", when = "The server ends each connection after 10 requests, under load",
            then = "No failure of GET with retries")
    void requestsPerConnection(Cell cell) {
        RawServer server = cell.server((connection) -> {
            for (int i = 0; i < 10; i++) {
                if (connection.readRequest() == null) {
                    return;
                }
                connection.respond(200, "next");
            }
        });
        LaneClient client = cell.client(server,
                (builder) -> builder.maxConnections(4).retryBudget(null).retry(RetryPolicy.fixed(3, Duration.ZERO)));
        List<CompletableFuture<Void>> users = new ArrayList<>();
        // Not on the common pool, where the JDK tells of failures.
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int user = 0; user < 4; user++) {
                users.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 50; i++) {
                        assertThat(client.get("/").text()).isEqualTo("next");
                    }
                }, threads));
            }
            users.forEach((user) -> assertThat(user).succeedsWithin(Cell.LONG));
        }
        finally {
            threads.shutdown();
        }
        assertThat(server.connections()).isGreaterThanOrEqualTo(20);
    }

    @Row(id = "F6", when = "All connections are in use",
            then = "PoolTimeoutException after the limit; nothing is sent; retried for every method")
    void poolIsFull(Cell cell) {
        CompletableFuture<Void> release = new CompletableFuture<>();
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            release.get(10, TimeUnit.SECONDS);
            connection.respond(200, "late");
        }));
        LaneClient client = cell.client(server, (builder) -> builder.timeouts(Cell.LIMITS.withPool(SHORT)));
        Running holder = Running.get(client, "/");
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        cell.timesOut(PoolTimeoutException.class, Phase.POOL, () -> client.get("/"));
        Running waiter = Running.start(client, HttpMethod.POST, "/",
                (spec) -> spec.retry(RetryPolicy.fixed(10, Duration.ZERO)));
        assertThat(new CompletableFuture<Void>()).failsWithin(SHORT.multipliedBy(2));
        release.complete(null);
        assertThat(holder.response().text()).isEqualTo("late");
        assertThat(waiter.response().context().attempt()).isGreaterThan(1);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.requests()).hasSize(2);
    }

    @Row(id = "F7", when = "All connections are in use, and no wait is allowed: a limit of a nanosecond",
            then = "PoolTimeoutException at once; nothing is sent")
    void noWait(Cell cell) {
        CompletableFuture<Void> release = new CompletableFuture<>();
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            release.get(10, TimeUnit.SECONDS);
            connection.respond(200, "next");
        }));
        LaneClient client = cell.client(server);
        Running holder = Running.get(client, "/");
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        long start = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            cell.fails(PoolTimeoutException.class, Phase.POOL,
                    () -> client.get("/", (spec) -> spec.timeouts(Cell.LIMITS.withPool(Duration.ofNanos(1)))));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        release.complete(null);
        assertThat(holder.response().text()).isEqualTo("next");
        assertThat(server.requests()).hasSize(1);
        cell.reused(server, client);
    }

    @Row(id = "F8", when = "100 calls that wait for a connection are cancelled at random",
            then = "No connection is lost")
    void waitersAreCancelled(Cell cell) throws InterruptedException {
        CompletableFuture<Void> release = new CompletableFuture<>();
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /hold")) {
                release.get(10, TimeUnit.SECONDS);
            }
            connection.respond(200, "next");
        }));
        LaneClient client = cell.client(server, (builder) -> builder.maxConnections(2));
        List<Running> holders = List.of(Running.get(client, "/hold"), Running.get(client, "/hold"));
        Cell.await(() -> server.requests().size() == 2, () -> "requests: " + server.requests().size());
        Random random = new Random(20261127);
        List<Running> waiters = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiters.add(Running.get(client, "/"));
            if (random.nextBoolean()) {
                waiters.remove(random.nextInt(waiters.size())).cancel();
            }
        }
        waiters.forEach(Running::cancel);
        release.complete(null);
        holders.forEach((holder) -> assertThat(holder.response().text()).isEqualTo("next"));
        List<Running> both = List.of(Running.get(client, "/"), Running.get(client, "/"));
        both.forEach((call) -> assertThat(call.response().text()).isEqualTo("next"));
    }

    @Row(id = "F9", when = "A wait for a connection ends at the moment when one is free, 100 times",
            then = "One outcome for each; no connection is lost")
    void waitEndsWithHolder(Cell cell) {
        Duration held = Duration.ofMillis(4);
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /hold")) {
                connection.pause(held);
            }
            connection.respond(200, "next");
        }));
        LaneClient client = cell.client(server);
        int timeouts = 0;
        for (int i = 0; i < 100; i++) {
            // From clearly before that moment to clearly behind it.
            Duration moment = Duration.ofMillis(1 + i / 5);
            Running holder = Running.get(client, "/hold");
            try {
                assertThat(client.get("/", (spec) -> spec.timeouts(Cell.LIMITS.withPool(moment))).text())
                    .isEqualTo("next");
            }
            catch (PoolTimeoutException ex) {
                timeouts++;
            }
            assertThat(holder.response().text()).isEqualTo("next");
        }
        assertThat(timeouts).isLessThan(100);
        cell.reused(server, client);
    }

    @Row(id = "F10", when = "A streamed response is never closed",
            then = "PoolTimeoutException that says to close streamed responses")
    void streamIsNeverClosed(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.hold();
        });
        LaneClient client = cell.client(server, (builder) -> builder.timeouts(Cell.LIMITS.withPool(SHORT)));
        Runnable close = open(client);
        PoolTimeoutException failure = cell.timesOut(PoolTimeoutException.class, Phase.POOL, () -> client.get("/"));
        assertThat(failure.getMessage()).contains("streamed responses");
        close.run();
    }

    /** Stream a response without reading it. Return what closes it. */
    static Runnable open(LaneClient client) {
        if (client instanceof LaneClient.Blocking blocking) {
            StreamedResponse response = blocking.client().stream(HttpMethod.GET, "/");
            return response::close;
        }
        CompletableFuture<Void> head = new CompletableFuture<>();
        Disposable subscription = ((LaneClient.Reactive) client).client().stream(HttpMethod.GET, "/", (response) -> {
            head.complete(null);
            return response.body().delaySubscription(Mono.never());
        }).subscribe();
        head.join();
        return subscription::dispose;
    }

    @Row(id = "F11", when = "One host is slow, another fast, with one client", then = "The fast one is not held up")
    void slowHost(Cell cell) {
        CompletableFuture<Void> release = new CompletableFuture<>();
        RawServer slow = cell.server((connection) -> connection.forEachRequest((request) -> {
            release.get(10, TimeUnit.SECONDS);
            connection.respond(200, "slow");
        }));
        RawServer fast = cell.server(next());
        LaneClient client = cell.client((builder) -> builder.maxConnections(2));
        Running held = Running.get(client, slow.url("/"));
        Cell.await(() -> slow.requests().size() == 1, () -> "no request came");
        for (int i = 0; i < 50; i++) {
            assertThat(client.get(fast.url("/")).text()).isEqualTo("next");
        }
        assertThat(held.isDone()).isFalse();
        release.complete(null);
        assertThat(held.response().text()).isEqualTo("slow");
        assertThat(fast.connections()).isEqualTo(1);
    }

    @Row(id = "F12", when = "Connections reach their lifetime under load", then = "They are replaced; no failure")
    void lifetimeUnderLoad(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server,
                (builder) -> builder.keepAlive(Duration.ofSeconds(5), Duration.ofMillis(50)));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (server.connections() < 4) {
            assertThat(client.get("/").text()).isEqualTo("next");
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    @Row(id = "F13", when = "Two clients with different keys, same host",
            then = "Each has its own connections; neither shows the other's certificate")
    void clientsDoNotShare(Cell cell) throws Exception {
        TestCertificates local = TestCertificates.of("ip:127.0.0.1");
        TestCertificates key = TestCertificates.of("dns:client.test");
        TestCertificates stranger = TestCertificates.of("dns:stranger.test");
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        Set<Principal> shown = ConcurrentHashMap.newKeySet();
        RawServer server = cell.server(ServerTls.of(local.serverTrusting(key)).demandingCertificates(),
                (connection) -> connection.forEachRequest((request) -> {
                    ports.add(connection.peerPort());
                    shown.add(connection.tlsSession().getPeerPrincipal());
                    connection.respond(200, "next");
                }));
        LaneClient known = cell.client(server, (builder) -> builder.sslContext(local.clientShowing(key)));
        LaneClient same = cell.client(server, (builder) -> builder.sslContext(local.clientShowing(key)));
        LaneClient unknown = cell.client(server, (builder) -> builder.sslContext(local.clientShowing(stranger)));
        LaneClient without = cell.client(server, (builder) -> builder.sslContext(local.client()));
        for (int i = 0; i < 3; i++) {
            assertThat(known.get("/").text()).isEqualTo("next");
            assertThat(same.get("/").text()).isEqualTo("next");
            cell.isRefused(() -> unknown.get("/"));
            cell.isRefused(() -> without.get("/"));
        }
        assertThat(ports).hasSize(2);
        assertThat(shown).hasSize(1);
    }

    @Row(id = "F14", when = "Bytes arrive on an idle connection", then = "The connection is not used again")
    void bytesWhileIdle(Cell cell) {
        String evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
        for (String bytes : new String[] { evil, "x", "\r\n" }) {
            CompletableFuture<Void> idle = new CompletableFuture<>();
            CompletableFuture<Void> written = new CompletableFuture<>();
            RawServer server = cell.server((connection) -> {
                connection.readRequest();
                connection.respond(200, "first");
                idle.get(5, TimeUnit.SECONDS);
                connection.write(bytes);
                written.complete(null);
                connection.hold();
            }, next());
            LaneClient client = cell.client(server);
            assertThat(client.get("/").text()).isEqualTo("first");
            idle.complete(null);
            written.join();
            if (cell.lane() != EngineLane.HTTP_COMPONENTS) {
                // An event loop notices; who reads itself looks before the next request.
                server.awaitOpen(0);
            }
            assertThat(client.get("/", (spec) -> spec.retry(RetryPolicy.fixed(1, Duration.ZERO))).text())
                .isEqualTo("next");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Row(id = "F15", when = "Load stops", then = "Idle connections are closed after their time")
    void idleConnectionsAreClosed(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server,
                (builder) -> builder.maxConnections(4).keepAlive(Duration.ofMillis(100), Duration.ofMinutes(1)));
        List<Running> calls = List.of(Running.get(client, "/"), Running.get(client, "/"), Running.get(client, "/"));
        calls.forEach((call) -> assertThat(call.response().text()).isEqualTo("next"));
        server.awaitOpen(0);
        assertThat(client.get("/").text()).isEqualTo("next");
    }

}
