package dev.outbound.boot;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.ConfigurableEnvironment;

import dev.outbound.client.RedirectMode;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Url;

/**
 * Spring Boot has properties of its own for a group of {@code @HttpExchange} interfaces.
 * Where the group has the name of a client, the client answers for them: what both say
 * must be the same, for only one of them could be true.
 */
final class SpringGroups {

    private static final String PREFIX = "spring.http.serviceclient";

    private static final ResolvableType HEADERS = ResolvableType.forClassWithGenerics(Map.class,
            ResolvableType.forClass(String.class), ResolvableType.forClassWithGenerics(List.class, String.class));

    private final ConfigurableEnvironment environment;

    private final String name;

    private final ClientProperties client;

    private final Problems problems;

    private SpringGroups(ConfigurableEnvironment environment, String name, ClientProperties client, Problems problems) {
        this.environment = environment;
        this.name = name;
        this.client = client;
        this.problems = problems;
    }

    static void check(ConfigurableEnvironment environment, ConfiguredClients clients, Problems problems) {
        clients.properties()
            .forEach((name, properties) -> new SpringGroups(environment, name, properties, problems).check());
        SpringDefaults.check(environment, clients, problems);
        problems.settle(false, clients.isStrict());
    }

    private void check() {
        if (!isConfigured()) {
            return;
        }
        checkBaseUrl();
        checkTimeout("connect-timeout", "connect", this.client.getTimeouts().getConnect());
        checkTimeout("read-timeout", "read", this.client.getTimeouts().getRead());
        checkRedirects();
        checkCookies();
        checkSsl();
        checkHeaders();
    }

    /**
     * Asked first, for that is cheap where there are many clients, and binding is not.
     */
    private boolean isConfigured() {
        ConfigurationPropertyName group = ConfigurationPropertyName.of(PREFIX + "." + this.name);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
            if (source.containsDescendantOf(group) != ConfigurationPropertyState.ABSENT) {
                return true;
            }
        }
        return false;
    }

    private void checkBaseUrl() {
        Value value = find("base-url");
        if (value != null && !value.text().isBlank()) {
            Url baseUrl = this.client.getBaseUrl();
            if (baseUrl == null || !baseUrl.asBase().equals(base(value.text()))) {
                differs(value, (baseUrl != null) ? "calls " + baseUrl.redacted() : "has no base URL", "base-url");
            }
        }
    }

    private static @Nullable Url base(String text) {
        try {
            return Url.parse(text).asBase();
        }
        catch (InvalidUrlException ex) {
            return null;
        }
    }

    private void checkTimeout(String key, String limit, @Nullable Duration ours) {
        Value value = find(key);
        if (value != null && !Objects.equals(ours, duration(value.text()))) {
            differs(value, "has timeouts." + limit + " " + ((ours != null) ? DurationText.shown(ours) : "none"),
                    "timeouts." + limit);
        }
    }

    private static @Nullable Duration duration(String text) {
        try {
            return DurationStyle.detectAndParse(text);
        }
        catch (IllegalArgumentException ex) {
            return null;
        }
    }

    private void checkRedirects() {
        Value value = find("redirects");
        boolean follows = this.client.getRedirects().getMode() != RedirectMode.NONE;
        if (value != null && follows == uniform(value.text()).equals("dontfollow")) {
            differs(value, "has redirects.mode " + this.client.getRedirects().getMode().name().toLowerCase(Locale.ROOT),
                    "redirects.mode");
        }
    }

    private void checkCookies() {
        Value value = find("cookie-handling");
        if (value != null && this.client.isCookies() == uniform(value.text()).equals("disable")) {
            differs(value, "has cookies " + this.client.isCookies(), "cookies");
        }
    }

    private void checkSsl() {
        Value value = find("ssl.bundle");
        String bundle = this.client.getSsl().getBundle();
        if (value != null && !value.text().equals(bundle)) {
            differs(value, (bundle != null) ? "has ssl.bundle " + ValueParser.quoted(bundle) : "has no ssl.bundle",
                    "ssl.bundle");
        }
    }

    private void checkHeaders() {
        Map<String, List<String>> headers = Binder.get(this.environment)
            .bind(property("default-header"), Bindable.<Map<String, List<String>>>of(HEADERS))
            .orElse(Map.of());
        headers.forEach((header, values) -> {
            List<String> ours = ours(header);
            boolean authenticates = header.equalsIgnoreCase("Authorization") && this.client.getAuth() != null
                    && this.client.getAuth().getType() != AuthenticationType.NONE;
            if (authenticates || (ours != null && !String.join(", ", ours).equals(String.join(", ", values)))) {
                this.problems.fail(property("default-header") + "." + header, null,
                        "Client '" + this.name + "' of the same name sends another value of header " + header + ".",
                        "Keep one of them, below outbound.clients." + this.name + ".");
            }
        });
    }

    private @Nullable List<String> ours(String header) {
        return this.client.getHeaders()
            .entrySet()
            .stream()
            .filter((entry) -> entry.getKey().equalsIgnoreCase(header))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
    }

    private void differs(Value value, String ours, String key) {
        this.problems.fail(new ConfiguredValue(value.property(), value.text(), value.found().getOrigin(), 0),
                "This is said of the group of HTTP services, but client '" + this.name + "' of the same name " + ours
                        + ".",
                "Keep one of them: `outbound.clients." + this.name + "." + key + "`.");
    }

    private String property(String key) {
        return PREFIX + "." + this.name + "." + key;
    }

    private @Nullable Value find(String key) {
        ConfigurationPropertyName property = ConfigurationPropertyName.of(property(key));
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(property);
            if (found != null) {
                String text = this.environment.resolvePlaceholders(String.valueOf(found.getValue()));
                return new Value(property.toString(), text, found);
            }
        }
        return null;
    }

    /** An enum constant as it may be written. */
    private static String uniform(String text) {
        return text.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
    }

    private record Value(String property, String text, ConfigurationProperty found) {

    }

}
