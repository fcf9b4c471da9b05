package dev.outbound.boot;

/**
 * What only the application context can tell of the configuration: which bundles, beans,
 * registrations and engines there are. Nothing is connected to for it.
 */
record ContextRules(ConnectionOverrides overrides, SslContexts sslContexts, Authentications authentications,
        BeanReferences references, EngineRules engines, JsonRules json) {

    /** Check all clients, with the details of connections that beans give. */
    void check(ConfiguredClients clients, Problems problems) {
        this.overrides.apply(clients, problems);
        this.sslContexts.check(clients, problems);
        this.authentications.check(clients, problems);
        this.references.check(clients, problems);
        this.engines.check(clients, problems);
        if (!clients.properties().isEmpty()) {
            this.json.check(problems);
        }
        GuardRules.checkLibraries(clients, this.engines.classLoader(), problems);
        problems.settle(false, clients.isStrict());
    }

}
