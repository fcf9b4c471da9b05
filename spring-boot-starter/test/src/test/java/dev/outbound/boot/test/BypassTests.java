package dev.outbound.boot.test;

import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import dev.outbound.client.lab.RawServer;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.MockScope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Components with clients of their own, which no mock answers. */
@ResourceLock(value = MockScope.LOCK, mode = ResourceAccessMode.READ)
class BypassTests {

    @Test
    void componentThatHoldsItsOwnClientsIsNamedWithThem() {
        assertThat(ClientsSubsetTests.failures(Holding.class)).singleElement()
            .asString()
            .endsWith("These were not made by the starter, and bypass the mocks: "
                    + "\"selfMade\" (its Client `plain`), " + "\"selfMade\" (its Client `transport`), "
                    + "\"selfMade\" (its HttpClient `jdk`), " + "\"selfMade\" (its RestClient `rest`), "
                    + "\"selfMade\" (its RestOperations `template`), " + "\"selfMade\" (its WebClient `web`). "
                    + "Inject the named client instead.");
    }

    @Test
    void requestThatWouldHaveLeftTheMachineFailsTheTestThatSwallowsIt() {
        assertThat(ClientsSubsetTests.failures(Leaving.class)).hasSize(6)
            .allSatisfy((message) -> assertThat(message).matches("SelfMade\\.\\w+ \\(SelfMade\\.java:\\d+\\)"
                    + " would have left the machine: https://own\\.test, by a client that was not made by the starter, "
                    + "and that no mock answers for\\. Inject the named client instead, or set passThrough of @AutoConfigureMockUpstreams\\."));
    }

    @Test
    void hostThatOnlyLooksLikeTheMachineItselfIsAnother() {
        assertThat(ClientsSubsetTests.failures(Disguised.class)).hasSize(3)
            .allSatisfy((message) -> assertThat(message).contains(" would have left the machine: http://"));
    }

    @ClientTest(SelfMade.class)
    static class Disguised {

        @ParameterizedTest
        @ValueSource(
                strings = { "http://127.0.0.1.own.test/a", "http://own_service:8080/a", "http://localhost@own.test/a" })
        void leaves(String url, @Autowired SelfMade own) {
            assertThat(catchThrowable(() -> own.byConnection(url))).isNotNull();
        }

    }

    @ClientTest(SelfMade.class)
    static class Holding {

        @Test
        void fails(@MockUpstream MockRouter stock) {
            stock.get("/never");
        }

    }

    @ClientTest(SelfMade.class)
    static class Leaving {

        @Autowired
        private SelfMade own;

        @Test
        void byRestClient() {
            assertThat(catchThrowable(this.own::byRestClient)).isNotNull();
        }

        @Test
        void byRestTemplate() {
            assertThat(catchThrowable(this.own::byRestTemplate)).isNotNull();
        }

        @Test
        void byWebClient() {
            assertThat(catchThrowable(this.own::byWebClient)).isNotNull();
        }

        @Test
        void byTheJdk() {
            assertThat(catchThrowable(this.own::byTheJdk)).isNotNull();
        }

        @Test
        void byFeign() {
            assertThat(catchThrowable(this.own::byFeign)).isNotNull();
        }

        @Test
        void byConnection() {
            assertThat(catchThrowable(() -> this.own.byConnection("https://own.test/a"))).isNotNull();
        }

    }

    @Nested
    @ClientTest(SelfMade.class)
    class Staying {

        @Test
        void whatIsDerivedOfOurClientsIsMocked(@Autowired SelfMade own, @MockUpstream MockRouter stock) {
            stock.get("/a").reply((r) -> r.text("mocked"));
            assertThat(own.isOurs()).isTrue();
        }

        @Test
        void machineItselfCanBeReached() {
            try (RawServer server = RawServer
                .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "here")))) {
                assertThat(RestClient.create(server.url()).get().uri("/a").retrieve().body(String.class))
                    .isEqualTo("here");
                assertThat(new String(catchBytes(server.url("/a")), StandardCharsets.UTF_8)).isEqualTo("here");
            }
        }

        @Test
        void whatIsNotHttpMayLeave() {
            assertThat(ProxySelector.getDefault().select(URI.create("socket://database.internal:5432")))
                .containsExactly(Proxy.NO_PROXY);
        }

        private static byte[] catchBytes(String url) {
            return new RestTemplate().getForObject(url, byte[].class);
        }

    }

}
