package dev.outbound.client.transport;

import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.Limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TransportSettingsTests {

    private static final TransportSettings DEFAULTS = TransportSettings.defaults("shop");

    private static final Map<EngineSetting, UnaryOperator<TransportSettings>> ASKED = Map.ofEntries(
            Map.entry(EngineSetting.HTTP_2, (settings) -> settings.withHttp2(Http2.NEGOTIATED)),
            Map.entry(EngineSetting.HTTP_2_PRIOR_KNOWLEDGE, (settings) -> settings.withHttp2(Http2.PRIOR_KNOWLEDGE)),
            Map.entry(EngineSetting.HTTP_PROXY, (settings) -> settings.withProxies(proxy("http://proxy"))),
            Map.entry(EngineSetting.HTTPS_PROXY, (settings) -> settings.withProxies(proxy("https://proxy"))),
            Map.entry(EngineSetting.SOCKS_PROXY, (settings) -> settings.withProxies(proxy("socks5://proxy"))),
            Map.entry(EngineSetting.RESOLVER, (settings) -> settings.withResolver((host) -> List.of())),
            Map.entry(EngineSetting.ADDRESSES,
                    (settings) -> settings.withAddresses(Map.of("a", List.of(InetAddress.getLoopbackAddress())))),
            Map.entry(EngineSetting.LOCAL_ADDRESS,
                    (settings) -> settings.withLocalAddress(InetAddress.getLoopbackAddress())),
            Map.entry(EngineSetting.ADDRESS_GUARD, (settings) -> settings.withGuard(AddressGuard.publicOnly())),
            Map.entry(EngineSetting.SERVER_NAME,
                    (settings) -> settings.withTls(TlsSettings.defaults().withServerName("a.test"))),
            Map.entry(EngineSetting.LIMITS, (settings) -> settings.withLimits(Limits.defaults().withHeadLines(7))));

    private static Proxies proxy(String url) {
        return Proxies.all(Proxy.of(url));
    }

    @ParameterizedTest
    @EnumSource
    void anEngineRefusesWhatItCannotHonour(EngineSetting setting) {
        TransportSettings settings = ASKED.get(setting).apply(DEFAULTS);
        EngineSetting.check(settings, "some-engine", EnumSet.of(setting));
        assertThatIllegalStateException()
            .isThrownBy(() -> EngineSetting.check(settings, "some-engine", EnumSet.complementOf(EnumSet.of(setting))))
            .withMessageContaining("'shop'")
            .withMessageContaining(setting.toString())
            .withMessageContaining("some-engine");
    }

    @Test
    void everyEngineHonoursTheDefaults() {
        EngineSetting.check(DEFAULTS, "some-engine", EnumSet.noneOf(EngineSetting.class));
    }

    @Test
    void eachSettingIsKeptByTheOthers() {
        TransportSettings all = DEFAULTS;
        for (UnaryOperator<TransportSettings> change : ASKED.values()) {
            all = change.apply(all);
        }
        all = all.withIdle(null).withLifetime(Duration.ofDays(1)).withMaxConnections(3).withClientName("other");
        assertThat(all.clientName()).isEqualTo("other");
        assertThat(all.idle()).isNull();
        assertThat(all.lifetime()).isEqualTo(Duration.ofDays(1));
        assertThat(all.maxConnections()).isEqualTo(3);
        assertThat(all.resolver()).isNotNull();
        assertThat(all.addresses()).containsOnlyKeys("a");
        assertThat(all.localAddress()).isNotNull();
        assertThat(all.guard().isOn()).isTrue();
        assertThat(all.tls().serverName()).isEqualTo("a.test");
        assertThat(all.limits().headLines()).isEqualTo(7);
        assertThat(DEFAULTS.maxConnections()).as("of the one that was copied").isEqualTo(100);
    }

    @Test
    void whatMeansNothingIsRefused() {
        Stream.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(50))
            .forEach((time) -> assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withIdle(time)));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withMaxConnections(0));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withAddresses(Map.of("a", List.of())));
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.defaults().withHead(10));
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.defaults().withBody(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.defaults().withCodings(-1));
    }

    @Test
    void secretsAreNotShown() {
        TransportSettings settings = DEFAULTS.withProxies(proxy("http://user:pa55word@proxy:3128"));
        assertThat(settings.toString()).contains("http://proxy:3128").doesNotContain("pa55word");
    }

}
