package dev.outbound.boot;

import java.net.UnknownHostException;
import java.util.Map;

import dev.outbound.client.Hook;
import dev.outbound.client.Interceptor;
import dev.outbound.client.transport.NameResolver;
import dev.outbound.client.transport.TlsSettings;

/**
 * Gives what settings only name: beans, bundles, the environment.
 */
interface References {

    /** Stands for what is not there yet, to find out what else the core refuses. */
    References UNRESOLVED = new References() {

        @Override
        public NameResolver resolver(String beanName) {
            return (host) -> {
                throw new UnknownHostException(host);
            };
        }

        @Override
        public Interceptor interceptor(String beanName) {
            return (request, next) -> next.send(request);
        }

        @Override
        public Hook hook(String beanName) {
            return new Hook() {
            };
        }

        @Override
        public TlsSettings tls(SslProperties properties) {
            return SslContexts.settings(properties, TlsSettings.defaults());
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

    };

    NameResolver resolver(String beanName);

    Interceptor interceptor(String beanName);

    Hook hook(String beanName);

    TlsSettings tls(SslProperties properties);

    /** The environment variables. */
    Map<String, String> environment();

}
