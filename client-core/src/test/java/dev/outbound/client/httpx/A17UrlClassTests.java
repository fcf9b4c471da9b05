package dev.outbound.client.httpx;

import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Url;
import dev.outbound.client.http.UrlBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class A17UrlClassTests {

    private static void assertRefused(String text) {
        assertThatExceptionOfType(InvalidUrlException.class).as(text).isThrownBy(() -> Url.parse(text));
    }

    @Test
    @DisplayName("A17 parts: each decoded for people and encoded for machines")
    void parts() {
        Url url = Url.parse("https://us%20er:p%40ss@BÜCHER.example:8443/a%20b/c?q=1%202&r#fr%20ag");
        assertThat(url.scheme()).isEqualTo("https");
        assertThat(url.userInfo()).isEqualTo("us%20er:p%40ss");
        assertThat(url.username()).isEqualTo("us er");
        assertThat(url.password()).isEqualTo("p@ss");
        assertThat(url.host()).isEqualTo("xn--bcher-kva.example");
        assertThat(url.displayHost()).isEqualTo("bücher.example");
        assertThat(url.port()).isEqualTo(8443);
        assertThat(url.authority()).isEqualTo("xn--bcher-kva.example:8443");
        assertThat(url.path()).isEqualTo("/a%20b/c");
        assertThat(url.decodedPath()).isEqualTo("/a b/c");
        assertThat(url.target()).isEqualTo("/a%20b/c?q=1%202&r");
        assertThat(url.query()).isEqualTo("q=1%202&r");
        assertThat(url.params().first("q")).isEqualTo("1 2");
        assertThat(url.fragment()).isEqualTo("fr%20ag");
        assertThat(url.decodedFragment()).isEqualTo("fr ag");
    }

    @Test
    @DisplayName("A17 absent vs empty: a question mark and a hash with nothing behind them stay")
    void absentAndEmpty() {
        assertThat(Url.parse("http://a.test/?#").query()).isEmpty();
        assertThat(Url.parse("http://a.test/?#").fragment()).isEmpty();
        assertThat(Url.parse("http://a.test/?#").text()).isEqualTo("http://a.test/?#");
        assertThat(Url.parse("http://a.test/").query()).isNull();
        assertThat(Url.parse("http://a.test/").fragment()).isNull();
        assertThat(Url.parse("http://a.test").decodedPath()).isEqualTo("/");
        assertThat(Url.parse("http://a.test").text()).isEqualTo("http://a.test");
    }

    @Test
    @DisplayName("A17 scheme-less, authority-less: are relative; what would be read as something else is refused")
    void relative() {
        assertThat(Url.parse("/a/b").isAbsolute()).isFalse();
        assertThat(Url.parse("//a.test/b").host()).isEqualTo("a.test");
        assertThat(Url.parse("mailto:someone@a.test").path()).isEqualTo("someone@a.test");
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Url.of((url) -> url.path(":a")))
            .withMessageContaining("cannot start with ':'");
        assertThatExceptionOfType(InvalidUrlException.class)
            .isThrownBy(() -> Url.of((url) -> url.scheme("http").host("a.test").path("b")))
            .withMessageContaining("must start with '/'");
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Url.of((url) -> url.path("//a")));
    }

    @Test
    @DisplayName("A17 limits: 65536 characters, also of a part")
    void limits() {
        String path = "/" + "a".repeat(65_000);
        assertThat(Url.parse("http://a.test" + path).path()).isEqualTo(path);
        assertRefused("http://a.test/" + "a".repeat(66_000));
        assertThatExceptionOfType(InvalidUrlException.class)
            .isThrownBy(() -> Url.of((url) -> url.path("/" + "a".repeat(66_000))))
            .withMessageContaining("too long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = { "http://a.test/\n", "http://a\u0000.test/", "http://a.test/?a\tb", "http://a.test/#\u007f" })
    @DisplayName("A17 control characters: are refused, with their place")
    void controlCharacters(String text) {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Url.parse(text))
            .withMessageContaining("position");
    }

    @ParameterizedTest
    @CsvSource({ "/a b, /a%20b", "/é, /%C3%A9", "/%7ea%2fB, /%7ea%2fB", "/100%, /100%", "/a?b c<d>, /a?b%20c%3Cd%3E",
            "/a#b`c, /a#b%60c", "'/[a]|^{b}', /[a]|^%7Bb%7D" })
    @DisplayName("A17 escaping: by part; what is escaped already stays as it is")
    void escaping(String text, String escaped) {
        assertThat(Url.parse("http://a.test" + text).text()).isEqualTo("http://a.test" + escaped);
    }

    @ParameterizedTest
    @CsvSource({ "http://a.test/a/./b/../c, http://a.test/a/c", "http://a.test/../../a, http://a.test/a",
            "http://a.test/%2e%2e/a, http://a.test/%2e%2e/a", "../a, ../a", "./a, ./a" })
    @DisplayName("A17 dot segments: removed of absolute URLs, unless they are escaped")
    void dotSegments(String text, String normalized) {
        assertThat(Url.parse(text).text()).isEqualTo(normalized);
    }

    @Test
    @DisplayName("A17 user info: ends at the last @, the first colon begins the password")
    void userInfo() {
        Url url = Url.parse("http://a@b:c:d@host.test/");
        assertThat(url.username()).isEqualTo("a@b");
        assertThat(url.password()).isEqualTo("c:d");
        assertThat(url.host()).isEqualTo("host.test");
    }

    @Test
    @DisplayName("A17 host: lower case, addresses checked, odd characters escaped")
    void host() {
        assertThat(Url.parse("http://ExAmPlE.test/").host()).isEqualTo("example.test");
        assertThat(Url.parse("http://192.168.0.1/").host()).isEqualTo("192.168.0.1");
        assertThat(Url.parse("http://[::FFFF:1.2.3.4]/").host()).isEqualTo("::ffff:1.2.3.4");
        assertThat(Url.parse("http://a b.test/").host()).isEqualTo("a%20b.test");
        assertThat(Url.parse("http://a b.test/").hasSendableHost()).isFalse();
        for (String text : List.of("http://999.1.1.1/", "http://[::g]/", "http://[::1", "http://a\\b.test/")) {
            assertRefused(text);
        }
    }

    @ParameterizedTest
    @CsvSource({ "http://faß.de/, xn--fa-hia.de", "http://βόλος.com/, xn--nxasmm1c.com",
            "http://EXAMPLE.中国/, example.xn--fiqs8s", "http://xn--fiqs8s.icom.museum/, xn--fiqs8s.icom.museum" })
    @DisplayName("A17 IDNA: 2008, strict")
    void idna(String text, String host) {
        assertThat(Url.parse(text).host()).isEqualTo(host);
        assertRefused("http://☃.example/");
        assertRefused("http://😇.example/");
    }

    @Test
    @DisplayName("A17 port: 1 to 65535; the scheme's own is left out")
    void port() {
        assertThat(Url.parse("http://a.test:80/").text()).isEqualTo("http://a.test/");
        assertThat(Url.parse("https://a.test:80/").port()).isEqualTo(80);
        assertThat(Url.parse("https://a.test:/").explicitPort()).isEqualTo(-1);
        assertThat(Url.parse("https://a.test/").port()).isEqualTo(443);
        for (String port : List.of("0", "-1", "65536", "abc", "+80")) {
            assertRefused("http://a.test:" + port + "/");
        }
    }

    @ParameterizedTest
    @CsvSource({ "g, http://a/b/c/g", "./g, http://a/b/c/g", "g/, http://a/b/c/g/", "/g, http://a/g", "//g, http://g",
            "?y, http://a/b/c/d;p?y", "#s, http://a/b/c/d;p?q#s", "'', http://a/b/c/d;p?q", "../../g, http://a/g",
            "../../../g, http://a/g", "https://x/y, https://x/y" })
    @DisplayName("A17 join: RFC 3986, section 5.4")
    void join(String reference, String target) {
        assertThat(Url.parse("http://a/b/c/d;p?q").join(Url.parse(reference)).text()).isEqualTo(target);
    }

    private static void assertChangeRefused(Consumer<UrlBuilder> change) {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Url.parse("http://a.test/").with(change));
    }

    @Test
    @DisplayName("A17 copy_with / kwargs: any part, but no part can be another in disguise")
    void copyWith() {
        Url url = Url.parse("http://u:p@a.test:8080/b?c#d");
        assertThat(url.with((parts) -> parts.scheme("https").port(-1)).text()).isEqualTo("https://u:p@a.test/b?c#d");
        assertThat(url.with((parts) -> parts.user("x y", "z")).text()).isEqualTo("http://x%20y:z@a.test:8080/b?c#d");
        assertThat(url.with((parts) -> parts.target("/e?f")).text()).isEqualTo("http://u:p@a.test:8080/e?f#d");
        assertThat(url.with((parts) -> parts.authority("b.test:1").query(null).fragment(null)).text())
            .isEqualTo("http://u:p@b.test:1/b");
        assertThat(Url.of((parts) -> parts.scheme("https").host("a.test").path("/b c")).text())
            .isEqualTo("https://a.test/b%20c");
        assertChangeRefused((parts) -> parts.scheme("https://evil.test/"));
        assertChangeRefused((parts) -> parts.path("/a?b"));
        assertChangeRefused((parts) -> parts.query("a#b"));
        assertChangeRefused((parts) -> parts.authority("u@a.test"));
        assertThat(url.with((parts) -> parts.host("a.test/b")).hasSendableHost()).isFalse();
    }

    @Test
    @DisplayName("A17 equality, hash: by the text")
    void equality() {
        assertThat(Url.parse("HTTP://A.test:80/a/../b")).isEqualTo(Url.parse("http://a.test/b"))
            .hasSameHashCodeAs(Url.parse("http://a.test/b"))
            .isNotEqualTo(Url.parse("http://a.test/B"));
    }

    @Test
    @DisplayName("A17 display: without the password; redacted() without query and user, for logs")
    void display() {
        Url url = Url.parse("http://u:s3cr3t@a.test/b?key=s3cr3t");
        assertThat(url).hasToString("http://u:******@a.test/b?key=******");
        assertThat(url.redacted()).isEqualTo("http://a.test/b");
        assertThat(url.text()).contains("u:s3cr3t@");
    }

    @Test
    @SuppressWarnings("NullAway")
    @DisplayName("A17 wrong type: does not compile; null is named")
    void wrongType() {
        assertThatIllegalArgumentException().isThrownBy(() -> Url.parse(null)).withMessage("url must not be null");
    }

    @ParameterizedTest
    @ValueSource(strings = { "http://host/path?a=b#c", "https://[2001:db8::1]:8080/", "http://xn--fa-hia.de/%20%C3%A9",
            "http://a.test/?%00%2B+", "ws://a.test/x;y=z" })
    @DisplayName("A17 WHATWG cases: what is normalised stays as it is when it is parsed again")
    void normalizedStays(String href) {
        assertThat(Url.parse(href).text()).isEqualTo(href);
        assertThat(Url.parse(Url.parse(href).text())).isEqualTo(Url.parse(href));
    }

}
