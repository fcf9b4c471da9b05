package dev.outbound.client.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;

import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.EngineFigures;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.Attempt;
import dev.outbound.client.retry.RetryListener;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Engine;

/**
 * A client of one lane and a server of its own, for one {@link Play} after the other.
 */
final class FuzzLane implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Timeouts LIMITS = Timeouts.defaults().withAll(PATIENCE).withTotal(PATIENCE);

    /** As long as the server waits for a client that waits for more. */
    private static final long SILENCE_MILLIS = 60;

    private final EngineLane lane;

    private final ScheduledExecutorService timer;

    private final RawServer server;

    private final LaneClient client;

    private final CookieJar jar = CookieJar.create();

    private final List<EngineFigures> engines = new ArrayList<>();

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    private final AtomicInteger played = new AtomicInteger();

    private final Queue<String> attempts = new ConcurrentLinkedQueue<>();

    /** Whether the server has more to send of the response. */
    private volatile boolean more;

    /** Whether the server has sent all of the response. */
    private volatile boolean over;

    /** Whether the connection of the response is closed. */
    private volatile boolean ended;

    private volatile @Nullable Play play;

    private volatile @Nullable Connection stage;

    private volatile @Nullable ScheduledFuture<?> silence;

    FuzzLane(EngineLane lane, ScheduledExecutorService timer) {
        this.lane = lane;
        this.timer = timer;
        this.server = RawServer.startForgetful(this::serve);
        RetryPolicy retry = RetryPolicy.builder()
            // One for the play, others for what has ended meanwhile.
            .maxRetries(3)
            .delay(Duration.ZERO)
            .noJitter()
            .maxRetryAfter(Duration.ofMillis(50))
            .listener(new RetryListener() {

                @Override
                public void beforeWait(Attempt attempt, Duration delay) {
                    FuzzLane.this.attempts.add(described(attempt.failure()));
                }

            })
            .build();
        this.client = lane.client((builder) -> builder.name("fuzz")
            .baseUrl(this.server.url())
            .maxConnections(1)
            .timeouts(LIMITS)
            .retry(retry)
            .retryBudget(null)
            .redirects(RedirectPolicy.of(RedirectMode.SAME_ORIGIN, 3))
            .cookies(this.jar), this.engines::add);
    }

    EngineLane lane() {
        return this.lane;
    }

    /** A request that has arrived. */
    private record Seen(String line, int port, String cookie) {
    }

    private void serve(Connection connection) throws Exception {
        try {
            serveRequests(connection);
        }
        finally {
            if (this.stage == connection) {
                this.ended = true;
            }
        }
    }

    private void serveRequests(Connection connection) throws Exception {
        for (String request = connection.readRequest(); request != null; request = connection.readRequest()) {
            String line = request.substring(0, request.indexOf(" HTTP/"));
            this.seen.add(new Seen(line, connection.peerPort(), cookie(request)));
            String body = line.startsWith("HEAD") ? "" : "other";
            String head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n";
            Play play = this.play;
            if (play != null && line.endsWith(" /case") && this.played.getAndIncrement() == 0) {
                this.stage = connection;
                boolean goesOn = play.on(connection, () -> this.more = false);
                this.over = true;
                if (!goesOn) {
                    return;
                }
                this.silence = this.timer.schedule(() -> endSilence(connection), SILENCE_MILLIS, TimeUnit.MILLISECONDS);
            }
            else if (line.endsWith(" /next")) {
                connection.write(head + "Connection: close\r\n\r\n" + body);
                return;
            }
            else {
                connection.write(head + "\r\n" + body);
            }
        }
    }

    private static String cookie(String request) {
        int start = request.indexOf("\r\nCookie: ");
        return (start < 0) ? "" : request.substring(start + 10, request.indexOf("\r\n", start + 10));
    }

    /** Play, and tell what has come of it. */
    Outcome run(Play play) {
        this.jar.clear();
        this.seen.clear();
        this.attempts.clear();
        this.played.set(0);
        this.stage = null;
        this.silence = null;
        this.over = false;
        this.ended = false;
        this.more = true;
        this.play = play;
        if (play.warm()) {
            this.client.get("/warm");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        Throwable thrown = null;
        AtomicInteger streamed = new AtomicInteger();
        try {
            if (play.streamed() && play.method().equals("GET")) {
                facts.put("result", this.client.read("/case", (response) -> {
                    streamed.set(0);
                    String head = head(response.statusCode(), response.reasonPhrase(), response.httpVersion(),
                            response.fields());
                    return Stream.of(head + " " + count(response.body(), streamed));
                }, (response) -> {
                    streamed.set(0);
                    String head = head(response.statusCode(), response.reasonPhrase(), response.httpVersion(),
                            response.fields());
                    return response.bytes()
                        .doOnNext((piece) -> streamed.addAndGet(piece.length))
                        .then(Mono.fromSupplier(() -> head + " " + streamed.get()));
                }).toString());
            }
            else {
                Response response = this.client.request(HttpMethod.valueOf(play.method()), "/case", (spec) -> {
                });
                facts.put("result",
                        head(response.statusCode(), response.reasonPhrase(), response.httpVersion(), response.fields())
                                + " " + response.bytes().length + "/" + Arrays.hashCode(response.bytes()) + " "
                                + response.charset() + " " + response.text().hashCode());
                facts.put("history", String.valueOf(response.history().size()));
            }
        }
        catch (RuntimeException ex) {
            thrown = ex;
            facts.put("result", described(ex));
            facts.put("wording", wording(ex));
        }
        ScheduledFuture<?> silence = this.silence;
        if (silence != null) {
            silence.cancel(false);
        }
        if (play.ending() == Play.Ending.KEEP || !play.response().contains("Location")) {
            facts.put("first attempt", String.valueOf(this.attempts.peek()));
        }
        if (play.ending() != Play.Ending.RESET) {
            facts.put("streamed bytes", String.valueOf(streamed.get()));
        }
        facts.put("requests", this.seen.stream().map(Seen::line).toList().toString());
        StringBuilder wrong = new StringBuilder(message(thrown));
        int last = this.seen.stream().mapToInt(Seen::port).reduce(0, (first, second) -> second);
        if (this.more) {
            awaitUnasked(wrong);
        }
        next(facts, last, play);
        if (!String.valueOf(facts.get("next")).startsWith("200 other")) {
            wrong.append("the next call is not served; ");
        }
        await(() -> this.engines.stream().allMatch(EngineFigures::areZero), wrong);
        await(() -> this.server.open() == 0, wrong);
        return new Outcome(facts, wrong.toString(), String.valueOf(thrown));
    }

    /**
     * The server goes on though the response is complete, or was given up. That ends the
     * connection, at the latest when it is to be used again, but cannot be told from an
     * answer when it comes behind the next request.
     */
    private void awaitUnasked(StringBuilder wrong) {
        boolean looksBeforeUse = this.lane.engine() == Engine.HTTP_COMPONENTS;
        await(() -> this.ended || (looksBeforeUse && this.over), wrong);
    }

    /** The next call is served, whatever has happened. */
    private void next(Map<String, String> facts, int last, Play play) {
        this.seen.clear();
        try {
            Response next = this.client.get("/next");
            facts.put("next", next.statusCode() + " " + next.text()
                    + ((play.ending() == Play.Ending.KEEP) ? " " + next.context().attempt() : ""));
        }
        catch (RuntimeException ex) {
            facts.put("next", described(ex) + " " + wording(ex));
        }
        Seen request = this.seen.peek();
        facts.put("cookie", (request != null) ? request.cookie() : "no request");
        if (play.ending() == Play.Ending.KEEP && request != null) {
            facts.put("connection", (request.port() == last) ? "used again" : "closed");
        }
    }

    private void await(BooleanSupplier condition, StringBuilder wrong) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                wrong.append("left behind: ")
                    .append(this.engines)
                    .append(", ")
                    .append(this.server.open())
                    .append(" connections; ");
                return;
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** The client waits for more: end the connection. */
    private static void endSilence(Connection connection) {
        try {
            connection.fin();
        }
        catch (IOException ex) {
            // It is closed.
        }
    }

    private static int count(InputStream body, AtomicInteger count) {
        byte[] buffer = new byte[8192];
        try {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                count.addAndGet(read);
            }
            return count.get();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static String head(int status, String reason, String version, FieldLines fields) {
        StringBuilder lines = new StringBuilder();
        fields.forEach((name, value) -> lines.append('|').append(Play.escaped(name + ":" + value)));
        return version + " " + status + " '" + Play.escaped(reason) + "' " + lines;
    }

    private static String described(@Nullable Throwable thrown) {
        if (thrown instanceof ClientException failure) {
            return failure.getClass().getSimpleName() + " in " + failure.phase();
        }
        return (thrown != null) ? thrown.toString() : "status";
    }

    private String wording(RuntimeException thrown) {
        return (thrown instanceof ClientException failure) ? failure.detail().replace(":" + this.server.port(), "")
                : "";
    }

    /** What is wrong with the message, if anything. */
    private static String message(@Nullable Throwable thrown) {
        StringBuilder wrong = new StringBuilder();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.chars().anyMatch((c) -> c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)) {
                wrong.append("control character in ").append(cause.getClass().getSimpleName()).append("; ");
            }
            if (message.length() > 700) {
                wrong.append("too long; ");
            }
            if (cause == thrown && message.matches("(?i).*(netty|reactor|apache|hc[.]core|java[.]|jdk[.]).*")) {
                wrong.append("names an engine: ").append(message);
            }
        }
        return wrong.toString();
    }

    @Override
    public void close() {
        this.client.close();
        this.server.close();
    }

    /** Return what scripts have thrown. */
    List<Throwable> failures() {
        return this.server.failures();
    }

}
