package dev.outbound.boot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;

import dev.outbound.client.lab.RawServer;
import dev.outbound.mock.Cassette;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.MockScope;

import static org.assertj.core.api.Assertions.assertThat;

/** Cassettes of a slice: one for each method and client. */
@Isolated("a system property makes every cassette record")
@ResourceLock(value = MockScope.LOCK, mode = ResourceAccessMode.READ)
class ClientTestCassetteTests {

    private static final Path RECORDED = Path.of("target/cassettes/recorded");

    @Test
    void testsOfOneNameHaveCassettesOfTheirOwn() throws IOException {
        FileSystemUtils.deleteRecursively(RECORDED);
        record(Overloaded.class);
        Overloaded.SERVER.close();
        try (Stream<Path> files = Files.walk(RECORDED)) {
            assertThat(files.filter(Files::isRegularFile).map((file) -> RECORDED.relativize(file).toString()))
                .containsExactlyInAnyOrder("counts/stock.json", "counts(MockRouter)/stock.json",
                        "counts(String,int)/1/stock.json", "counts(String,int)/2/stock.json", "alone/stock.json");
        }
        assertThat(ClientsSubsetTests.failures(Overloaded.class)).isEmpty();
    }

    private static void record(Class<?> tests) {
        System.setProperty(Cassette.RECORD, "true");
        try {
            assertThat(ClientsSubsetTests.failures(tests)).isEmpty();
        }
        finally {
            System.clearProperty(Cassette.RECORD);
        }
    }

    @Test
    void whatIsRecordedIsReplayedAndCanBeOverridden() throws IOException {
        FileSystemUtils.deleteRecursively(RECORDED);
        record(Recording.class);
        assertThat(RECORDED.resolve("paysAndCounts/pay-ments.json")).exists();
        assertThat(Files.readString(RECORDED.resolve("paysAndCounts/pay-ments.json"))).contains("\"amount\" : 42")
            .doesNotContain("t0ken");
        assertThat(RECORDED.resolve("overrides/pay-ments.json")).doesNotExist();
        assertThat(RECORDED.resolve("overrides/stock.json")).exists();
        Recording.SERVER.close();
        assertThat(ClientsSubsetTests.failures(Recording.class)).isEmpty();
    }

    @Test
    void testAfterOneWithABrokenCassetteIsNotDisturbed() {
        assertThat(ClientsSubsetTests.failures(Broken.class)).singleElement()
            .asString()
            .startsWith("The cassette src/test/resources/cassettes/broken/fails/stock.json is not JSON: ");
        assertThat(MockScope.current()).isNull();
    }

    @Test
    void missingCassetteSaysHowToRecordIt() {
        assertThat(ClientsSubsetTests.failures(Missing.class))
            .containsExactly("There are no cassettes in src/test/resources/cassettes/none/fails. Record them against "
                    + "the real upstreams: run the test once with -Dcassettes.record=true");
    }

    /**
     * Whole, for it is what people get to see when the upstream is asked something else.
     */
    @Test
    void staleCassetteSaysWhatChanged() {
        assertThat(ClientsSubsetTests.failures(Stale.class)).singleElement().asString().startsWith("""
                No route of mock pay-ments (https://pay.test/v1/) matches POST https://pay.test/v1/charges

                  #1 'pay-ments.json #1' (method POST and scheme https and host pay.test and port 443 and path \
                /v1/charges and no params and body {"amount":41,"currency":"EUR"})
                      method           POST
                      scheme           https
                      host             pay.test
                      port             443
                      path             /v1/charges
                    x json $.amount    expected 41, but was 42
                    x json $.currency  expected "EUR", but was nothing

                To answer it, add:

                    router.post("/charges")
                        .json(\"""
                            {
                              "amount" : 42
                            }\""")
                        .reply(200);

                If the upstream is asked this now, record the cassette again: run the test once with \
                -Dcassettes.record=true
                """);
    }

    @ClientTest(value = Shop.Checkout.class, cassette = "../../../../target/cassettes/recorded")
    static class Recording {

        static final RawServer SERVER = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "real")));

        private static final String URL = SERVER.url();

        @DynamicPropertySource
        static void payments(DynamicPropertyRegistry properties) {
            properties.add("outbound.clients.pay-ments.base-url", () -> URL);
            properties.add("outbound.clients.stock.base-url", () -> URL);
        }

        @Test
        void paysAndCounts(@Autowired Shop.Checkout checkout) {
            assertThat(checkout.pay(42)).isEqualTo("real");
            assertThat(checkout.count("a")).isEqualTo("real");
        }

        @Test
        void overrides(@Autowired Shop.Checkout checkout, @MockUpstream("pay-ments") MockRouter router) {
            router.post("/charges").reply((r) -> r.text("mocked"));
            assertThat(checkout.pay(42)).isEqualTo("mocked");
            assertThat(checkout.count("a")).isEqualTo("real");
        }

    }

    abstract static class Counting {

        @Autowired
        Shop.Checkout checkout;

        @Test
        void counts(@MockUpstream("pay-ments") MockRouter payments) {
            assertThat(this.checkout.count("inherited")).isEqualTo("/items/inherited");
        }

    }

    @ClientTest(value = Shop.Checkout.class, cassette = "../../../../target/cassettes/recorded")
    static class Overloaded extends Counting {

        static final RawServer SERVER = RawServer.start(
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, request.split(" ")[1])));

        private static final String URL = SERVER.url();

        @DynamicPropertySource
        static void stock(DynamicPropertyRegistry properties) {
            properties.add("outbound.clients.stock.base-url", () -> URL);
        }

        @Test
        void counts() {
            assertThat(this.checkout.count("none")).isEqualTo("/items/none");
        }

        @ParameterizedTest
        @CsvSource({ "a, 1", "b, 2" })
        void counts(String item, int number) {
            assertThat(this.checkout.count(item + number)).isEqualTo("/items/" + item + number);
        }

        @Test
        void alone(@MockUpstream("pay-ments") MockRouter payments) {
            assertThat(alone("alone", this.checkout)).isEqualTo("/items/alone");
        }

        private static String alone(String item, Shop.Checkout checkout) {
            return checkout.count(item);
        }

    }

    @ClientTest(value = Shop.Checkout.class, cassette = "none")
    static class Missing {

        @Test
        void fails() {
        }

    }

    @ClientTest(value = Shop.Checkout.class, cassette = "broken")
    static class Broken {

        @Test
        void fails() {
        }

    }

    @ClientTest(value = Shop.Checkout.class, cassette = "shop")
    static class Stale {

        @Test
        void pays(@Autowired Shop.Checkout checkout) {
            checkout.pay(42);
        }

    }

    @Nested
    @ClientTest(value = Shop.Checkout.class, cassette = "shop")
    class Replayed {

        @Test
        void counts(@Autowired Shop.Checkout checkout) {
            assertThat(checkout.count("a")).isEqualTo("7");
        }

    }

}
