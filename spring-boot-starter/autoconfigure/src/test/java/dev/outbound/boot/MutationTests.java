package dev.outbound.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import dev.outbound.boot.Key.Kind;
import dev.outbound.client.Client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Whatever is written for a key, it is reported or it makes a client: nothing else is
 * thrown, and no key is ignored because one letter of it is wrong.
 */
@Tag("slow")
class MutationTests {

    private static final List<String> NASTY = List.of("", " ", "none", "NONE", "null", "true", "yes", "0", "-0", "-1",
            "+1", "1", "5", "007", "1e9", "NaN", "Infinity", "999999999999999999999", "-9223372036854775808", "5s",
            "-5s", "0ms", "PT5S", "-PT5S", "P1D", "PT", "5 s", "5,5s", "99999999999s", "1MB", "1mb", "-1MB", "50%",
            "a,b", ",", "[", "]", "{", "{a}", "${", "${}", "${a:}", "${MISSING}", "#{1}", "https://x", "//x", "x:1",
            "https://x:99999", "https://[", "https://u:p@x", "\u0000", "a\nb", "a\rb", "\u20ac", "\u00fc",
            "\ud83d\ude00", "../..", "%", "%zz", "x".repeat(10_000), "basic", "bearer", "full", "follow", "5xx",
            "gateway", "jdk", "reactor", "127.0.0.1", "::1", "fe80::1%nope", "256.1.1.1", "TLSv1.3", "sha-256",
            "all://", "10.0.0.0/8", "0B", "utf-16");

    static Stream<Key> keys() {
        return Schema.CLIENT.keys().stream();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyValueIsReportedOrMakesAClient(Key key) {
        String path = key.is(Kind.MAP) ? key.path() + ".X-Name" : key.path();
        for (String value : NASTY) {
            assertThatNoException().as(path + "=" + value).isThrownBy(() -> {
                Map<String, Object> properties = properties();
                properties.put("outbound.clients.billing." + path, value);
                read(properties);
                properties.put("outbound.clients.billing." + path + "[0]", value);
                read(properties);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everySlipOfTheKeyboardIsReported(Key key) {
        for (int i = 0; i < key.path().length(); i++) {
            char c = key.path().charAt(i);
            if (c == '.' || c == '-') {
                continue;
            }
            String mistyped = key.path().substring(0, i) + ((c == 'x') ? 'q' : 'x') + key.path().substring(i + 1)
                    + (key.is(Kind.MAP) ? ".X-Name" : "");
            Map<String, Object> properties = properties();
            properties.put("outbound.clients.billing." + mistyped, "1");
            assertThat(read(properties)).as(mistyped).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyNastyNameIsReportedOrMakesAClient(Key key) {
        for (String name : NASTY) {
            assertThatNoException().as(name).isThrownBy(() -> {
                read(Map.of("outbound.clients." + name + "." + key.path(), "1"));
                read(Map.of("outbound." + key.path() + "." + name, "1"));
                read(Map.of("outbound.clients.billing." + key.path() + "." + name, "1"));
            });
        }
    }

    /** Drawn once and for all, so that a failure can be repeated. */
    static Stream<Arguments> drawn() {
        Random random = new Random(1);
        List<Key> keys = keys().toList();
        return Stream.generate(() -> {
            Key key = keys.get(random.nextInt(keys.size()));
            return Arguments.of(key.is(Kind.MAP) ? key.path() + ".X-Name" : key.path(),
                    NASTY.get(random.nextInt(NASTY.size())));
        }).limit(50);
    }

    @ParameterizedTest
    @MethodSource("drawn")
    void everyContextStartsOrSaysWhyAndConnectsToNothing(String path, String value) throws IOException {
        try (ServerSocket upstream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("outbound.clients.crm.base-url", "http://127.0.0.1:" + upstream.getLocalPort());
            properties.put("outbound.clients.billing.base-url", "http://127.0.0.1:" + upstream.getLocalPort());
            properties.put("outbound.clients.billing." + path, value);
            new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, OutboundAutoConfiguration.class))
                .withInitializer((context) -> context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("test", properties)))
                .run((context) -> {
                    if (context.getStartupFailure() != null) {
                        assertThat(new InvalidClientConfigurationFailureAnalyzer().analyze(context.getStartupFailure()))
                            .as("analysis of " + context.getStartupFailure())
                            .isNotNull();
                        return;
                    }
                    Clients clients = context.getBean(Clients.class);
                    clients.names().forEach((name) -> assertThat(clients.session(name).isClosed()).isFalse());
                });
            upstream.setSoTimeout(1);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(upstream::accept);
        }
    }

    private static Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("outbound.clients.billing.base-url", "https://api.example.com");
        return properties;
    }

    private static List<Problem> read(Map<String, Object> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        Problems problems = new Problems();
        ConfiguredClients clients = ConfiguredClients.read(environment, problems);
        problems.failures().forEach(Problem::describe);
        if (problems.failures().isEmpty()) {
            clients.properties().values().forEach((client) -> ClientAssembly.apply(client, Client.builder()));
        }
        return problems.failures();
    }

}
