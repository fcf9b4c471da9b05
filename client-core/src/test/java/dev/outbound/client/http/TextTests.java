package dev.outbound.client.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TextTests {

    @Test
    void whatForgesOrSteersIsEscaped() {
        for (int c = 0; c < 0xffff; c++) {
            String escaped = Text.escape("a" + (char) c + "b", 10);
            boolean bad = c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029
                    || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || (c >= 0xd800 && c <= 0xdfff);
            if (bad) {
                assertThat(escaped).isEqualTo(String.format("a\\u%04xb", c));
            }
        }
        assertThat(Text.escape("é☃😀\\", 10)).isEqualTo("é☃😀\\");
    }

    @Test
    void textIsCutAtTheLimit() {
        assertThat(Text.escape("abcdef", 3)).isEqualTo("abc…");
        assertThat(Text.escape("abc", 3)).isEqualTo("abc");
        assertThat(Text.escape("ab😀", 3)).isEqualTo("ab\\ud83d…");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            10,  a line feed
            13,  a carriage return
            9,   a tab
            32,  a space
            0,   U+0000
            233, U+00E9
            """)
    void describe(int c, String description) {
        assertThat(Text.describe((char) c)).isEqualTo(description);
        assertThat(Text.describe(':')).isEqualTo("':'");
    }

    @ParameterizedTest
    @ValueSource(strings = { "Authorization", "PROXY-AUTHORIZATION", "Cookie", "Set-Cookie", "X-Api-Key", "api_key",
            "X-Auth-Token", "X-Amz-Security-Token", "Client-Secret", "X-Password", "X-Signature", "X-Session",
            "WWW-Authenticate", "X-Credential" })
    void headersThatCarryCredentials(String name) {
        assertThat(Secrets.isSecretHeader(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "Accept", "Content-Type", "User-Agent", "X-Request-Id", "Host", "ETag" })
    void otherHeaders(String name) {
        assertThat(Secrets.isSecretHeader(name)).isFalse();
    }

    @Test
    void maskTellsTheLengthOnly() {
        assertThat(Secrets.mask("s3cret")).isEqualTo("****** (6 characters)");
    }

}
