package dev.outbound.boot;

import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import dev.outbound.client.Hook;
import dev.outbound.client.Interceptor;
import dev.outbound.client.transport.NameResolver;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.TlsSettings;

/**
 * Finds what settings name in the application context.
 */
record BeanReferences(NamedBeans beans, SslContexts sslContexts,
        ConfigurableEnvironment springEnvironment) implements References {

    /** Check what the configuration alone cannot tell. */
    void check(ConfiguredClients clients, Problems problems) {
        clients.properties().forEach((name, properties) -> {
            this.beans.check(Interceptor.class, properties.getInterceptors(), clients.value(name, "interceptors"),
                    problems);
            this.beans.check(Hook.class, properties.getHooks(), clients.value(name, "hooks"), problems);
            ConfiguredValue resolver = clients.value(name, "resolver");
            if (resolver != null && properties.getResolver() != null) {
                this.beans.check(NameResolver.class, properties.getResolver(), resolver, problems);
            }
            ConfiguredValue environment = clients.value(name, "proxy.environment");
            if (environment != null) {
                checkEnvironment(properties.getProxy(), environment, problems);
            }
        });
    }

    private void checkEnvironment(@Nullable ProxyProperties proxy, ConfiguredValue value, Problems problems) {
        try {
            if (proxy != null && proxy.isEnvironment()) {
                Proxies.environment(environment());
            }
        }
        catch (IllegalArgumentException ex) {
            problems.fail(value, ex.getMessage() + ".",
                    "Correct the environment variable, or remove proxy.environment.");
        }
    }

    @Override
    public NameResolver resolver(String beanName) {
        return this.beans.get(beanName, NameResolver.class);
    }

    @Override
    public Interceptor interceptor(String beanName) {
        return this.beans.get(beanName, Interceptor.class);
    }

    @Override
    public Hook hook(String beanName) {
        return this.beans.get(beanName, Hook.class);
    }

    @Override
    public TlsSettings tls(SslProperties properties) {
        return this.sslContexts.settings(properties);
    }

    @Override
    public Map<String, String> environment() {
        PropertySource<?> source = this.springEnvironment.getPropertySources()
            .get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        return (source instanceof SystemEnvironmentPropertySource variables)
                ? variables.getSource()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, (entry) -> String.valueOf(entry.getValue())))
                : Map.of();
    }

}
