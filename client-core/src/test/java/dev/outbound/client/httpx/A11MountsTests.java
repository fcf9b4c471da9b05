package dev.outbound.client.httpx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.outbound.client.Client;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Mounts;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class A11MountsTests {

    private static String choose(String pattern, String url) {
        return Mounts.of(Map.of(pattern, "mounted")).choose(Url.parse(url), "own");
    }

    @ParameterizedTest
    @CsvSource({ "all://, http://a.test/, mounted", "http://, https://a.test/, own",
            "http://, http://a.test/x, mounted", "all://a.test, https://a.test/, mounted",
            "all://a.test, https://b.a.test/, own", "all://*.a.test, http://b.a.test/, mounted",
            "all://*.a.test, http://a.test/, own", "all://*a.test, http://a.test/, mounted",
            "all://*a.test, http://b.a.test/, mounted", "all://*a.test, http://ba.test/, own",
            "http://*, http://a.test/, mounted" })
    @DisplayName("A11 pattern syntax: scheme, host and port, each of which may be any")
    void syntax(String pattern, String url, String chosen) {
        assertThat(choose(pattern, url)).isEqualTo(chosen);
        assertThatIllegalArgumentException().isThrownBy(() -> Mounts.of(Map.of("a.test", "mounted")))
            .withMessageContaining("a.test");
    }

    @Test
    @DisplayName("A11 port: must be the same; the scheme's own may be left out")
    void port() {
        assertThat(choose("https://a.test:443", "https://a.test/")).isEqualTo("mounted");
        assertThat(choose("https://a.test", "https://a.test:443/")).isEqualTo("mounted");
        assertThat(choose("all://a.test:8080", "http://a.test:8080/")).isEqualTo("mounted");
        assertThat(choose("all://a.test:8080", "http://a.test/")).isEqualTo("own");
    }

    @Test
    @DisplayName("A11 order: with a port first, then longer hosts, then longer schemes, then as they are given")
    void order() {
        Map<String, String> mounts = new LinkedHashMap<>();
        for (String pattern : List.of("all://", "http://", "all://a.test", "http://a.test", "all://long.a.test",
                "all://a.test:1")) {
            mounts.put(pattern, pattern);
        }
        assertThat(Mounts.of(mounts).patterns()).containsExactly("all://a.test:1", "all://long.a.test", "http://a.test",
                "all://a.test", "http://", "all://");
    }

    @Test
    @DisplayName("A11 null transport: means the client's own")
    void nothingMounted() {
        Map<String, @Nullable String> mounts = new LinkedHashMap<>();
        mounts.put("all://", "mounted");
        mounts.put("all://direct.test", null);
        assertThat(Mounts.<String>of(mounts).choose(Url.parse("http://direct.test/"), "own")).isEqualTo("own");
        assertThat(Mounts.<String>of(mounts).choose(Url.parse("http://other.test/"), "own")).isEqualTo("mounted");
    }

    @Test
    @DisplayName("A11 same key in proxy env and mounts: proxies belong to the engine, so a transport goes past them")
    void transportBeforeProxies() {
        Transport mounted = (request, cancellation) -> TransportResponse.of(204, FieldLines.empty(), new byte[0]);
        try (Client client = Client.builder()
            .proxies(Proxies.environment(Map.of("ALL_PROXY", "http://proxy.invalid")))
            .transport(mounted)
            .build()) {
            assertThat(client.get("http://shop.test/").statusCode()).isEqualTo(204);
        }
    }

    @Test
    @DisplayName("A11 redirects: each hop is chosen for anew")
    void redirects() {
        List<String> served = new ArrayList<>();
        Transport one = (request, cancellation) -> {
            served.add("one " + request.url().host());
            return TransportResponse.of(302, FieldLines.builder().add("Location", "http://b.test/").build(),
                    new byte[0]);
        };
        Transport two = (request, cancellation) -> {
            served.add("two " + request.url().host());
            return TransportResponse.of(200, FieldLines.empty(), new byte[0]);
        };
        Mounts<Transport> mounts = Mounts.of(Map.of("all://b.test", two));
        try (Client client = Client.builder()
            .transport((request, cancellation) -> mounts.choose(request.url(), one).send(request, cancellation))
            .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1))
            .build()) {
            assertThat(client.get("http://a.test/").statusCode()).isEqualTo(200);
        }
        assertThat(served).containsExactly("one a.test", "two b.test");
    }

}
