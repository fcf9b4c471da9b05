package dev.outbound.boot;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;

/**
 * Finds the customizers of a client: those for all clients, and those whose name or
 * qualifier is the client's.
 */
final class Customizers {

    private final ListableBeanFactory beanFactory;

    private final Set<String> clientNames;

    Customizers(ListableBeanFactory beanFactory, ConfiguredClients clients) {
        this.beanFactory = beanFactory;
        this.clientNames = clients.properties().keySet();
    }

    <T> Stream<T> of(Class<T> type, String clientName) {
        Map<T, String> beanNames = new IdentityHashMap<>();
        this.beanFactory.getBeansOfType(type).forEach((beanName, bean) -> beanNames.put(bean, beanName));
        return this.beanFactory.getBeanProvider(type)
            .orderedStream()
            .filter((customizer) -> concerns(beanNames.get(customizer), clientName));
    }

    private boolean concerns(@Nullable String beanName, String clientName) {
        // A prototype is another instance each time, and known by no name.
        if (beanName == null
                || BeanFactoryAnnotationUtils.isQualifierMatch(clientName::equals, beanName, this.beanFactory)) {
            return true;
        }
        return this.clientNames.stream()
            .noneMatch(
                    (other) -> BeanFactoryAnnotationUtils.isQualifierMatch(other::equals, beanName, this.beanFactory));
    }

}
