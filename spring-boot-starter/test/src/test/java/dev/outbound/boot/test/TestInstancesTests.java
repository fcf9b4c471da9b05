package dev.outbound.boot.test;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;

import dev.outbound.client.ClientClock;
import dev.outbound.client.Outbound;
import dev.outbound.client.lab.RawServer;
import dev.outbound.mock.Cassette;
import dev.outbound.mock.MockOutbound;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.MockScope;
import dev.outbound.mock.VirtualClock;

import static org.assertj.core.api.Assertions.assertThat;

/** Instances, threads and other extensions of tests with mocks. */
@ResourceLock(value = MockScope.LOCK, mode = ResourceAccessMode.READ)
class TestInstancesTests {

    @Test
    void fieldOfAnInstanceThatParallelTestsShareIsRefused() {
        assertThat(ClientsSubsetTests.failures(SharedFields.class, true)).hasSize(2)
            .allSatisfy((message) -> assertThat(message)
                .isEqualTo("@MockUpstream is on dev.outbound.mock.MockRouter " + SharedFields.class.getName()
                        + ".stock of a class with one instance for tests that run in parallel: each would have the "
                        + "mocks of another. Take it as a parameter of the test methods, or have an instance for each "
                        + "method"));
        assertThat(ClientsSubsetTests.failures(SharedInstance.class, true)).isEmpty();
        assertThat(ClientsSubsetTests.failures(SharedFields.class)).isEmpty();
    }

    @Test
    void mockBeforeThereIsATestIsRefused() {
        assertThat(ClientsSubsetTests.failures(SharedConstructor.class)).singleElement()
            .asString()
            .contains("@MockUpstream cannot be used before there is a test: each test has its own. Take it in a test "
                    + "method, in a method with @BeforeEach, or in the constructor of a class that has an instance for "
                    + "each test");
    }

    @ClientTest(Shop.Checkout.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.CONCURRENT)
    static class SharedFields {

        @MockUpstream
        MockRouter stock;

        @Autowired
        Shop.Checkout checkout;

        @Test
        void one() {
            this.stock.get("/items/a").reply((r) -> r.text("1"));
            assertThat(this.checkout.count("a")).isEqualTo("1");
        }

        @Test
        void two() {
            this.stock.get("/items/a").reply((r) -> r.text("2"));
            assertThat(this.checkout.count("a")).isEqualTo("2");
        }

    }

    @ClientTest(Shop.Checkout.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.CONCURRENT)
    static class SharedInstance {

        @Autowired
        Shop.Checkout checkout;

        @ParameterizedTest
        @ValueSource(ints = { 1, 2, 3, 4 })
        void each(int number, @MockUpstream MockRouter stock) {
            stock.get("/items/a").reply((r) -> r.text("number " + number));
            for (int i = 0; i < 20; i++) {
                assertThat(this.checkout.count("a")).isEqualTo("number " + number);
            }
        }

    }

    @ClientTest(Shop.Checkout.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class SharedConstructor {

        SharedConstructor(@MockUpstream MockRouter stock) {
            stock.get("/never");
        }

        @Test
        void fails() {
        }

    }

    @Nested
    @ClientTest(Shop.Checkout.class)
    class InTheConstructor {

        private final MockRouter stock;

        InTheConstructor(@MockUpstream MockRouter stock) {
            this.stock = stock;
        }

        @Test
        @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
        void mockIsThereAndOnTheThreadOfATimeout(@Autowired Shop.Checkout checkout) {
            this.stock.get("/items/a").reply((r) -> r.text("7"));
            assertThat(checkout.count("a")).isEqualTo("7");
        }

    }

    @Nested
    @ClientTest(Shop.Checkout.class)
    @MockOutbound(baseUrl = "https://api.test")
    class WithOneOffs {

        @MockUpstream
        MockRouter stock;

        @Test
        void namedClientsAndOneOffsHaveTheirOwnMocks(MockRouter oneOffs, @Autowired Shop.Checkout checkout,
                @Autowired VirtualClock clock) {
            this.stock.get("/items/a").reply((r) -> r.text("named"));
            oneOffs.get("/a").reply((r) -> r.text("one-off"));
            assertThat(checkout.count("a")).isEqualTo("named");
            assertThat(Outbound.get("https://api.test/a").text()).isEqualTo("one-off");
            assertThat(oneOffs).attempts(1);
            assertThat(this.stock).attempts(1);
            long before = clock.millis();
            oneOffs.advance(Duration.ofMinutes(1));
            assertThat(clock.millis() - before).isEqualTo(60_000);
        }

    }

    @Nested
    @ClientTest(components = { Shop.Faces.class, Shop.Services.class })
    class Time {

        @Autowired
        ClientClock ofTheApplication;

        @Autowired
        VirtualClock clock;

        @Test
        void isABeanOfEachTest(@MockUpstream("pay-ments") MockRouter payments, @Autowired Shop.Faces faces,
                @Autowired VirtualClock parameter) {
            payments.get("/a").reply((r) -> r.status(503).header("Retry-After", "17")).then(200);
            long before = this.ofTheApplication.millis();
            faces.client.get("/a");
            assertThat(this.clock.waited()).isEqualTo(Duration.ofSeconds(17));
            parameter.advance(Duration.ofSeconds(3));
            assertThat(this.ofTheApplication.millis() - before).isEqualTo(20_000);
            assertThat(payments.clock().millis()).isEqualTo(this.clock.millis());
        }

        @Test
        void startsAnewWithEachTest() {
            assertThat(this.clock.waits()).isEmpty();
            assertThat(Math.abs(this.clock.millis() - System.currentTimeMillis())).isLessThan(15_000);
        }

    }

    @Nested
    @ClientTest(Shop.AsyncServices.class)
    class Asynchronous {

        @Test
        void serviceInterfaceAnswersFromWhereverItsChainRuns(@MockUpstream MockRouter stock,
                @Autowired Shop.AsyncPrices prices) throws Exception {
            stock.get("/a").reply((r) -> r.text("mocked"));
            assertThat(Mono.delay(Duration.ofMillis(5))
                .publishOn(Schedulers.parallel())
                .flatMap((tick) -> prices.price())
                .publishOn(Schedulers.boundedElastic())
                .flatMap((first) -> prices.price())
                .block()).isEqualTo("mocked");
            assertThat(prices.price().toFuture().get()).isEqualTo("mocked");
            assertThat(stock).attempts(3);
        }

    }

    @Nested
    @Isolated("a system property makes every cassette record")
    class Cassettes {

        private static final Path RECORDED = Path.of("target/cassettes/invocations");

        @Test
        void eachInvocationHasItsOwn() throws Exception {
            FileSystemUtils.deleteRecursively(RECORDED);
            System.setProperty(Cassette.RECORD, "true");
            try {
                assertThat(ClientsSubsetTests.failures(Invocations.class)).isEmpty();
                assertThat(ClientsSubsetTests.failures(ClassInvocations.class)).isEmpty();
            }
            finally {
                System.clearProperty(Cassette.RECORD);
            }
            Invocations.SERVER.close();
            assertThat(RECORDED.resolve("counts/1/stock.json")).content().contains("/items/a");
            assertThat(RECORDED.resolve("counts/2/stock.json")).content().contains("/items/b");
            assertThat(RECORDED.resolve("Deeper/counts/stock.json")).content().contains("/items/c");
            assertThat(RECORDED.resolve("ofTheClass/2/1/stock.json")).content().contains("/items/e1");
            assertThat(ClientsSubsetTests.failures(Invocations.class)).isEmpty();
            assertThat(ClientsSubsetTests.failures(ClassInvocations.class)).isEmpty();
        }

    }

    @ClientTest(value = Shop.Checkout.class, cassette = "../../../../target/cassettes/invocations")
    @ParameterizedClass
    @ValueSource(strings = { "d", "e" })
    static class ClassInvocations {

        @Parameter
        String item = "";

        @DynamicPropertySource
        static void stock(DynamicPropertyRegistry properties) {
            properties.add("outbound.clients.stock.base-url", () -> Invocations.URL);
        }

        @ParameterizedTest
        @ValueSource(strings = { "1", "2" })
        void ofTheClass(String number, @Autowired Shop.Checkout checkout) {
            assertThat(checkout.count(this.item + number)).isEqualTo("real");
        }

    }

    @ClientTest(value = Shop.Checkout.class, cassette = "../../../../target/cassettes/invocations")
    static class Invocations {

        static final RawServer SERVER = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "real")));

        static final String URL = SERVER.url();

        @DynamicPropertySource
        static void stock(DynamicPropertyRegistry properties) {
            properties.add("outbound.clients.stock.base-url", () -> URL);
        }

        @ParameterizedTest
        @ValueSource(strings = { "a", "b" })
        void counts(String item, @Autowired Shop.Checkout checkout) {
            assertThat(checkout.count(item)).isEqualTo("real");
        }

        @Nested
        class Deeper {

            @Test
            void counts(@Autowired Shop.Checkout checkout) {
                assertThat(checkout.count("c")).isEqualTo("real");
            }

        }

    }

}
