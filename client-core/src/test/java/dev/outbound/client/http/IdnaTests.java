package dev.outbound.client.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class IdnaTests {

    @ParameterizedTest
    @CsvSource(textBlock = """
            faß.de,              xn--fa-hia.de
            βόλος.com,           xn--nxasmm1c.com
            ශ්‍රී.com,             xn--10cl1a0b660p.com
            نامه‌ای.com,          xn--mgba3gch31f060k.com
            中国.icom.museum,     xn--fiqs8s.icom.museum
            bücher.example.,     xn--bcher-kva.example.
            l·l.cat,             xn--ll-0ea.cat
            אב1.test,            xn--1-zhcd.test
            """)
    void nameIsEncodedAndShown(String name, String ascii) {
        assertThat(Idna.toAscii(name)).isEqualTo(ascii);
        assertThat(Idna.toUnicode(ascii)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = { "a·b.test", "\u0375a.test", "a\u05f3.test", "a\u30fb.test", "\u0660\u06f0.test",
            "\u0660\u0661.test", "a\u200db.test", "a\u200cb.test", "ا\u200cا.test", "אa.test", "aא.test", "1א.test",
            "א-.test", "ab--é.test", "É.test", "\u1e9e.test", "\u2126.test", "é_.test", "é é.test", "\u1100\u1161.test",
            "\u0640ب.test", ".é.test" })
    void contextAndDirectionAreChecked(String name) {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Idna.toAscii(name));
    }

    @Test
    void labelsAndNamesHaveTheirLength() {
        assertThat(Idna.toAscii("é".repeat(20) + ".test")).hasSizeLessThan(63);
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Idna.toAscii("é".repeat(200) + ".test"));
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Idna.toAscii("é." + "a".repeat(64)));
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Idna.toAscii("é" + ".aaaa".repeat(60)));
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Idna.toAscii("é".repeat(100_000)));
    }

    @Test
    void labelThatIdnaDoesNotAllowStaysInAscii() {
        assertThat(Idna.toUnicode("xn--n3h.xn--fiqs8s")).isEqualTo("xn--n3h.中国");
    }

    @ParameterizedTest(name = "RFC 3492, section 7.1: {1}")
    @CsvSource(textBlock = """
            ليهمابتكلموشعربي؟,                 egbpdaj6bu4bxfgehfvwxn
            他们为什么不说中文,                 ihqwcrb4cv8a8dqg056pqjye
            למההםפשוטלאמדבריםעברית,            4dbcagdahymbxekheh6e0a7fei0b
            3年b組金八先生,                     3b-ww4c5e180e575a65lsy2b
            パフィーdeルンバ,                   de-jg4avhby1noc0d
            """)
    void punycode(String text, String encoded) {
        assertThat(Punycode.encode(text)).isEqualTo(encoded);
        assertThat(Punycode.decode(encoded)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = { "99999999", "a-!", "é", "zzzzzzzzzzzzz", "a", "-A" })
    void whatIsNotPunycodeGivesNothingOrText(String encoded) {
        String decoded = Punycode.decode(encoded);
        if (decoded != null) {
            assertThat(decoded.codePoints()).allMatch(Character::isValidCodePoint);
        }
    }

}
