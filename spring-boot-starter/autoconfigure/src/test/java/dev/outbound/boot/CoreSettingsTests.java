package dev.outbound.boot;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonDifferenceCalculator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientSettings;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.retry.RetryPolicyBuilder;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.TlsSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything that the core can be told has a key, or a reason in
 * {@code core-settings.txt} why it has none; and each key is applied.
 */
class CoreSettingsTests {

    private static final List<Class<?>> CORE = List.of(ClientBuilder.class, Timeouts.class, Limits.class,
            TlsSettings.class, RedirectPolicy.class, Proxies.class, Proxy.class, AddressGuard.class,
            RetryPolicyBuilder.class, HedgePolicy.class);

    private static final Map<String, Row> TABLE = table();

    private static Map<String, Row> table() {
        Map<String, Row> rows = new LinkedHashMap<>();
        try (InputStream in = CoreSettingsTests.class.getResourceAsStream("/core-settings.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter((line) -> !line.isBlank() && !line.startsWith("#"))
                .map((line) -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .forEach((cells) -> rows.put(cells.get(0),
                        new Row(cells.get(0), cells.get(1), (cells.size() > 2) ? cells.get(2) : "")));
        }
        catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
        return rows;
    }

    @Test
    void everySettingOfTheCoreIsInTheTable() {
        Set<String> settings = new TreeSet<>();
        CORE.forEach((type) -> Arrays.stream(type.getDeclaredMethods())
            .filter((method) -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
            .filter((method) -> method.getReturnType() == type)
            .map(Method::getName)
            .forEach((name) -> settings.add(type.getSimpleName() + "." + name)));
        assertThat(TABLE.keySet()).containsExactlyInAnyOrderElementsOf(settings);
    }

    static Stream<Row> rows() {
        return TABLE.values().stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyKeyExists(Row row) {
        if (row.keys().startsWith("-")) {
            assertThat(row.keys()).hasSizeGreaterThan(10);
            return;
        }
        assertThat(Schema.CLIENT.paths()).containsAll(List.of(row.keys().split(", ")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theSampleChangesTheSettings(Row row) {
        if (!row.sample().isEmpty()) {
            Map<String, String> sample = row.properties();
            Map<String, String> others = new LinkedHashMap<>(sample);
            // What a key needs beside it is not the change that it makes
            others.keySet().removeIf((key) -> Arrays.stream(row.keys().split(", ")).anyMatch(key::startsWith));
            assertThat(same(sample, sample)).isTrue();
            if (others.containsKey("ssrf.mode") && sample.get("ssrf.mode").equals("allowed-hosts")) {
                others.put("ssrf.mode", "off");
            }
            assertThat(same(sample, others)).isFalse();
        }
    }

    /** But for what is drawn at random. */
    private static boolean same(Map<String, String> keys, Map<String, String> others) {
        RecursiveComparisonConfiguration comparison = RecursiveComparisonConfiguration.builder()
            .withIgnoredFieldsMatchingRegexes(".*\\.random", ".*\\.seed")
            .build();
        return new RecursiveComparisonDifferenceCalculator()
            .determineDifferences(settings(keys), settings(others), comparison)
            .isEmpty();
    }

    private static ClientSettings settings(Map<String, String> keys) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("outbound.clients.a.base-url", "https://a.example.com");
        boolean retry = keys.keySet().stream().anyMatch((key) -> key.startsWith("retry"));
        if (retry) {
            properties.put("outbound.clients.a.retry", "");
        }
        keys.forEach((key, value) -> properties.put("outbound.clients.a." + key, value));
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        Problems problems = new Problems();
        ConfiguredClients clients = ConfiguredClients.read(environment, problems);
        assertThat(problems.failures()).isEmpty();
        ClientBuilder builder = Client.builder().cookies(CookieJar.none());
        ClientAssembly.apply(clients.properties().get("a"), builder);
        return builder.settings();
    }

    record Row(String setting, String keys, String sample) {

        Map<String, String> properties() {
            Map<String, String> properties = new LinkedHashMap<>();
            for (String pair : this.sample.split("; ")) {
                properties.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            return properties;
        }

        @Override
        public String toString() {
            return this.setting;
        }

    }

}
