package dev.outbound.client.transport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ProxyVariablesTests {

    private static final Url DIRECT = Url.parse("direct://");

    private static @Nullable String proxy(String url, String... variables) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        Url proxy = Mounts.of(ProxyVariables.read(environment)).choose(Url.parse(url), DIRECT);
        return proxy.equals(DIRECT) ? null : proxy.text();
    }

    @Test
    void lowerCaseWins() {
        assertThat(proxy("http://a.b", "http_proxy", "low", "HTTP_PROXY", "up")).isEqualTo("http://low");
        assertThat(proxy("http://a.b", "HTTP_PROXY", "up", "http_proxy", "low")).isEqualTo("http://low");
        assertThat(proxy("http://a.b", "Http_Proxy", "mixed")).isEqualTo("http://mixed");
        assertThat(proxy("http://a.b", "HTTP_PROXY", "up", "http_proxy", "")).isNull();
    }

    // CVE-2016-1000110
    @Test
    void httpProxyIsTheClientsInCgi() {
        assertThat(proxy("http://a.b", "HTTP_PROXY", "evil", "REQUEST_METHOD", "GET")).isNull();
        assertThat(proxy("http://a.b", "HTTP_PROXY", "evil", "REQUEST_METHOD", "GET", "http_proxy", "low"))
            .isEqualTo("http://low");
        assertThat(proxy("https://a.b", "HTTPS_PROXY", "up", "REQUEST_METHOD", "GET")).isEqualTo("http://up");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            localhost            | http://localhost:8080/    | true
            LOCALHOST            | http://localhost/         | true
            127.0.0.1            | http://127.0.0.1:8080/    | true
            127.0.0.1            | http://1.127.0.0.1.nip.io | false
            ::1                  | http://[::1]:8080/        | true
            fe80::/10            | http://[fe80::1]/         | false
            example.com          | http://example.com/       | true
            example.com          | http://a.example.com/     | true
            .example.com         | http://example.com/       | false
            .example.com         | http://a.example.com/     | true
            example.com:8080     | http://example.com:8080/  | true
            example.com:8080     | http://example.com/       | false
            , example.com ,,     | http://example.com/       | true
            *                    | http://example.com/       | true
            *.example.com        | http://a.example.com/     | true
            """)
    void noProxy(String entry, String url, boolean direct) {
        assertThat(proxy(url, "ALL_PROXY", "p", "NO_PROXY", entry)).isEqualTo(direct ? null : "http://p");
    }

    @ParameterizedTest
    @ValueSource(strings = { "invalid://p", "http://", "http://[x", "http://p:99999" })
    void unusableProxiesAreRefused(String proxy) {
        assertThatIllegalArgumentException().isThrownBy(() -> proxy("http://a.b", "HTTP_PROXY", proxy))
            .withMessageContaining("HTTP_PROXY");
    }

    @Test
    void passwordsDoNotShow() {
        assertThatIllegalArgumentException().isThrownBy(() -> ProxyVariables.proxyUrl("ftp://user:secret@p"))
            .withMessageNotContaining("secret")
            .withMessageContaining("ftp://p");
        for (String proxy : List.of("http://user:secret@[x", "http://user:secret@p:99999", "http://user:sec ret@",
                "user:secret@p:x", "http://user:secret@p q")) {
            assertThatIllegalArgumentException().isThrownBy(() -> proxy("http://a.b", "HTTP_PROXY", proxy))
                .withMessageNotContaining("ret@")
                .withMessageNotContaining("sec");
        }
    }

}
