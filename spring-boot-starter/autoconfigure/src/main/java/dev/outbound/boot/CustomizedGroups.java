package dev.outbound.boot;

import java.util.function.BiFunction;
import java.util.function.Predicate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.service.registry.HttpServiceGroup;

/**
 * Keeps the configurer that calls the application's customizers for every group of
 * interfaces from those groups whose client does not inherit them.
 *
 * @param <T> the type of the configurer
 * @param configurer the name of Spring Boot's class, which is not public
 * @param type the type of the configurer
 * @param filter makes a configurer for some of the groups
 * @param clients asked only when groups are configured
 */
record CustomizedGroups<T>(String configurer, Class<T> type, BiFunction<T, Predicate<HttpServiceGroup>, T> filter,
        ObjectProvider<ConfiguredClients> clients) implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        boolean ofBoot = bean.getClass().getName().equals(this.configurer) && this.type.isInstance(bean);
        return ofBoot ? this.filter.apply(this.type.cast(bean), this::isCustomized) : bean;
    }

    private boolean isCustomized(HttpServiceGroup group) {
        ClientProperties client = this.clients.getObject().properties().get(group.name());
        return client == null || client.isInheritCustomizers();
    }

}
