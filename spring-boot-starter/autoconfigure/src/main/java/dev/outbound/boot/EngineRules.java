package dev.outbound.boot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.EngineSetting;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * The engines of a client are there and can do what is asked of them. Who brings
 * transports of their own decides that themselves.
 *
 * @param transports what the engines come from
 * @param classLoader where the engines' libraries are looked for
 */
record EngineRules(Transports transports, @Nullable ClassLoader classLoader) {

    void check(ConfiguredClients clients, Problems problems) {
        checkVerification(problems);
        if (!clients.properties().isEmpty()) {
            EngineVersions.check(this.classLoader, problems);
        }
        clients.bound().forEach((client) -> {
            checkPresent(client, "blocking", client.properties().getEngine().getBlocking(), problems);
            checkPresent(client, "reactive", client.properties().getEngine().getReactive(), problems);
            checkHonoured(client, problems);
        });
    }

    /** A property of the JVM that concerns all clients. */
    private static void checkVerification(Problems problems) {
        try {
            TransportSettings.defaults("client").check();
        }
        catch (IllegalStateException ex) {
            problems.fail("outbound.clients", null, ex.getMessage() + ".",
                    "Remove the system property, and use an SSL bundle with the server's CA.");
        }
    }

    /** One that is a default may be missing until a call needs it. */
    private void checkPresent(BoundClient client, String kind, Engine engine, Problems problems) {
        ConfiguredValue value = client.value("engine." + kind);
        if (value != null && !ClassUtils.isPresent(engine.className(), this.classLoader)) {
            problems.fail(value,
                    "Engine " + engine + " needs class " + engine.className() + ", which is not on the class path.",
                    "Add `" + engine.artifact() + "` (version managed by Spring Boot), or use engine jdk.");
        }
    }

    private void checkHonoured(BoundClient client, Problems problems) {
        ClientBuilder builder = Client.builder().name(client.name());
        ClientAssembly.apply(client.properties(), builder);
        TransportSettings settings = builder.settings().transport();
        Map<EngineSetting, List<String>> refusing = new EnumMap<>(EngineSetting.class);
        Map<EngineSetting, List<String>> others = new EnumMap<>(EngineSetting.class);
        if (refuses(() -> this.transports.checkBlocking(settings))) {
            add(settings.blockingEngine(), settings, Engine::isBlocking, "blocking", refusing, others);
        }
        if (refuses(() -> this.transports.checkReactive(settings))) {
            add(settings.reactiveEngine(), settings, Engine::isReactive, "reactive", refusing, others);
        }
        refusing.forEach((setting, engines) -> {
            String key = keys(setting).map(client::firstIn).filter(Objects::nonNull).findFirst().orElse("");
            ConfiguredValue value = client.value(key);
            String reason = "The " + String.join(" and the ", engines.stream().distinct().toList()) + " engine"
                    + ((engines.stream().distinct().count() > 1) ? "s" : "") + " cannot honour "
                    + (key.isEmpty() ? setting.toString() : key) + heir(client, key) + ".";
            List<String> able = others.getOrDefault(setting, List.of());
            String action = able.isEmpty() ? "Remove it."
                    : "Remove it, or use engine " + String.join(" and ", able) + ".";
            if (value != null) {
                problems.fail(value, reason, action);
            }
            else {
                problems.fail(client.path(key), client.own().origin(), reason, action);
            }
        });
    }

    /** Who has the engine, where that is not the client for which the key is written. */
    private static String heir(BoundClient client, String key) {
        boolean inherited = !key.isEmpty() && client.distance(key) > 0
                && client.level(client.distance(key)).client() != null;
        return inherited ? ", which client '" + client.name() + "' inherits" : "";
    }

    private static boolean refuses(Runnable check) {
        try {
            check.run();
            return false;
        }
        catch (IllegalStateException ex) {
            return true;
        }
    }

    private static void add(Engine engine, TransportSettings settings, Predicate<Engine> kind, String name,
            Map<EngineSetting, List<String>> refusing, Map<EngineSetting, List<String>> others) {
        for (EngineSetting setting : engine.refused(settings)) {
            refusing.computeIfAbsent(setting, (key) -> new ArrayList<>()).add(engine.toString());
            Arrays.stream(Engine.values())
                .filter((other) -> kind.test(other) && other.honours(setting))
                .forEach((other) -> others.computeIfAbsent(setting, (key) -> new ArrayList<>())
                    .add(other + " (" + name + ")"));
        }
    }

    /** What may have been written to ask for something. */
    private static Stream<String> keys(EngineSetting setting) {
        return switch (setting) {
            case BLOCKING_ENGINE -> Stream.of("engine.blocking");
            case REACTIVE_ENGINE -> Stream.of("engine.reactive");
            case MAX_CONNECTIONS -> Stream.of("pool.max-connections");
            case KEEP_ALIVE -> Stream.of("pool.idle", "pool.lifetime");
            case TLS -> Stream.of("ssl.bundle", "ssl.protocols", "ssl.ciphers", "ssl.pins");
            case TIMEOUTS -> Stream.of("timeouts.connect", "timeouts.tls", "timeouts.write", "timeouts.pool");
            case READ_TIMEOUT -> Stream.of("timeouts.read");
            case HTTP_2, HTTP_2_PRIOR_KNOWLEDGE -> Stream.of("http2");
            case HTTP_PROXY, HTTPS_PROXY, SOCKS_PROXY -> Stream.of("proxy.url", "proxy.mounts", "proxy.environment");
            case RESOLVER -> Stream.of("resolver");
            case ADDRESSES -> Stream.of("addresses");
            case LOCAL_ADDRESS -> Stream.of("local-address");
            case ADDRESS_GUARD -> Stream.of("ssrf.mode");
            case SERVER_NAME -> Stream.of("ssl.server-name");
            case LIMITS -> Stream.of("limits.response-headers", "limits.response-header-lines",
                    "limits.informational-responses", "limits.drain");
        };
    }

}
