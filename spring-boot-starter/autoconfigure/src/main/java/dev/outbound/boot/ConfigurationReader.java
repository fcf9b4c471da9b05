package dev.outbound.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.log.LogMessage;

import dev.outbound.boot.Key.Kind;

import static org.springframework.boot.context.properties.source.ConfigurationPropertySources.isAttachedConfigurationPropertySource;

/**
 * Sorts the properties under {@code outbound} by client. Clients are declared by files
 * and properties; environment variables, whose names are ambiguous, only override what
 * those declare.
 */
final class ConfigurationReader {

    private static final Log logger = LogFactory.getLog(ConfigurationReader.class);

    private static final String CLIENTS_ACTION = "Write `clients:` followed by indented `name:` blocks.";

    private final ConfigurableEnvironment environment;

    private final Problems problems;

    private final Block global = new Block("outbound", null, Schema.GLOBAL);

    private final Block defaults = new Block("outbound.defaults", null, Schema.CLIENT);

    private final Map<String, Block> clients = new TreeMap<>();

    /** Headers and parameters that are declared somewhere. */
    private final List<Schema.Match> entries = new ArrayList<>();

    ConfigurationReader(ConfigurableEnvironment environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    Declarations read() {
        List<RawProperty> properties = RawProperty.of(this.environment);
        for (String name : names(properties)) {
            this.clients.put(PropertyPath.uniform(name), new Block("outbound.clients." + name, name, Schema.CLIENT));
        }
        for (RawProperty property : properties) {
            collectEntry(property);
        }
        addAll(properties);
        Map<String, Block> byName = new TreeMap<>();
        this.clients.values().forEach((block) -> byName.put(String.valueOf(block.client()), block));
        return new Declarations(this.global, this.defaults, byName);
    }

    private Set<String> names(List<RawProperty> properties) {
        ClientNames names = new ClientNames();
        for (RawProperty property : properties) {
            PropertyPath path = property.path();
            if (!property.variable() && path.matches(0, "outbound") && path.matches(1, "clients")) {
                if (path.size() > 2 && !isIndex(path.element(2))) {
                    names.add(path.element(2), property.value());
                }
                else if (path.size() > 2 || path.index() != null) {
                    this.problems.fail("outbound.clients", property.value().origin(),
                            "`outbound.clients` must be a map of client names; a list was found.", CLIENTS_ACTION);
                }
                else if (!property.value().text().isEmpty()) {
                    this.problems.fail(property.value(),
                            "`outbound.clients` must be a map of client names; a text was found.", CLIENTS_ACTION);
                }
            }
        }
        return names.check(this.problems);
    }

    private static boolean isIndex(String element) {
        return !element.isEmpty() && element.chars().allMatch(Character::isDigit);
    }

    private void collectEntry(RawProperty property) {
        PropertyPath path = property.path();
        if (!property.variable() && path.matches(0, "outbound")) {
            int start = path.matches(1, "clients") ? 3 : 2;
            Schema.Match match = (path.size() > start) ? Schema.CLIENT.find(path.from(start)) : null;
            if (match != null && match.key().is(Kind.MAP)) {
                this.entries.add(match);
                YamlScalar.check(property, match, this.problems);
            }
        }
    }

    /**
     * Add in the order of the property sources, those without a list of names included.
     */
    private void addAll(List<RawProperty> properties) {
        int rank = 0;
        for (PropertySource<?> source : this.environment.getPropertySources()) {
            for (RawProperty property : properties) {
                if (property.value().source() == rank) {
                    add(property);
                }
            }
            if (!(source instanceof EnumerablePropertySource) && !isAttachedConfigurationPropertySource(source)) {
                ask(source, rank);
            }
            rank++;
        }
    }

    private void add(RawProperty property) {
        if (property.variable()) {
            addVariable(property);
            return;
        }
        PropertyPath path = property.path();
        if (!path.matches(0, "outbound") || path.size() < 2) {
            return;
        }
        if (path.matches(1, "clients")) {
            Block client = (path.size() > 2) ? this.clients.get(PropertyPath.uniform(path.element(2))) : null;
            if (client != null) {
                client.add(path.from(3), property.value());
            }
        }
        else if (path.matches(1, "defaults")) {
            this.defaults.add(path.from(2), property.value());
        }
        else {
            this.global.add(path.from(1), property.value());
        }
    }

    private void addVariable(RawProperty property) {
        EnvironmentVariable variable = EnvironmentVariable.of(property.name());
        Block block = this.defaults;
        EnvironmentVariable rest = variable.startsWith("defaults") ? variable.from(2) : null;
        for (Block client : this.clients.values()) {
            EnvironmentVariable within = variable.within(String.valueOf(client.client()));
            if (within != null && (rest == null || within.match(Schema.CLIENT, this.entries) != null)) {
                block = client;
                rest = within;
            }
        }
        Schema.Match match = (rest != null) ? rest.match(Schema.CLIENT, this.entries) : null;
        if (match != null) {
            String name = block.path() + "." + match.shown();
            logger.debug(LogMessage.format("%s overrides %s", property.name(), name));
            block.add(match, new ConfiguredValue(name, property.value().text(), property.value().origin(),
                    property.value().source()));
        }
        else if (variable.isOurs()) {
            Leftovers.variable(property, (rest != null) ? block : null, this.clients.values(), this.problems);
        }
        else {
            addGlobalVariable(variable, property);
        }
    }

    private void addGlobalVariable(EnvironmentVariable variable, RawProperty property) {
        Schema.Match match = variable.from(1).match(Schema.GLOBAL, List.of());
        if (match != null) {
            this.global.add(match, property.value());
        }
    }

    /** Some sources, such as JNDI, can only be asked for a name. */
    private void ask(PropertySource<?> source, int rank) {
        ask(source, rank, this.defaults);
        this.clients.values().forEach((client) -> ask(source, rank, client));
    }

    private static void ask(PropertySource<?> source, int rank, Block block) {
        for (Key key : Schema.CLIENT.keys()) {
            String name = block.path() + "." + key.path();
            Object value = key.is(Kind.SCALAR) ? valueOf(source, name) : null;
            if (value != null) {
                block.add(new Schema.Match(key, "", null),
                        new ConfiguredValue(name, value.toString(), PropertySourceOrigin.get(source, name), rank));
            }
        }
    }

    private static @Nullable Object valueOf(PropertySource<?> source, String name) {
        try {
            return source.getProperty(name);
        }
        catch (RuntimeException ex) {
            // Boot's own lookup ignores sources that refuse a name, too
            return null;
        }
    }

}
