package dev.outbound.client.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class QueryParamsTests {

    @Test
    void valuesOfManyKinds() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("text", "a b");
        map.put("number", 1.5);
        map.put("flag", true);
        map.put("none", null);
        map.put("list", List.of(1, 2));
        map.put("array", new String[] { "x", "y" });
        map.put("enum", Phase.BODY);
        map.put("nothing", List.of());
        assertThat(QueryParams.of(map))
            .hasToString("text=a+b&number=1.5&flag=true&none=&list=1&list=2&array=x&array=y&enum=" + Phase.BODY);
    }

    @Test
    void changesGiveOthers() {
        QueryParams params = QueryParams.parse("a=1&b=2");
        assertThat(params.set("a", List.of(3, 4))).hasToString("a=3&a=4&b=2");
        assertThat(params.add("a", 3)).hasToString("a=1&a=3&b=2");
        assertThat(params.remove("a")).hasToString("b=2");
        assertThat(params.set("a", List.of())).hasToString("b=2");
        assertThat(params.remove("c")).isSameAs(params);
        assertThat(params.merge(QueryParams.parse("b=9&c=3"))).hasToString("a=1&b=9&c=3");
        assertThat(params).hasToString("a=1&b=2");
        assertThat(params.remove("a").remove("b")).isSameAs(QueryParams.empty());
    }

    @Test
    void viewsAreReadOnly() {
        QueryParams params = QueryParams.parse("a=1");
        assertThatThrownBy(() -> params.all("a").add("2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> params.names().add("b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void valuesCannotBecomePairs() {
        assertThat(QueryParams.empty().add("a&x", "1&b=2#f+%0a\r\n")).hasToString("a%26x=1%26b%3D2%23f%2B%250a%0D%0A");
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(5, 0, 0x2100).forEach(text::appendCodePoint);
            QueryParams params = QueryParams.empty().add(text.toString(), text + "=").add("k", text);
            assertThat(QueryParams.parse(params.text())).as("S5").isEqualTo(params);
        }
    }

    @Test
    void emptyParamsLeaveTheUrlAlone() {
        Url url = Url.parse("http://h/?a=1#f");
        assertThat(QueryParams.empty().appendTo(url)).isSameAs(url);
        assertThat(QueryParams.parse("b=2").appendTo(url)).hasToString("http://h/?a=1&b=2#f");
        assertThat(QueryParams.parse("b=2").appendTo(Url.parse("http://h/?"))).hasToString("http://h/?b=2");
    }

    @Test
    void equalWhateverTheOrder() {
        assertThat(QueryParams.parse("a=1&b=2&a=3")).isEqualTo(QueryParams.parse("b=2&a=3&a=1"))
            .hasSameHashCodeAs(QueryParams.parse("b=2&a=3&a=1"))
            .isNotEqualTo(QueryParams.parse("a=1&b=2"));
    }

    @Test
    void nullNamesAreMisuse() {
        assertThatIllegalArgumentException().isThrownBy(() -> QueryParams.empty().add(Nulls.nullString(), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> QueryParams.parse(Nulls.nullString()));
    }

    @Test
    void largeTextIsReadInLinearTime() {
        assertTimeout(Duration.ofSeconds(3), () -> {
            for (String piece : new String[] { "&", "=", "a=1&", "a&", "%", "%41", "+", "é" }) {
                QueryParams params = QueryParams.parse(piece.repeat(1_000_000 / piece.length()));
                assertThat(params.text()).isNotNull();
            }
        });
    }

    @Test
    void toStringMasksWhatIsNamedAsASecret() {
        QueryParams params = QueryParams.parse("page=1&api_key=a&api_key=b&X%2DToken=c&token=&access-token&q=key");
        assertThat(params)
            .hasToString("page=1&api_key=******&api_key=******&X-Token=******&token=&access-token=&q=key");
        assertThat(params.text()).isEqualTo("page=1&api_key=a&api_key=b&X-Token=c&token=&access-token=&q=key");
        assertThat(Url.parse("/?X%2DToken=c&a&=b&")).hasToString("/?X%2DToken=******&a&=b&");
    }

}
