package dev.outbound.boot;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.Assert;

import dev.outbound.client.Client;
import dev.outbound.client.http.Url;

/**
 * The clients of an application by name: their settings, and the beans that stand for
 * them.
 */
final class ConfiguredClients {

    private final Map<String, ClientProperties> properties = new ConcurrentSkipListMap<>();

    private final Map<String, BoundClient> bound = new ConcurrentSkipListMap<>();

    private boolean strict;

    private Set<String> told = Set.of();

    private final Map<BeanKey, String> beanNames = new HashMap<>();

    /** Read all clients; those with problems are left out. */
    static ConfiguredClients read(ConfigurableEnvironment environment, Problems problems) {
        ConfiguredClients clients = new ConfiguredClients();
        Declarations declarations = new ConfigurationReader(environment, problems).read();
        Placeholders placeholders = new Placeholders(environment);
        ClientBinder binder = new ClientBinder(declarations, placeholders, problems);
        Leftovers.global(declarations.global(), problems);
        Leftovers.defaults(declarations.defaults(), problems);
        binder.bind(declarations.defaults());
        declarations.clients().forEach((name, block) -> clients.add(name, block, binder, problems));
        clients.checkPrimary();
        clients.strict = binder.isTrue(declarations.global(), "strict");
        problems.settle(binder.isTrue(declarations.global(), "ignore-unknown-properties"), clients.strict);
        return clients;
    }

    private void add(String name, Block block, ClientBinder binder, Problems problems) {
        if (block.isEmpty()) {
            problems.fail(block.path(), block.origin(), "Client '" + name + "' is declared without any property.",
                    "Add at least `base-url`, or remove the entry.");
            return;
        }
        boolean anotherName = Leftovers.block(block, problems);
        if (anotherName || !binder.isEnabled(block)) {
            return;
        }
        BoundClient client = binder.bind(block);
        ClientRules.check(client);
        if (client.hasNoFailure()) {
            check(client);
        }
        this.bound.put(name, client);
        this.properties.put(name, client.properties());
    }

    /** What the rules let through, the core may still refuse. */
    private static void check(BoundClient client) {
        try {
            ClientAssembly.apply(client.properties(), Client.builder());
        }
        catch (IllegalArgumentException ex) {
            client.fail("", ex.getMessage() + ".", "Correct the settings of client '" + client.name() + "'.");
        }
    }

    private void checkPrimary() {
        List<BoundClient> primary = this.bound.values()
            .stream()
            .filter((client) -> client.properties().isPrimary())
            .toList();
        if (primary.size() > 1) {
            primary.get(1)
                .fail("primary",
                        "Clients " + primary.stream().map(BoundClient::name).collect(Collectors.joining(" and "))
                                + " are " + ((primary.size() == 2) ? "both" : "all") + " marked primary.",
                        "Keep `primary: true` on one client only.");
        }
    }

    /** Report what is wrong with a client as a whole. */
    void fail(String name, String reason, String action) {
        BoundClient client = this.bound.get(name);
        if (client != null) {
            client.fail("", reason, action);
        }
    }

    /** What is written for a key, or {@code null} where nothing is. */
    @Nullable ConfiguredValue value(String name, String key) {
        BoundClient client = this.bound.get(name);
        return (client != null) ? client.value(key) : null;
    }

    /** Whether a client has the same values in another reading. */
    boolean hasSameValues(String name, ConfiguredClients other) {
        BoundClient mine = this.bound.get(name);
        BoundClient others = other.bound.get(name);
        return mine != null && others != null && mine.hasSameValues(others);
    }

    /** Every property that holds for a client. */
    List<ClientSetting> settings(String name) {
        BoundClient client = this.bound.get(name);
        return (client != null) ? EffectiveSettings.of(client) : List.of();
    }

    /** Let a client connect elsewhere than is written. */
    void connect(String name, Url baseUrl, boolean withBundle, Origin origin) {
        BoundClient client = this.bound.get(name);
        if (client != null) {
            client.connect(baseUrl, withBundle, origin);
        }
    }

    /** Take what another reading says of a client. */
    void take(String name, ConfiguredClients other) {
        BoundClient client = other.bound.get(name);
        if (client != null) {
            this.bound.put(name, client);
            this.properties.put(name, client.properties());
        }
    }

    /** The clients with what is written for them, in the order of their names. */
    Collection<BoundClient> bound() {
        return this.bound.values();
    }

    /** What was told of them, which need not be repeated. */
    Set<String> told() {
        return this.told;
    }

    void setTold(Set<String> told) {
        this.told = told;
    }

    /** Whether what is only warned of fails the start. */
    boolean isStrict() {
        return this.strict;
    }

    /** The settings by name. */
    Map<String, ClientProperties> properties() {
        return this.properties;
    }

    ClientProperties properties(String name) {
        ClientProperties properties = this.properties.get(name);
        Assert.state(properties != null, () -> "No client '" + name + "'");
        return properties;
    }

    void setBeanName(String client, Class<?> type, String beanName) {
        this.beanNames.put(new BeanKey(client, type), beanName);
    }

    /** The bean that stands for a client: ours, or that of the application. */
    @Nullable String beanName(String client, Class<?> type) {
        return this.beanNames.get(new BeanKey(client, type));
    }

    private record BeanKey(String client, Class<?> type) {

    }

}
