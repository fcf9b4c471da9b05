package dev.outbound.boot;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads the configuration as it is now, with all that a start would say of it: mistakes
 * each time, and what is only told once for as long as it holds.
 */
final class CurrentConfiguration implements Supplier<ConfiguredClients> {

    private final ContextRules rules;

    private final ConfigurableEnvironment environment;

    private Set<String> told;

    /**
     * Begin with what the start has read.
     * @throws InvalidClientConfigurationException if the context tells that something is
     * wrong with it
     */
    CurrentConfiguration(ConfiguredClients first, ContextRules rules, ConfigurableEnvironment environment) {
        this.rules = rules;
        this.environment = environment;
        Problems problems = new Problems();
        rules.check(first, problems);
        this.told = new HashSet<>(first.told());
        this.told.addAll(problems.report(first.told()));
    }

    /**
     * Read all clients as a start does.
     * @throws InvalidClientConfigurationException if something is wrong, with all of it
     */
    @Override
    public synchronized ConfiguredClients get() {
        Problems problems = new Problems();
        ConfiguredClients now = ConfiguredClients.read(this.environment, problems);
        LiteralSecrets.check(this.environment, problems);
        SpringGroups.check(this.environment, now, problems);
        problems.throwFailures();
        this.rules.check(now, problems);
        this.told = problems.report(this.told);
        return now;
    }

}
