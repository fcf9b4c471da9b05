package dev.outbound.client.transport.reactor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * After each test of the Reactor Netty transport nothing is leased, nobody waits, Netty
 * has found no leak, and Reactor Netty has logged no warning.
 */
abstract class AbstractReactorTransportTests {

    static final Duration PATIENCE = Duration.ofSeconds(5);

    static final Cancellation NONE = new Cancellation(Cancellation.NO_DEADLINE);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private final Logger[] loggers = { logger("reactor"), logger("io.netty") };

    ReactorTransport transport = ReactorTransport.of(TransportSettings.defaults("test"));

    @BeforeEach
    void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        this.log.start();
        for (Logger logger : this.loggers) {
            logger.addAppender(this.log);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        try {
            await(() -> this.transport.acquired() == 0 && this.transport.pending() == 0);
            assertThat(this.transport.acquired()).as("leased connections").isZero();
            assertThat(this.transport.pending()).as("waiting calls").isZero();
            System.gc();
            io.netty.buffer.Unpooled.buffer(1).release();
            io.netty.buffer.PooledByteBufAllocator.DEFAULT.buffer(1).release();
        }
        finally {
            this.transport.close();
            for (Logger logger : this.loggers) {
                logger.detachAppender(this.log);
            }
        }
        assertThat(List.copyOf(this.log.list)).filteredOn((event) -> event.getLevel().isGreaterOrEqual(Level.WARN))
            .extracting(ILoggingEvent::getFormattedMessage)
            .as("warnings of the libraries")
            .isEmpty();
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    void settings(UnaryOperator<TransportSettings> change) {
        this.transport.close();
        this.transport = ReactorTransport.of(change.apply(TransportSettings.defaults("test")));
    }

    /** A server that answers each request with 200 and its target. */
    static RawServer echo() {
        return RawServer.start((c) -> c.forEachRequest((request) -> c.respond(200, request.split(" ")[1])));
    }

    /** A server that reads one request and writes one text. */
    static RawServer answer(String text) {
        return RawServer.start(once(text));
    }

    static Script once(String text) {
        return (c) -> {
            c.readRequest();
            c.write(text);
            c.hold();
        };
    }

    static Request get(RawServer server, String path) {
        return Request.of(HttpMethod.GET, Url.parse(server.url(path)));
    }

    static Request get(RawServer server, UnaryOperator<Timeouts> limits) {
        return get(server, "/").withTimeouts(limits.apply(Timeouts.none()));
    }

    static Request post(RawServer server, String path) {
        return Request.of(HttpMethod.POST, Url.parse(server.url(path)));
    }

    Mono<ReactiveTransportResponse> send(Request request) {
        return this.transport.send(request, NONE);
    }

    Mono<String> text(Request request) {
        return send(request).flatMap(AbstractReactorTransportTests::text);
    }

    static Mono<String> text(ReactiveTransportResponse response) {
        return DataBufferUtils.join(response.body()).map(AbstractReactorTransportTests::release).defaultIfEmpty("");
    }

    static String release(DataBuffer buffer) {
        String text = buffer.toString(StandardCharsets.UTF_8);
        DataBufferUtils.release(buffer);
        return text;
    }

    ReactiveTransportResponse head(Request request) {
        ReactiveTransportResponse response = send(request).block(PATIENCE);
        assertThat(response).isNotNull();
        return response;
    }

    void expectText(Request request, String expected) {
        StepVerifier.create(text(request)).expectNext(expected).expectComplete().verify(PATIENCE);
    }

    <T extends Throwable> T failure(Request request, Class<T> type) {
        return failure(text(request), type);
    }

    static <T extends Throwable> T failure(Mono<?> mono, Class<T> type) {
        Throwable[] thrown = new Throwable[1];
        StepVerifier.create(mono).expectErrorSatisfies((ex) -> thrown[0] = ex).verify(PATIENCE);
        assertThat(thrown[0]).isInstanceOf(type);
        return type.cast(thrown[0]);
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

}
