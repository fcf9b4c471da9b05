package dev.outbound.client.httpx;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.Lane;

import static org.assertj.core.api.Assertions.assertThat;

class A04QueryParametersTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a";

    @ParameterizedTest
    @EnumSource
    @DisplayName("A4 inputs: text, map, pairs, QueryParams; lists repeat the name")
    void inputs(Lane lane) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", List.of(1, 2));
        map.put("b", "c d");
        client(lane).get(URL, (spec) -> spec.query(map));
        assertThat(sentUrl()).isEqualTo(URL + "?a=1&a=2&b=c+d");
        client(lane).get(URL, (spec) -> spec.query("a=1&a=2&b=c+d"));
        assertThat(sentUrl()).isEqualTo(URL + "?a=1&a=2&b=c+d");
        client(lane).get(URL, (spec) -> spec.query("a", 1).query("a", 2).query("b", "c d"));
        assertThat(sentUrl()).isEqualTo(URL + "?a=1&a=2&b=c+d");
        client(lane).get(URL, (spec) -> spec.query(QueryParams.of(map)));
        assertThat(sentUrl()).isEqualTo(URL + "?a=1&a=2&b=c+d");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A4 scalars: booleans, null, numbers, and whatever has a text")
    void scalars(Lane lane) {
        client(lane).get(URL,
                (spec) -> spec.query("a", true)
                    .query("b", false)
                    .query("c", null)
                    .query("d", 1.5)
                    .query("e", java.time.LocalDate.of(2030, 1, 2)));
        assertThat(sentUrl()).isEqualTo(URL + "?a=true&b=false&c=&d=1.5&e=2030-01-02");
    }

    @Test
    @DisplayName("A4 grouping: a repeated name is gathered where it came first")
    void grouping() {
        assertThat(QueryParams.parse("a=1&b=2&a=3")).hasToString("a=1&a=3&b=2");
    }

    @Test
    @DisplayName("A4 parse: spaces, blank values, semicolons, broken bytes")
    void parse() {
        QueryParams params = QueryParams.parse("a=b+c%20d&blank=&none&s=1;2&bad=%FF");
        assertThat(params.first("a")).isEqualTo("b c d");
        assertThat(params.first("blank")).isEmpty();
        assertThat(params.first("none")).isEmpty();
        assertThat(params.first("s")).isEqualTo("1;2");
        assertThat(params.first("bad")).isEqualTo("\uFFFD");
    }

    @Test
    @DisplayName("A4 print: form encoding, with * escaped and ~ not")
    void print() {
        assertThat(QueryParams.empty().add("k", " aZ0_.-~*/é%20")).hasToString("k=+aZ0_.-~%2A%2F%C3%A9%2520");
    }

    @Test
    @DisplayName("A4 immutability: every change returns other parameters")
    void immutability() {
        QueryParams params = QueryParams.parse("a=1");
        params.set("a", 2);
        params.add("a", 2);
        params.remove("a");
        params.merge(QueryParams.parse("a=2"));
        assertThat(params).hasToString("a=1");
    }

    @Test
    @DisplayName("A4 set vs add vs merge")
    void setAddMerge() {
        QueryParams params = QueryParams.parse("a=1&b=2&a=3");
        assertThat(params.set("a", 4)).hasToString("a=4&b=2");
        assertThat(params.add("a", 4)).hasToString("a=1&a=3&a=4&b=2");
        assertThat(params.merge(QueryParams.parse("a=5&c=6&c=7"))).hasToString("a=5&b=2&c=6&c=7");
    }

    @Test
    @DisplayName("A4 read: the first value, all values, equality in any order")
    void read() {
        QueryParams params = QueryParams.parse("a=1&a=2&b=3");
        assertThat(params.first("a")).isEqualTo("1");
        assertThat(params.first("x")).isNull();
        assertThat(params.all("a")).containsExactly("1", "2");
        assertThat(params.names()).containsExactly("a", "b");
        assertThat(params).isEqualTo(QueryParams.parse("b=3&a=2&a=1"))
            .hasSameHashCodeAs(QueryParams.parse("b=3&a=2&a=1"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A4 client + request params: those of the call take the place of the client's of that name")
    void clientAndRequest(Lane lane) {
        client(lane, (builder) -> builder.query("a", 1).query(QueryParams.parse("b=2&b=3"))).get(URL,
                (spec) -> spec.query("b", 4).query("c", 5));
        assertThat(sentUrl()).isEqualTo(URL + "?a=1&b=4&c=5");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A4 params given (even {}) with a URL that has a query: are added, where HTTPX replaces it")
    void paramsAndAUrlWithAQuery(Lane lane) {
        client(lane).get(URL + "?a=1", (spec) -> spec.query("b", 2));
        assertThat(sentUrl()).isEqualTo(URL + "?a=1&b=2");
        client(lane).get(URL + "?a=1", (spec) -> spec.query(Map.of()));
        assertThat(sentUrl()).isEqualTo(URL + "?a=1");
        client(lane, (builder) -> builder.query("c", 3)).get(URL + "?a=1");
        assertThat(sentUrl()).isEqualTo(URL + "?a=1&c=3");
        assertThat(Url.parse(URL + "?a=1").withParams(QueryParams.empty()).text()).as("how to replace it")
            .isEqualTo(URL);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A4 params null: the URL's query stays as it is written")
    void noParams(Lane lane) {
        for (String query : Arrays.asList("?b=2&a=1&b=3", "?", "?a%20b")) {
            client(lane).get(URL + query);
            assertThat(sentUrl()).isEqualTo(URL + query);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A4 query in URL text: is not form-encoded")
    void queryInUrlText(Lane lane) {
        client(lane).get(URL + "?a=b c&d=%2f&e=100%");
        assertThat(sentUrl()).isEqualTo(URL + "?a=b%20c&d=%2f&e=100%");
    }

    @Test
    @DisplayName("A4 URL helpers: set, add, remove, merge; without the last one there is no question mark")
    void urlHelpers() {
        Url url = Url.parse(URL + "?a=1");
        assertThat(url.withParams(url.params().set("a", 2)).text()).isEqualTo(URL + "?a=2");
        assertThat(url.withParams(url.params().add("a", 2)).text()).isEqualTo(URL + "?a=1&a=2");
        assertThat(url.withParams(url.params().merge(QueryParams.parse("b=3"))).text()).isEqualTo(URL + "?a=1&b=3");
        assertThat(url.withParams(url.params().remove("a")).text()).isEqualTo(URL);
    }

}
