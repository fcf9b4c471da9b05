package dev.outbound.mock;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Each fault on the mock router, beside the same one on a real server and the real
 * engine: the client must see the same.
 */
@Timeout(60)
class FaultTests {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static final Duration LATE = Duration.ofMinutes(1);

    private static final Timeouts LIMITS = Timeouts.defaults()
        .withAll(Duration.ofSeconds(15))
        .withTls(Duration.ofSeconds(15));

    private static final Script HOLD = (connection) -> {
        connection.readHead();
        connection.hold();
    };

    @TestFactory
    Stream<DynamicTest> clientSeesWhatTheEngineWouldThrow() {
        return Stream.of(Lane.values())
            .flatMap((lane) -> Stream.of(Case.values())
                .map((fault) -> DynamicTest.dynamicTest(fault + " " + lane, () -> compare(lane, fault))));
    }

    private static void compare(Lane lane, Case fault) {
        ClientException mocked;
        ClientException real;
        try (RawServer server = fault.server()) {
            String url = fault.url(server);
            real = failure(lane, (builder) -> fault.settings(builder.timeouts(fault.limits)), server, url, fault);
            MockRouter router = MockRouter.create();
            router.any("").reply((r) -> fault.reply.apply(r.text("0123456789")));
            mocked = failure(lane, (builder) -> {
                fault.settings(builder.timeouts(fault.limits));
                router.bind(builder);
            }, null, url, fault);
        }
        assertThat(mocked).as("real: %s", real).hasSameClassAs(real);
        assertThat(mocked.phase()).as("real: %s", real).isEqualTo(real.phase());
        assertThat(shape(mocked)).as("mocked: %s", mocked).isEqualTo(shape(real));
    }

    /**
     * The message without what differs from one run to the next, and from one engine to
     * another: ports, the limit (which an engine that blocks in the system does not
     * know), the peer where an engine has no more than bytes in hand, and what systems
     * and libraries say, which is quoted.
     */
    private static String shape(ClientException failure) {
        return failure.detail()
            .replaceAll(":\\d+", ":PORT")
            .replaceAll(" (within \\d+ ms|for \\d+ ms|in time)", " LIMIT")
            .replaceAll("127.0.0.1:PORT (took|sent)", "the server $1")
            .replaceAll("the response from 127.0.0.1:PORT is not HTTP: .*", "the response is not HTTP")
            .replaceAll("the response is not HTTP: .*", "the response is not HTTP")
            .replaceAll(" \\('.*'\\)", "");
    }

    private static ClientException failure(Lane lane, Consumer<ClientBuilder> settings, @Nullable RawServer server,
            String url, Case fault) {
        try (LaneClient client = lane.client(settings)) {
            Throwable thrown = fault.inFullPool(client, server, url,
                    () -> catchThrowable(() -> client.post(url, (spec) -> {
                        if (fault == Case.STALL_UPLOAD) {
                            spec.body(RequestBody.bytes(new byte[16 * 1024 * 1024]));
                        }
                    })));
            assertThat(thrown).isInstanceOf(ClientException.class);
            return (ClientException) thrown;
        }
    }

    /** There is no body in which anything could go wrong. */
    @ParameterizedTest
    @EnumSource
    void faultInTheBodyOfAResponseWithoutBodyDoesNotHappen(Lane lane) {
        MockRouter router = MockRouter.create("https://api.test");
        router.head("/a").reply((r) -> r.text("0123456789").fault(Fault.truncateAfter(4)));
        router.get("/b").reply((r) -> r.status(204).fault(Fault.resetAfter(0)));
        try (LaneClient client = lane.client((builder) -> router.bind(builder).baseUrl("https://api.test"))) {
            assertThat(client.request(HttpMethod.HEAD, "/a", (spec) -> {
            }).headers().getFirst("Content-Length")).isEqualTo("10");
            assertThat(client.get("/b").statusCode()).isEqualTo(204);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesBeforeTheFaultArrive(Lane lane) {
        MockRouter router = MockRouter.create();
        router.get("/a").reply((r) -> r.text("0123456789").fault(Fault.truncateAfter(4)));
        try (LaneClient client = lane.client(router::bind)) {
            client.leave("http://a.test/a", 4);
            assertThatExceptionOfType(TruncatedBodyException.class)
                .isThrownBy(() -> client.stream("http://a.test/a", (head) -> {
                }));
        }
    }

    @Test
    void stallThatNothingLimitsIsToldInsteadOfHanging() {
        MockRouter router = MockRouter.create();
        router.get("/a").reply(Fault.stallHead());
        assertThatExceptionOfType(AssertionError.class)
            .isThrownBy(() -> router.client((builder) -> builder.timeouts(Timeouts.none())).get("http://a.test/a"))
            .withMessageContaining("The mock upstream stalls for ever (head)")
            .withMessageContaining("Give the client timeouts, or the reply a delay");
    }

    /** A fault, and how a real server has it. */
    enum Case {

        REFUSED(Fault.refused(), HOLD) {

            @Override
            String url(RawServer server) {
                server.close();
                return server.url("/a");
            }

        },

        UNKNOWN_HOST(Fault.unknownHost(), HOLD) {

            @Override
            String url(RawServer server) {
                return "http://nope.invalid/a";
            }

        },

        STALL_CONNECT(Fault.stallConnect(), HOLD, LIMITS.withConnect(SHORT)) {

            @Override
            RawServer server() {
                return RawServer.blackHole();
            }

        },

        STALL_TLS(Fault.stallTls(), (connection) -> connection.hold(), LIMITS.withTls(SHORT)) {

            @Override
            String url(RawServer server) {
                return server.url("/a").replace("http:", "https:");
            }

        },

        CERTIFICATE_REJECTED(Fault.certificateRejected(), HOLD) {

            @Override
            RawServer server() {
                return RawServer.start(TestCertificates.of("dns:localhost,ip:127.0.0.1").server(), HOLD);
            }

        },

        HOSTNAME_MISMATCH(Fault.hostnameMismatch(), HOLD) {

            private final TestCertificates certificates = TestCertificates.of("dns:other.test");

            @Override
            RawServer server() {
                return RawServer.start(this.certificates.server(), HOLD);
            }

            @Override
            void settings(ClientBuilder builder) {
                builder.sslContext(this.certificates.client());
            }

        },

        POOL_EXHAUSTED(Fault.poolExhausted(), HOLD, LIMITS.withPool(SHORT)) {

            @Override
            void settings(ClientBuilder builder) {
                builder.maxConnections(1);
            }

        },

        STALL_UPLOAD(Fault.stallUpload(), (connection) -> {
            connection.readHead();
            connection.pause(Duration.ofSeconds(3));
        }, LIMITS.withWrite(SHORT)),

        STALL_HEAD(Fault.stallHead(), HOLD, LIMITS.withRead(SHORT)),

        RESET(Fault.reset(), (connection) -> {
            connection.readRequest();
            connection.rst();
        }),

        CLOSED(Fault.closed(), (connection) -> {
            connection.readRequest();
            connection.fin();
        }),

        MALFORMED(Fault.malformed(), (connection) -> {
            connection.readRequest();
            connection.write("SSH-2.0-OpenSSH\r\n\r\n");
            connection.hold();
        }),

        STALL_BODY(Fault.stallAfter(4), (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
            connection.hold();
        }, LIMITS.withRead(SHORT)),

        RESET_BODY(Fault.resetAfter(4), (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
            connection.pause(Duration.ofMillis(50));
            connection.rst();
        }),

        DELAY_CONNECT((reply) -> reply.delayConnect(LATE), HOLD, LIMITS.withConnect(SHORT)) {

            @Override
            RawServer server() {
                return RawServer.blackHole();
            }

        },

        DELAY_TLS((reply) -> reply.delayTls(LATE), (connection) -> connection.hold(), LIMITS.withTls(SHORT)) {

            @Override
            String url(RawServer server) {
                return server.url("/a").replace("http:", "https:");
            }

        },

        DELAY_HEAD((reply) -> reply.delayHead(LATE), HOLD, LIMITS.withRead(SHORT)),

        DELAY_BODY((reply) -> reply.delayBody(LATE), (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
            connection.hold();
        }, LIMITS.withRead(SHORT)),

        TRUNCATE_BODY(Fault.truncateAfter(4), (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
            connection.fin();
        });

        private final UnaryOperator<Reply> reply;

        private final Script script;

        private final Timeouts limits;

        Case(Fault fault, Script script) {
            this(fault, script, LIMITS);
        }

        Case(Fault fault, Script script, Timeouts limits) {
            this((reply) -> reply.fault(fault), script, limits);
        }

        Case(UnaryOperator<Reply> reply, Script script, Timeouts limits) {
            this.reply = reply;
            this.script = script;
            this.limits = limits;
        }

        RawServer server() {
            return RawServer.start(this.script);
        }

        String url(RawServer server) {
            return server.url("/a");
        }

        void settings(ClientBuilder builder) {
        }

        /** Only one fault needs another call that has the connection. */
        Throwable inFullPool(LaneClient client, @Nullable RawServer server, String url, Supplier<Throwable> call) {
            if (this != POOL_EXHAUSTED || server == null) {
                return call.get();
            }
            Thread other = new Thread(() -> catchThrowable(() -> client.get(url)));
            other.setDaemon(true);
            other.start();
            server.awaitConnections(1);
            return call.get();
        }

    }

}
