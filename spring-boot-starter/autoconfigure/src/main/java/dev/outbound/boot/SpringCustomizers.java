package dev.outbound.boot;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * The customizers that Spring Boot calls for every {@code RestClient} or
 * {@code WebClient} of an application. For a named client only Spring Boot's own are,
 * that of the message converters for example: those of the application may add a token
 * that is meant for one server, and would hand it to all of them.
 *
 * @param <C> the type of the customizers
 */
final class SpringCustomizers<C> {

    private static final Log logger = LogFactory.getLog(SpringCustomizers.class);

    private final Class<C> type;

    private final ListableBeanFactory beanFactory;

    private final ConfiguredClients clients;

    SpringCustomizers(Class<C> type, ListableBeanFactory beanFactory, ConfiguredClients clients) {
        this.type = type;
        this.beanFactory = beanFactory;
        this.clients = clients;
        tell();
    }

    private void tell() {
        TreeSet<String> left = new TreeSet<>();
        this.beanFactory.getBeansOfType(this.type)
            .entrySet()
            .stream()
            .filter((bean) -> !isOfSpringBoot(bean.getValue()))
            .map(Map.Entry::getKey)
            .forEach(left::add);
        List<String> without = this.clients.properties()
            .keySet()
            .stream()
            .filter((name) -> !isInherited(name))
            .toList();
        if (!left.isEmpty() && !without.isEmpty()) {
            logger.info(this.type.getSimpleName() + " beans are not called for the HTTP clients "
                    + String.join(", ", without) + ": " + String.join(", ", left)
                    + ". Set `inherit-customizers: true` where what they add may be sent.");
        }
    }

    /** Whether a client has those of the application, too. */
    boolean isInherited(String clientName) {
        return this.clients.properties(clientName).isInheritCustomizers();
    }

    Stream<C> of(String clientName) {
        return this.beanFactory.getBeanProvider(this.type)
            .orderedStream()
            .filter((customizer) -> isInherited(clientName) || isOfSpringBoot(customizer));
    }

    private static boolean isOfSpringBoot(Object customizer) {
        String name = ClassUtils.getUserClass(customizer).getName();
        return name.startsWith("org.springframework.boot.") && !name.contains(".test.");
    }

}
