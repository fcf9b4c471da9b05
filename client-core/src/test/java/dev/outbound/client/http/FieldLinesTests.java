package dev.outbound.client.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

class FieldLinesTests {

    private static final String TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final char[] BEYOND = { 0x100, 0x560a, 0x2028, 0x2029, 0xd800, 0xdc00, 0xffff };

    private static List<String> text(FieldLines lines) {
        List<String> text = new ArrayList<>();
        lines.forEach((name, value) -> text.add(name + "=" + value));
        return text;
    }

    private static FieldLines lines(String... namesAndValues) {
        FieldLines.Builder lines = FieldLines.builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            lines.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return lines.build();
    }

    @Nested
    class Checks {

        @Test
        void valueHasVisibleLatin1SpacesAndTabsOnly() {
            for (char c = 0; c <= 0xff; c++) {
                boolean allowed = (c >= ' ' && c != 0x7f) || c == '\t';
                for (String value : new String[] { c + "s3cret", "s3" + c + "cret", "s3cret" + c }) {
                    if (allowed) {
                        assertThat(lines("X-A", value).value(0)).isEqualTo(value);
                    }
                    else {
                        assertRefused("X-A", value, "X-A");
                    }
                }
            }
        }

        @Test
        void valueBeyondLatin1IsRefused() {
            for (char c : BEYOND) {
                assertRefused("X-A", "s3cret" + c, String.format("U+%04X at position 6", (int) c));
            }
        }

        @Test
        void nameIsAToken() {
            for (int c = 0; c <= 0x17f; c++) {
                for (String name : new String[] { (char) c + "X-A", "X" + (char) c + "-A", "X-A" + (char) c }) {
                    if (TOKEN.indexOf(c) >= 0) {
                        assertThat(lines(name, "v").name(0)).isEqualTo(name);
                    }
                    else {
                        assertRefused(name, "s3cret", "is not a header name");
                    }
                }
            }
            for (char c : BEYOND) {
                assertRefused("X" + c, "s3cret", "is not a header name");
            }
        }

        private void assertRefused(String name, String value, String message) {
            assertThatIllegalArgumentException().as("U+%04X", (int) value.charAt(0))
                .isThrownBy(() -> FieldLines.builder().add(name, value))
                .withMessageContaining(message)
                .satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3", "\r", "\n", "\u0000"));
            assertThatIllegalArgumentException().isThrownBy(() -> FieldLines.empty().with(name, value));
        }

        @Test
        void emptyNameAndNullAreRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> lines("", "v"));
            assertThatIllegalArgumentException().isThrownBy(() -> lines("X", Nulls.nullString()));
            assertThatIllegalArgumentException().isThrownBy(() -> lines(Nulls.nullString(), "v"));
            assertThat(lines("X", "").first("x")).isEmpty();
        }

        @Test
        void headersOfSpringAreChecked() {
            HttpHeaders headers = new HttpHeaders();
            headers.add("X-A", "a\r\nX-Evil: 1");
            assertThatIllegalArgumentException().isThrownBy(() -> FieldLines.of(headers));
        }

    }

    @Nested
    class OrderAndCase {

        private final FieldLines lines = lines("B", "1", "a", "2", "b", "3", "C", "4");

        @Test
        void linesKeepOrderAndCase() {
            assertThat(text(this.lines)).containsExactly("B=1", "a=2", "b=3", "C=4");
            assertThat(this.lines.size()).isEqualTo(4);
        }

        @Test
        void namesAreFoundInAnyCase() {
            assertThat(this.lines.first("b")).isEqualTo("1");
            assertThat(this.lines.all("B")).containsExactly("1", "3");
            assertThat(this.lines.contains("A")).isTrue();
            assertThat(this.lines.first("x")).isNull();
            assertThat(this.lines.all("x")).isEmpty();
            assertThat(this.lines.combined("b")).isEqualTo("1, 3");
            assertThat(this.lines.combined("x")).isNull();
        }

        @Test
        void withReplacesAllInThePlaceOfTheFirst() {
            assertThat(text(this.lines.with("b", "9"))).containsExactly("b=9", "a=2", "C=4");
            assertThat(text(this.lines.with("D", "9"))).endsWith("C=4", "D=9");
        }

        @Test
        void mergePutsTheOthersBehind() {
            assertThat(text(this.lines.merge(lines("B", "8", "D", "9", "b", "7")))).containsExactly("a=2", "C=4", "B=8",
                    "D=9", "b=7");
            assertThat(this.lines.merge(FieldLines.empty())).isSameAs(this.lines);
            assertThat(FieldLines.empty().merge(this.lines)).isSameAs(this.lines);
        }

        @Test
        void without() {
            assertThat(text(this.lines.without("b"))).containsExactly("a=2", "C=4");
            assertThat(this.lines.without("x")).isSameAs(this.lines);
            assertThat(this.lines.without((name) -> true)).isSameAs(FieldLines.empty());
        }

        @Test
        void equalWhateverTheOrderAndCaseOfNames() {
            assertThat(this.lines).isEqualTo(lines("c", "4", "b", "3", "A", "2", "b", "1"))
                .hasSameHashCodeAs(lines("c", "4", "b", "3", "A", "2", "b", "1"))
                .isNotEqualTo(lines("B", "1"));
        }

        @Test
        void builderIsEmptyAfterwards() {
            FieldLines.Builder builder = FieldLines.builder().add("A", "1");
            FieldLines first = builder.build();
            assertThat(builder.build()).isSameAs(FieldLines.empty());
            assertThat(text(builder.add("B", "2").build())).containsExactly("B=2");
            assertThat(text(first)).containsExactly("A=1");
        }

    }

    @Nested
    class Elements {

        @Test
        void commasSeparateButNotInQuotes() {
            assertThat(lines("X", "a, b ,,c", "x", "\"d,e\", f=\"g\\\",h\"").elements("x")).containsExactly("a", "b",
                    "c", "\"d,e\"", "f=\"g\\\",h\"");
        }

        @ParameterizedTest
        @ValueSource(strings = { "\"a, b", "\"a, b\\" })
        void openQuoteEndsWithTheLine(String value) {
            assertThat(lines("X", value).elements("X")).containsExactly(value);
        }

    }

    @Nested
    class Received {

        @Test
        void charsetIsWhatFitsAllLines() {
            FieldLines.Builder lines = FieldLines.builder();
            assertThat(lines.append("A", "x").build().charset()).isEqualTo(StandardCharsets.US_ASCII);
            lines.append("A", utf8("é")).append("B", utf8("☃"));
            FieldLines utf8 = lines.build();
            assertThat(utf8.charset()).isEqualTo(StandardCharsets.UTF_8);
            assertThat(utf8.decoded().first("B")).isEqualTo("☃");
            FieldLines latin1 = lines.append("A", utf8("é")).append("B", "é").build();
            assertThat(latin1.charset()).isEqualTo(StandardCharsets.ISO_8859_1);
            assertThat(latin1.decoded()).isSameAs(latin1);
        }

        private static String utf8(String text) {
            return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }

    }

    @Nested
    class Logs {

        @Test
        void secretsAreMasked() {
            FieldLines lines = lines("Authorization", "s3cret", "X-Api-Key", "s3cret", "Cookie", "s=s3cret", "Accept",
                    "*/*", "Set-Cookie", "s3cret", "Proxy-Authorization", "s3cret", "X-Session-Id", "s3cret");
            assertThat(lines.toString()).doesNotContain("s3cret").contains("Accept: */*", "X-Api-Key: " + Secrets.MASK);
            assertThat(lines.masked().first("cookie")).isEqualTo(Secrets.MASK);
        }

        @Test
        void receivedLinesForgeNothing() {
            FieldLines lines = FieldLines.builder().append("X\n", "a\u001b[2J\r\n2024 INFO " + "x".repeat(500)).build();
            assertThat(lines.toString()).doesNotContain("\n", "\r", "\u001b").hasSizeLessThan(400);
        }

    }

    @Nested
    class AsHttpHeaders {

        private final FieldLines lines = lines("Content-Type", "text/plain", "X-A", "1", "x-a", "2", "Accept", "a, b");

        private final HttpHeaders headers = this.lines.asHttpHeaders();

        @Test
        void namesAreFoundInAnyCase() {
            assertThat(this.headers.getFirst("x-A")).isEqualTo("1");
            assertThat(this.headers.get("X-a")).containsExactly("1", "2");
            assertThat(this.headers.containsHeader("content-type")).isTrue();
            assertThat(this.headers.containsHeader("x")).isFalse();
            assertThat(this.headers.get("x")).isNull();
            assertThat(this.headers.getOrEmpty("x")).isEmpty();
            assertThat(this.headers.getContentType()).isEqualTo(MediaType.TEXT_PLAIN);
        }

        @Test
        void eachNameIsOneEntryInOrder() {
            assertThat(this.headers.headerNames()).containsExactly("Content-Type", "X-A", "Accept");
            assertThat(this.headers.headerSet()).containsExactly(entry("Content-Type", List.of("text/plain")),
                    entry("X-A", List.of("1", "2")), entry("Accept", List.of("a, b")));
            assertThat(this.headers.size()).isEqualTo(3);
            assertThat(this.headers.isEmpty()).isFalse();
            assertThat(this.headers.toSingleValueMap())
                .isEqualTo(Map.of("Content-Type", "text/plain", "X-A", "1", "Accept", "a, b"));
            List<String> seen = new ArrayList<>();
            this.headers.forEach((name, values) -> seen.add(name + values));
            assertThat(seen).containsExactly("Content-Type[text/plain]", "X-A[1, 2]", "Accept[a, b]");
        }

        @Test
        void nothingCanBeChanged() {
            assertThatThrownBy(() -> this.headers.add("X", "1")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> this.headers.set("X", "1")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> this.headers.remove("X-A")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(this.headers::clear).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> this.headers.headerSet().clear())
                .isInstanceOf(UnsupportedOperationException.class);
            assertThat(this.lines.size()).isEqualTo(4);
        }

        @Test
        void viewIsMadeOnce() {
            assertThat(this.lines.asHttpHeaders()).isSameAs(this.headers);
        }

        @Test
        void copyIsTheSameAgain() {
            HttpHeaders copy = new HttpHeaders();
            this.headers.forEach(copy::addAll);
            copy.add("X-A", "3");
            assertThat(FieldLines.of(copy).all("x-a")).containsExactly("1", "2", "3");
        }

    }

}
