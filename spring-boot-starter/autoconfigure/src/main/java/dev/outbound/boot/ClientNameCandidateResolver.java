package dev.outbound.boot;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;

/**
 * Lets {@code Client github} and {@code ReactiveClient github} find their beans by the
 * name of the parameter.
 * <p>
 * Both types answer the client's name, so an alias would serve only one of them, and it
 * would take the name {@code github} away from the application.
 */
final class ClientNameCandidateResolver extends ContextAnnotationAutowireCandidateResolver {

    private final ConfiguredClients clients;

    private ClientNameCandidateResolver(ConfiguredClients clients) {
        this.clients = clients;
    }

    /**
     * Take the place of Spring's own resolver; one that somebody else has put there
     * stays.
     */
    static void install(DefaultListableBeanFactory beanFactory, ConfiguredClients clients) {
        if (beanFactory.getAutowireCandidateResolver().getClass() == ContextAnnotationAutowireCandidateResolver.class) {
            beanFactory.setAutowireCandidateResolver(new ClientNameCandidateResolver(clients));
        }
    }

    @Override
    public @Nullable String getSuggestedName(DependencyDescriptor descriptor) {
        String suggested = super.getSuggestedName(descriptor);
        String dependency = descriptor.getDependencyName();
        if (suggested != null || dependency == null || !ClientBeanType.OWN.contains(descriptor.getDependencyType())) {
            return suggested;
        }
        Class<?> type = descriptor.getDependencyType();
        for (Map.Entry<String, ClientProperties> client : this.clients.properties().entrySet()) {
            String beanName = this.clients.beanName(client.getKey(), type);
            if (beanName != null && ClientBeans.camelCase(client.getKey()).equals(dependency)) {
                return beanName;
            }
        }
        return null;
    }

}
