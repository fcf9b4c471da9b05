package dev.outbound.client.httpx;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.Client;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class A03BaseUrlTests extends AbstractFeatureTests {

    private static final String BASE = "http://shop.test/api";

    private LaneClient shop(Lane lane) {
        return client(lane, (builder) -> builder.baseUrl(BASE));
    }

    private void assertSends(LaneClient client, String url, String expected) {
        client.get(url);
        assertThat(sentUrl()).isEqualTo(expected);
    }

    private static void assertRefuses(LaneClient client, String url) {
        assertThatExceptionOfType(InvalidUrlException.class).as(url).isThrownBy(() -> client.get(url));
    }

    @ParameterizedTest
    @CsvSource({ "http://shop.test, http://shop.test/", "http://shop.test/api, http://shop.test/api/",
            "http://shop.test/api/, http://shop.test/api/" })
    @DisplayName("A3 storing: with a slash at the end of the path")
    void storing(String base, String stored) {
        try (Client client = Client.builder().baseUrl(base).build()) {
            assertThat(client.settings().baseUrl()).isEqualTo(Url.parse(stored));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 absolute request URL (scheme and host): takes the base's place, on its origin or where allowed")
    void absolute(Lane lane) {
        assertSends(shop(lane), "http://shop.test/api/next?page=2", "http://shop.test/api/next?page=2");
        assertRefuses(shop(lane), "http://other.test/a");
        assertSends(client(lane, (builder) -> builder.baseUrl(BASE).allowAbsoluteUrls(true)), "http://other.test/a",
                "http://other.test/a");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 any other request URL: follows the base's path, with and without a slash")
    void appended(Lane lane) {
        assertSends(shop(lane), "/users", "http://shop.test/api/users");
        assertSends(shop(lane), "users", "http://shop.test/api/users");
        assertSends(shop(lane), "users/", "http://shop.test/api/users/");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 dot segments: removed, and kept inside of the base unless allowed")
    void dotSegments(Lane lane) {
        assertSends(shop(lane), "/a/../b/./c", "http://shop.test/api/b/c");
        assertRefuses(shop(lane), "../x");
        assertSends(client(lane, (builder) -> builder.baseUrl(BASE).allowPathTraversal(true)), "../x",
                "http://shop.test/x");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 colon, encoded slash in the path: stay as they are")
    void colonAndEncodedSlash(Lane lane) {
        assertSends(shop(lane), "/jobs:run", "http://shop.test/api/jobs:run");
        assertSends(shop(lane), "/a%2Fb", "http://shop.test/api/a%2Fb");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 empty request URL: the base with its slash")
    void empty(Lane lane) {
        assertSends(shop(lane), "", "http://shop.test/api/");
        assertSends(shop(lane), "/", "http://shop.test/api/");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 //host/x as request URL: refused, where HTTPX drops the host")
    void hostWithoutAScheme(Lane lane) {
        assertRefuses(shop(lane), "//evil.test/x");
    }

    @Test
    @DisplayName("A3 base with a query: refused, where HTTPX puts paths into the query")
    void baseWithAQuery() {
        assertThatExceptionOfType(InvalidUrlException.class)
            .isThrownBy(() -> Client.builder().baseUrl("http://shop.test/api?v=1"))
            .withMessageContaining("cannot have a query");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 fragment of the request URL: is left out")
    void fragment(Lane lane) {
        assertSends(shop(lane), "/a#top", "http://shop.test/api/a");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 request query: is kept")
    void query(Lane lane) {
        assertSends(shop(lane), "/a?b=c", "http://shop.test/api/a?b=c");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A3 no base_url and a relative URL: the message says what is missing")
    void relativeWithoutABase(Lane lane) {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> client(lane).get("/a"))
            .withMessageContaining("no base URL")
            .withMessageContaining("http:// or https://");
    }

}
