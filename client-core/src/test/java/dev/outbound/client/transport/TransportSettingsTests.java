package dev.outbound.client.transport;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Timeouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TransportSettingsTests {

    private static final TransportSettings DEFAULTS = TransportSettings.defaults("shop");

    private static final Duration TIME = Duration.ofSeconds(7);

    private static final Map<EngineSetting, UnaryOperator<TransportSettings>> ASKED = Map.ofEntries(
            Map.entry(EngineSetting.BLOCKING_ENGINE, (settings) -> settings.withBlockingEngine(Engine.JDK)),
            Map.entry(EngineSetting.REACTIVE_ENGINE, (settings) -> settings.withReactiveEngine(Engine.JDK)),
            Map.entry(EngineSetting.MAX_CONNECTIONS, (settings) -> settings.withMaxConnections(7)),
            Map.entry(EngineSetting.KEEP_ALIVE, (settings) -> settings.withIdle(TIME)),
            Map.entry(EngineSetting.TLS,
                    (settings) -> settings.withTls(settings.tls().withProtocols(List.of("TLSv1.3")))),
            Map.entry(EngineSetting.TIMEOUTS, (settings) -> settings.withTimeouts(settings.timeouts().withPool(TIME))),
            Map.entry(EngineSetting.READ_TIMEOUT,
                    (settings) -> settings.withTimeouts(settings.timeouts().withRead(TIME))),
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
                    (settings) -> settings.withTls(settings.tls().withServerName("a.test"))),
            Map.entry(EngineSetting.LIMITS, (settings) -> settings.withLimits(Limits.defaults().withHeadLines(7))));

    private static Proxies proxy(String url) {
        return Proxies.all(Proxy.of(url));
    }

    @ParameterizedTest
    @EnumSource
    void anEngineRefusesWhatItCannotHonourAndNamesOneThatCan(EngineSetting setting) {
        TransportSettings settings = ASKED.get(setting).apply(DEFAULTS);
        for (Engine engine : Engine.values()) {
            if (engine.isBlocking()) {
                checkRefusal(engine, setting, () -> engine.checkBlocking(settings), Engine::isBlocking);
            }
            if (engine.isReactive()) {
                checkRefusal(engine, setting, () -> engine.checkReactive(settings), Engine::isReactive);
            }
        }
    }

    private static void checkRefusal(Engine engine, EngineSetting setting, Runnable check, Predicate<Engine> kind) {
        if (engine.honours(setting)) {
            check.run();
            return;
        }
        List<String> others = Arrays.stream(Engine.values())
            .filter(kind.and((other) -> other.honours(setting)))
            .map((other) -> "use engine " + other)
            .toList();
        assertThatIllegalStateException().isThrownBy(check::run)
            .withMessageStartingWith("Client 'shop' has " + setting)
            .withMessageContaining("which engine " + engine + " cannot honour; " + String.join(", or ", others))
            .withMessageEndingWith("take the setting away");
    }

    @Test
    void aRefusalTellsTheValue() {
        TransportSettings settings = DEFAULTS.withLocalAddress(InetAddress.getLoopbackAddress());
        assertThatIllegalStateException().isThrownBy(() -> Engine.JDK.checkReactive(settings))
            .withMessage("Client 'shop' has a local address (" + InetAddress.getLoopbackAddress()
                    + "), which engine jdk cannot honour; use engine reactor, or take the setting away");
    }

    @Test
    void theJdkRefusesSocksResolversAddressesAndGuards() {
        for (EngineSetting setting : List.of(EngineSetting.SOCKS_PROXY, EngineSetting.RESOLVER, EngineSetting.ADDRESSES,
                EngineSetting.LOCAL_ADDRESS, EngineSetting.ADDRESS_GUARD)) {
            assertThat(Engine.JDK.honours(setting)).as(setting.toString()).isFalse();
        }
        assertThat(Engine.JDK.honours(EngineSetting.HTTP_2)).isTrue();
        assertThat(Engine.HTTP_COMPONENTS.honours(EngineSetting.HTTP_2)).isFalse();
    }

    @Test
    void everyEngineHonoursTheDefaults() {
        for (Engine engine : Engine.values()) {
            engine.checkBlocking(DEFAULTS);
            engine.checkReactive(DEFAULTS);
        }
    }

    @Test
    void anEngineIsChosenForWhatItServes() {
        TransportSettings both = DEFAULTS.withEngine(Engine.JDK);
        assertThat(both.blockingEngine()).isEqualTo(Engine.JDK);
        assertThat(both.reactiveEngine()).isEqualTo(Engine.JDK);
        TransportSettings mixed = both.withEngine(Engine.HTTP_COMPONENTS);
        assertThat(mixed.blockingEngine()).isEqualTo(Engine.HTTP_COMPONENTS);
        assertThat(mixed.reactiveEngine()).isEqualTo(Engine.JDK);
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withBlockingEngine(Engine.REACTOR))
            .withMessage("Engine reactor makes no blocking calls; use http-components or jdk");
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withReactiveEngine(Engine.HTTP_COMPONENTS))
            .withMessage("Engine http-components makes no reactive calls; use reactor or jdk");
        assertThat(Engine.of("http-components")).isEqualTo(Engine.HTTP_COMPONENTS);
        assertThatIllegalArgumentException().isThrownBy(() -> Engine.of("netty"))
            .withMessage("There is no engine 'netty'; use one of http-components, reactor, jdk");
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
