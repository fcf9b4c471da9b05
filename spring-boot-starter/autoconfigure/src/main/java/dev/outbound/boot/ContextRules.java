package dev.outbound.boot;

/**
 * What only the application context can tell of the configuration: which bundles, beans,
 * registrations and engines there are. Nothing is connected to for it.
 */
record ContextRules(ConnectionOverrides overrides, SslContexts sslContexts, Authentications authentications,
        BeanReferences references, EngineRules engines) {

    /**
     * Check all clients, with the details of connections that beans give.
     * @throws InvalidClientConfigurationException if something is wrong, with all of it
     */
    void check(ConfiguredClients clients) {
        Problems problems = new Problems();
        this.overrides.apply(clients, problems);
        this.sslContexts.check(clients, problems);
        this.authentications.check(clients, problems);
        this.references.check(clients, problems);
        this.engines.check(clients, problems);
        GuardRules.checkLibraries(clients, this.engines.classLoader(), problems);
        problems.settle(false, clients.isStrict());
        problems.report();
    }

}
