package dev.outbound.client.http;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PercentEncodingTests {

    @Test
    void plainTextIsNotCopied() {
        String plain = "abc-._~123";
        assertThat(PercentEncoding.encode(plain, "#")).isSameAs(plain);
        assertThat(PercentEncoding.encodeStrictly(plain)).isSameAs(plain);
        assertThat(PercentEncoding.decode(plain)).isSameAs(plain);
    }

    @Test
    void halfOfAPairBecomesTheReplacementCharacter() {
        assertThat(PercentEncoding.encodeStrictly("a\ud800b")).isEqualTo("a%EF%BF%BDb");
        assertThat(PercentEncoding.encode("\udc00", "")).isEqualTo("%EF%BF%BD");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            %41%42,      AB
            %c3%A9,      é
            %C3,         \ufffd
            %E2%98x,     \ufffdx
            %F0%9F%98,   \ufffd
            %zz,         %zz
            %,           %
            %4,          %4
            %4é,         %4é
            +,           +
            %25%32%35,   %25
            """)
    void decode(String text, String decoded) {
        assertThat(PercentEncoding.decode(text)).isEqualTo(decoded);
    }

    @Test
    void plusIsASpaceInFormsOnly() {
        assertThat(PercentEncoding.decodeForm("a+b%2B")).isEqualTo("a b+");
        assertThat(PercentEncoding.encodeForm("a b+")).isEqualTo("a+b%2B");
    }

    @Test
    void whatIsEncodedIsDecodedToTheSame() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(6, 0, 0x110000)
                .map((c) -> (random.nextInt(3) == 0) ? c : c % 0x100)
                .filter((c) -> c < 0xd800 || c > 0xdfff)
                .forEach(text::appendCodePoint);
            String value = text.toString();
            assertThat(PercentEncoding.decode(PercentEncoding.encodeStrictly(value))).isEqualTo(value);
            assertThat(PercentEncoding.decodeForm(PercentEncoding.encodeForm(value))).isEqualTo(value);
            assertThat(PercentEncoding.encodeStrictly(value)).matches("[A-Za-z0-9._~%-]*");
        }
    }

}
