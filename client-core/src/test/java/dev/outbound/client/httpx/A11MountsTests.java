package dev.outbound.client.httpx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.transport.Mounts;
import dev.outbound.client.transport.Proxies;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class A11MountsTests extends AbstractFeatureTests {

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

    /** A client whose calls to some URLs are served by {@code mounted}. */
    private LaneClient mounting(Lane lane, String pattern, FakeUpstream mounted, Consumer<ClientBuilder> settings) {
        return client(lane, (builder) -> {
            builder.mount(pattern, mounted.transport()).mountReactive(pattern, mounted.reactiveTransport());
            settings.accept(builder);
        });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A11 null transport: means the client's own")
    void nothingMounted(Lane lane) {
        FakeUpstream mounted = FakeUpstream.answering(ok("mounted"));
        LaneClient client = mounting(lane, "all://", mounted,
                (builder) -> builder.mount("all://direct.test", null).mountReactive("all://direct.test", null));
        assertThat(client.get("http://other.test/").text()).isEqualTo("mounted");
        assertThat(client.get("http://direct.test/").text()).isEqualTo("answer");
        assertThat(mounted.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A11 same key in proxy env and mounts: mounts win, for proxies are the engine's")
    void mountsBeforeProxies(Lane lane) {
        try (LaneClient client = lane
            .client((builder) -> builder.proxies(Proxies.environment(Map.of("ALL_PROXY", "http://proxy.invalid")))
                .mount("all://", this.upstream.transport())
                .mountReactive("all://", this.upstream.reactiveTransport()))) {
            assertThat(client.get("http://shop.test/").text()).isEqualTo("answer");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A11 redirects: each hop is chosen for anew")
    void redirects(Lane lane) {
        this.upstream = FakeUpstream.answering(status(302, "Location: http://b.test/"));
        FakeUpstream mounted = FakeUpstream.answering(ok("mounted"));
        LaneClient client = mounting(lane, "all://b.test", mounted,
                (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)));
        assertThat(client.get("http://a.test/").text()).isEqualTo("mounted");
        assertThat(this.upstream.requests()).hasSize(1);
        assertThat(mounted.requests()).hasSize(1);
    }

}
