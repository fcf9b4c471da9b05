package dev.outbound.client.http;

import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UrlBuilderTests {

    private final Url url = Url.parse("https://user:pw@example.org:8443/a?b=1#c");

    @Test
    void partsMakeAUrl() {
        assertThat(Url
            .of((u) -> u.scheme("HTTPS").host("Example.org").port(443).path("/a b").query("q=ü").fragment("<f>")))
            .hasToString("https://example.org/a%20b?q=%C3%BC#%3Cf%3E");
        assertThat(Url.of((u) -> {
        })).hasToString("");
    }

    @Test
    void otherPartsStay() {
        assertThat(this.url.with((u) -> u.path("/x")).text()).isEqualTo("https://user:pw@example.org:8443/x?b=1#c");
        assertThat(this.url.with((u) -> u.port(-1).userInfo(null).query(null).fragment(null)))
            .hasToString("https://example.org/a");
        assertThat(this.url.with((u) -> u.authority("h2")).text()).isEqualTo("https://user:pw@h2/a?b=1#c");
        assertThat(this.url.with((u) -> u.authority("[::1]:1")).authority()).isEqualTo("[::1]:1");
        assertThat(this.url.with((u) -> u.target("/y?z")).target()).isEqualTo("/y?z");
        assertThat(Url.parse("http://[::1]/x").with((u) -> u.path("/y"))).hasToString("http://[::1]/y");
    }

    @Test
    void userIsEncoded() {
        Url other = this.url.with((u) -> u.user("tom@example.org", "a:b/c d"));
        assertThat(other.userInfo()).isEqualTo("tom%40example.org:a%3Ab%2Fc%20d");
        assertThat(other.username()).isEqualTo("tom@example.org");
        assertThat(other.password()).isEqualTo("a:b/c d");
        assertThat(other.host()).isEqualTo("example.org");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void partThatIsAnotherInDisguiseIsRefused(String name, Consumer<UrlBuilder> change) {
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> this.url.with(change))
            .satisfies((ex) -> assertThat(ex).hasMessageNotContaining("s3cret"));
    }

    static Stream<Arguments> partThatIsAnotherInDisguiseIsRefused() {
        return Stream.of(change("scheme, CVE-2021-41945", (u) -> u.scheme("https://evil/x")),
                change("scheme with a digit first", (u) -> u.scheme("1a")),
                change("host and port", (u) -> u.host("evil:99")),
                change("host with a backslash", (u) -> u.host("a\\b")),
                change("path with a query", (u) -> u.path("/a?b")),
                change("path with a fragment", (u) -> u.path("/a#b")), change("relative path", (u) -> u.path("a")),
                change("query with a fragment", (u) -> u.query("a#b")),
                change("authority with a path", (u) -> u.authority("h/x")),
                change("authority with a user", (u) -> u.authority("s3cret@h")),
                change("user information with an at sign", (u) -> u.userInfo("s3cret@evil")),
                change("port 0", (u) -> u.port(0)), change("port -2", (u) -> u.port(-2)),
                change("port 65536", (u) -> u.port(65536)), change("line feed", (u) -> u.fragment("s3cret\n")),
                change("line feed in a password", (u) -> u.user("u", "s3cret\n")),
                change("too long", (u) -> u.path("/" + "x".repeat(65536))));
    }

    private static Arguments change(String name, Consumer<UrlBuilder> change) {
        return Arguments.of(name, change);
    }

    @Test
    void hostCannotHideAPath() {
        assertThat(this.url.with((u) -> u.host("evil/x")).host()).isEqualTo("evil%2Fx");
        assertThat(this.url.with((u) -> u.host("a@b")).hasSendableHost()).isFalse();
    }

}
