package dev.outbound.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;

/**
 * A kind of bean that each client has.
 *
 * @param <T> the type of the bean
 * @param type the type of the bean
 * @param suffix what its name has behind the name of the client
 * @param foreign whether the type is Spring's: then it is injected by qualifier only, so
 * that an application's own beans of the type stay what they are
 * @param shared whether there is one instance, or one for each injection
 * @param factory makes it for the client of a name
 */
record ClientBeanType<T>(Class<T> type, String suffix, boolean foreign, boolean shared,
        BiFunction<BeanFactory, String, T> factory) {

    /** Whose beans ask for none: with qualifier, parameter name or nothing. */
    static final List<Class<?>> OWN = List.of(Client.class, ReactiveClient.class);

    /** The kinds whose classes are on the class path. */
    static List<ClientBeanType<?>> all(ClassLoader classLoader) {
        List<ClientBeanType<?>> all = new ArrayList<>(List.of(
                new ClientBeanType<>(Client.class, "Client", false, true,
                        (beans, name) -> clients(beans).session(name).client()),
                new ClientBeanType<>(ReactiveClient.class, "ReactiveClient", false, true,
                        (beans, name) -> clients(beans).session(name).reactiveClient()),
                new ClientBeanType<>(RestClient.class, "RestClient", true, true,
                        (beans, name) -> beans.getBean(RestClientFaces.class).builder(name).build()),
                new ClientBeanType<>(RestClient.Builder.class, "RestClientBuilder", true, false,
                        (beans, name) -> beans.getBean(RestClientFaces.class).builder(name))));
        if (ClassUtils.isPresent("org.springframework.web.reactive.function.client.WebClient", classLoader)) {
            all.addAll(Reactive.TYPES);
        }
        return all;
    }

    static boolean isForeign(Class<?> type) {
        return all(ClientBeanType.class.getClassLoader()).stream()
            .anyMatch((known) -> known.foreign() && known.type() == type);
    }

    private static Clients clients(BeanFactory beans) {
        return beans.getBean(OutboundAutoConfiguration.CLIENTS_BEAN_NAME, Clients.class);
    }

    /** Loaded only where {@code WebClient} is on the class path. */
    private static final class Reactive {

        private static final List<ClientBeanType<?>> TYPES = List.of(
                new ClientBeanType<>(WebClient.class, "WebClient", true, true,
                        (beans, name) -> beans.getBean(WebClientFaces.class).builder(name).build()),
                new ClientBeanType<>(WebClient.Builder.class, "WebClientBuilder", true, false,
                        (beans, name) -> beans.getBean(WebClientFaces.class).builder(name)));

    }

}
