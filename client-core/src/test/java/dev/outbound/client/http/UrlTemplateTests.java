package dev.outbound.client.http;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UrlTemplateTests {

    @Test
    void valuesComeInOrder() {
        assertThat(UrlTemplate.expand("/repos/{owner}/{name}?x={y}", "a b", "c/d", 7))
            .isEqualTo("/repos/a%20b/c%2Fd?x=7");
        assertThat(UrlTemplate.expand("/x", new Object[0])).isEqualTo("/x");
    }

    @Test
    void namedValuesMayRepeat() {
        assertThat(UrlTemplate.expand("/{a}/{b}/{a}", Map.of("a", 1, "b", "ü"))).isEqualTo("/1/%C3%BC/1");
    }

    @ParameterizedTest(name = "S17 {0}")
    @CsvSource(textBlock = """
            a/b,                 a%2Fb
            ?q=1,                %3Fq%3D1
            #f,                  %23f
            //evil.test,         %2F%2Fevil.test
            @evil.test,          %40evil.test
            %2e%2e,              %252e%252e
            ...,                 ...
            ..;,                 ..%3B
            '..\\',               ..%5C
            """)
    void valueIsOneSegment(String value, String expanded) {
        assertThat(UrlTemplate.expand("/{id}/x", value)).isEqualTo("/" + expanded + "/x");
    }

    @ParameterizedTest
    @ValueSource(strings = { ".", ".." })
    void dotSegmentIsRefused(String value) {
        assertThatExceptionOfType(InvalidUrlException.class)
            .isThrownBy(() -> UrlTemplate.expand("/users/{id}/x", value))
            .withMessageContaining("{id}");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/.{a}/x", "/a/.{a}.", "/.{a}.?q" })
    void emptyValueLeavesNoDotSegment(String template) {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> UrlTemplate.expand(template, ""));
        assertThat(UrlTemplate.expand(template, "x")).contains("x");
    }

    @ParameterizedTest(name = "S18 {0}")
    @ValueSource(strings = { "{other}", "${user.home}", "#{T(java.lang.Runtime)}", "{", "}", "{{x}}" })
    void valueIsNeverExpandedAgain(String value) {
        String expanded = UrlTemplate.expand("/{a}/{b}", value, "z");
        assertThat(expanded).endsWith("/z").doesNotContain("{", "}", "$");
        assertThat(PercentEncoding.decode(expanded)).isEqualTo("/" + value + "/z");
    }

    @Test
    void valueCannotEndTheTarget() {
        assertThat(UrlTemplate.expand("/{id}", "x HTTP/1.1\r\nHost: evil"))
            .isEqualTo("/x%20HTTP%2F1.1%0D%0AHost%3A%20evil");
    }

    @Test
    void wrongNumberOfValuesIsRefused() {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> UrlTemplate.expand("/{a}/{b}", 1))
            .withMessageContaining("{b}")
            .withMessageContaining("1 value");
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> UrlTemplate.expand("/{a}", 1, 2))
            .withMessageContaining("only 1 variable");
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> UrlTemplate.expand("/x", 1));
    }

    @Test
    void unknownAndMissingNamesAreRefused() {
        assertThatExceptionOfType(InvalidUrlException.class)
            .isThrownBy(() -> UrlTemplate.expand("/{a}", Map.of("a", 1, "b", 2)))
            .withMessageContaining("[b]");
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> UrlTemplate.expand("/{a}", Map.of()))
            .withMessageContaining("{a}");
    }

    @Test
    void nullIsRefused() {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("a", null);
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> UrlTemplate.expand("/{a}", values))
            .withMessageContaining("{a}");
    }

    @Test
    void unclosedBraceIsRefused() {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> UrlTemplate.expand("/{a", 1))
            .withMessageContaining("'}'");
    }

    @Test
    void messageForgesNoLine() {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> UrlTemplate.expand("/\n{a}", Map.of()))
            .satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n"));
    }

}
