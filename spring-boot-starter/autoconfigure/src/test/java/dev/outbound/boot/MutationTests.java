package dev.outbound.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import dev.outbound.boot.Key.Kind;
import dev.outbound.client.Client;

import static org.assertj.core.api.Assertions.assertThat;
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
            "gateway");

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
