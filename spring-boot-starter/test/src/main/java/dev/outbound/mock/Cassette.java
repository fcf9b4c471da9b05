package dev.outbound.mock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

/**
 * Answers of a real upstream, recorded once and replayed ever after. Thread-safe.
 *
 * <pre class="code">
 * try (Cassette cassette = Cassette.insert(Path.of("src/test/resources/cassettes/github.json"), router)) {
 *     …
 * }
 * router.verify();
 * </pre>
 *
 * With {@code -Dcassettes.record=true} requests go through to the real upstream, and the
 * file is written when the cassette is closed. Without it each recorded exchange is a
 * route of the router that answers once: a request that is not on the cassette, or
 * differs from the one that is, fails with what is different.
 * <p>
 * Requests go out as the client would send them without a mock: with its TLS and its
 * proxies. What is written is readable and in the order of the requests. Secrets are
 * masked by the rules of the client's logs, in JSON and forms, too: headers that are
 * masked are not replayed, and values that are masked match any. JSON is kept by its
 * values, with its keys in order; other bodies are kept as they are, decoded and whole:
 * endless ones cannot be recorded.
 *
 * @since 0.1
 */
public final class Cassette implements AutoCloseable {

    /** The system property that makes cassettes record; not a key of an application. */
    public static final String RECORD = "cassettes.record";

    private final Path file;

    private final MockRouter router;

    private final boolean recording;

    /** One for each request, {@code null} until it is answered. */
    private final List<@Nullable ObjectNode> exchanges = new ArrayList<>();

    private Cassette(Path file, MockRouter router, boolean recording) {
        this.file = file;
        this.router = router;
        this.recording = recording;
    }

    /**
     * Put a cassette into a router: replay it, or record it if {@value #RECORD} is set.
     * @param file the file
     * @param router the router, whose own routes answer first
     * @return the cassette; close it
     * @throws IllegalStateException if there is nothing to replay, or it cannot be read
     */
    public static Cassette insert(Path file, MockRouter router) {
        return Boolean.getBoolean(RECORD) ? record(file, router) : replay(file, router);
    }

    /**
     * Record a cassette anew.
     * @param file the file to write when the cassette is closed
     * @param router the router, whose own routes answer first
     * @return the cassette; close it
     */
    public static Cassette record(Path file, MockRouter router) {
        Assert.notNull(file, "file must not be null");
        Assert.notNull(router, "router must not be null");
        Cassette cassette = new Cassette(file, router, true);
        router.any("")
            .recorded()
            .optional()
            .handledBy(Upstream.behind("recorded",
                    (engine) -> (request, cancellation) -> cassette.sendBlocking(engine, request, cancellation),
                    (engine) -> (request, cancellation) -> cassette.sendReactive(engine, request, cancellation)));
        return cassette;
    }

    private static Cassette replay(Path file, MockRouter router) {
        Assert.notNull(file, "file must not be null");
        Assert.notNull(router, "router must not be null");
        if (!Files.exists(file)) {
            throw new IllegalStateException("There is no cassette " + file + ". Record it against the real upstream: "
                    + "run the test once with -D" + RECORD + "=true");
        }
        Cassette cassette = new Cassette(file, router, false);
        try {
            JsonNode exchanges = Json.parseExactly(Files.readString(file));
            if (!exchanges.isArray()) {
                throw unreadable(file, "is not a list of exchanges", null);
            }
            cassette.register(exchanges);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (StreamReadException ex) {
            throw unreadable(file, "is not JSON: " + ex.getOriginalMessage(), ex);
        }
        catch (JacksonException | IllegalArgumentException ex) {
            throw unreadable(file, "cannot be replayed: " + ex.getMessage(), ex);
        }
        return cassette;
    }

    private static IllegalStateException unreadable(Path file, String why, @Nullable Exception cause) {
        return new IllegalStateException("The cassette " + file + " " + why
                + ". Correct it, or record it again: run the test once with -D" + RECORD + "=true", cause);
    }

    /** Equal requests are one route, which answers them in the order of the recording. */
    private void register(JsonNode exchanges) {
        Map<RequestPattern, List<Reply>> replies = new LinkedHashMap<>();
        for (JsonNode exchange : exchanges) {
            replies.computeIfAbsent(Recorded.pattern(exchange.path("request")), (pattern) -> new ArrayList<>())
                .add(Recorded.reply(exchange.path("response")));
        }
        replies.forEach((pattern, answers) -> {
            Route route = this.router.route(pattern)
                .recorded()
                .named(this.file.getFileName() + " #" + (new ArrayList<>(replies.keySet()).indexOf(pattern) + 1));
            route.reply(answers.get(0)).times(1);
            answers.stream().skip(1).forEach(route::then);
        });
    }

    private TransportResponse sendBlocking(Supplier<Transport> engine, Request request, Cancellation cancellation) {
        int place = reserve();
        TransportResponse response = engine.get().send(readable(request), cancellation);
        try {
            byte[] body = response.body().readAllBytes();
            keep(place, request, response.statusCode(), response.fields(), body);
            return TransportResponse.of(response.statusCode(), response.fields(), body);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        finally {
            response.close();
        }
    }

    private Mono<ReactiveTransportResponse> sendReactive(Supplier<ReactiveTransport> engine, Request request,
            Cancellation cancellation) {
        return Mono.fromSupplier(this::reserve)
            .flatMap((place) -> engine.get()
                .send(readable(request), cancellation)
                .flatMap((response) -> MockReactiveTransport.read(response.body()).map((body) -> {
                    keep(place, request, response.statusCode(), response.fields(), body);
                    return ReactiveTransportResponse.of(response.statusCode(), response.fields(), body);
                })));
    }

    /** Secrets in what is compressed otherwise could not be masked. */
    private static Request readable(Request request) {
        return request.fields().contains(HttpHeaders.ACCEPT_ENCODING)
                ? request.withHeader(HttpHeaders.ACCEPT_ENCODING, "gzip") : request;
    }

    /** Requests stand in the order in which they were sent. */
    private int reserve() {
        synchronized (this.exchanges) {
            this.exchanges.add(null);
            return this.exchanges.size() - 1;
        }
    }

    private void keep(int place, Request request, int status, FieldLines fields, byte[] body) {
        byte[] sent = (request.body() != null && request.body().bytes() != null) ? request.body().bytes() : new byte[0];
        ObjectNode exchange = Json.object();
        exchange.set("request", Recorded.write(SentRequest.of(request, sent)));
        exchange.set("response", Recorded.write(status, fields, body));
        synchronized (this.exchanges) {
            this.exchanges.set(place, exchange);
        }
    }

    /**
     * Write what was recorded; without a request there is no file. A cassette that was
     * replayed stays as it is.
     */
    @Override
    public void close() {
        if (!this.recording) {
            return;
        }
        ArrayNode all = Json.array();
        synchronized (this.exchanges) {
            this.exchanges.stream().filter(Objects::nonNull).forEach(all::add);
        }
        try {
            if (all.isEmpty()) {
                Files.deleteIfExists(this.file);
                return;
            }
            Path folder = this.file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(this.file, (Json.pretty(all) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public String toString() {
        return "cassette " + this.file;
    }

}
