package dev.outbound.client.transport;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ProxiesTests {

    private static final Proxy PROXY = Proxy.of("http://proxy:3128");

    @ParameterizedTest
    @CsvSource({ "example.com, http://example.com/, true", "example.com, https://api.example.com/, true",
            "example.com, http://example.com./, true", "example.com., http://example.com/, true",
            "EXAMPLE.com, http://Example.COM/, true", "example.com, http://badexample.com/, false",
            "example.com, http://example.com.evil.test/, false", ".example.com, http://api.example.com/, true",
            ".example.com, http://example.com/, false", "*.example.com, http://a.b.example.com/, true",
            "example.com:8080, http://example.com:8080/, true", "example.com:8080, http://example.com/, false",
            "example.com:443, https://example.com/, true", "example.com:443, http://example.com/, false",
            "localhost, http://localhost:8080/, true", "127.0.0.1, http://127.0.0.1:9/, true",
            "127.0.0.1:9, http://127.0.0.1:9/, true", "127.0.0.1:9, http://127.0.0.1:8/, false",
            "10.0.0.0/8, http://10.20.30.40/, true", "10.0.0.0/8, http://11.0.0.0/, false",
            "10.0.0.0/8, http://ten.example.com/, false", "192.168.16.0/20, http://192.168.31.255/, true",
            "192.168.16.0/20, http://192.168.32.0/, false", "0.0.0.0/0, http://8.8.8.8/, true",
            "0.0.0.0/0, http://[2001:db8::1]/, false", "::1, http://[::1]/, true", "[::1], http://[::1]/, true",
            "[::1]:81, http://[::1]:81/, true", "[::1]:81, http://[::1]/, false",
            "2001:db8::/32, http://[2001:db8:1::2]/, true", "2001:db8::/32, http://[2001:db9::2]/, false",
            "::1, http://[0:0:0:0:0:0:0:1]/, true", "*, http://example.com/, true" })
    void directHosts(String entry, String url, boolean direct) {
        Proxies proxies = Proxies.all(PROXY).except(entry);
        assertThat(proxies.choose(Url.parse(url))).isEqualTo(direct ? null : PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "10.0.0.0/33", "10.0.0/8", "example.com/8", "exa*mple.com", "example.com:0",
            "example.com:x", "[::1]:99999", "2001:db8::/129" })
    void whatIsNoHostIsRefused(String entry) {
        assertThatIllegalArgumentException().isThrownBy(() -> Proxies.all(PROXY).except(entry));
    }

    @Test
    void patternsChoose() {
        Proxy other = Proxy.of("socks5://other:1080");
        Map<String, @Nullable Proxy> patterns = new LinkedHashMap<>();
        patterns.put("all://", PROXY);
        patterns.put("https://", other);
        patterns.put("all://*.internal", null);
        Proxies proxies = Proxies.of(patterns);
        assertThat(proxies.choose(Url.parse("http://a.test/"))).isSameAs(PROXY);
        assertThat(proxies.choose(Url.parse("https://a.test/"))).isSameAs(other);
        assertThat(proxies.choose(Url.parse("https://a.internal/"))).isNull();
    }

    @Test
    void environmentIsReadWithRangesOfAddresses() {
        Proxies proxies = Proxies.environment(
                Map.of("HTTP_PROXY", "http://u:p%40ss@proxy:3128", "NO_PROXY", "10.0.0.0/8, .internal, example.com"));
        Proxy proxy = proxies.choose(Url.parse("http://a.test/"));
        assertThat(proxy).isNotNull().hasToString("http://proxy:3128");
        assertThat(proxy.username()).isEqualTo("u");
        assertThat(proxy.password()).isEqualTo("p@ss");
        assertThat(proxies.choose(Url.parse("https://a.test/"))).isNull();
        assertThat(proxies.choose(Url.parse("http://10.9.9.9/"))).isNull();
        assertThat(proxies.choose(Url.parse("http://a.internal/"))).isNull();
        assertThat(proxies.choose(Url.parse("http://api.example.com/"))).isNull();
        assertThat(proxies.toString()).doesNotContain("p@ss").doesNotContain("p%40ss");
    }

    @Test
    void noneChoosesNothing() {
        assertThat(Proxies.none().choose(Url.parse("http://a.test/"))).isNull();
        assertThat(Proxies.none().isEmpty()).isTrue();
        assertThat(Proxies.all(PROXY).isEmpty()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({ "http://proxy, 80", "https://proxy, 443", "socks5://proxy, 1080", "socks5h://proxy, 1080",
            "http://proxy:3128, 3128", "http://[::1]:3128, 3128" })
    void ports(String url, int port) {
        assertThat(Proxy.of(url).port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = { "ftp://proxy", "proxy", "http://", "" })
    void whatIsNoProxyIsRefused(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> Proxy.of(url));
    }

    @Test
    void credentialsBecomeBasicAuthenticationAndAreNotShown() {
        Proxy proxy = Proxy.of("http://user:secret@proxy:3128");
        Request request = Request.of(HttpMethod.GET, proxy.url());
        assertThat(proxy.authentication().begin().start(request).fields().first("Proxy-Authorization"))
            .isEqualTo("Basic dXNlcjpzZWNyZXQ=");
        assertThat(proxy.url().text()).doesNotContain("secret");
        assertThat(proxy.toString() + proxy.url()).doesNotContain("secret");
    }

    @Test
    void whatAProxyCannotCarryIsRefused() {
        Proxy socks = Proxy.of("socks5://proxy");
        assertThatIllegalArgumentException().isThrownBy(() -> socks.withHeader("X-A", "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> socks.withCredentials("u", "p".repeat(256)))
            .withMessageNotContaining("ppp");
        assertThatIllegalArgumentException().isThrownBy(() -> socks.withAuthentication(() -> (request) -> request));
        assertThatIllegalArgumentException().isThrownBy(() -> PROXY.withCredentials("a:b", "c"));
        assertThatIllegalArgumentException().isThrownBy(() -> PROXY.withCredentials("a", "b\nc"));
        assertThatIllegalArgumentException().isThrownBy(() -> PROXY.withTls(TlsSettings.defaults()));
    }

}
