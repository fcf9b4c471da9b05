package dev.outbound.boot.test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.test.util.AopTestUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import dev.outbound.boot.Clients;
import dev.outbound.client.Session;

/**
 * Finds the HTTP clients of an application that were not made by the starter, so that no
 * mock answers for them: those that are beans, and those that are fields of beans.
 */
final class OwnClients {

    private static final List<String> TYPES = List.of("dev.outbound.client.Client",
            "dev.outbound.client.ReactiveClient", "org.springframework.web.client.RestClient",
            "org.springframework.web.client.RestOperations",
            "org.springframework.web.reactive.function.client.WebClient", "java.net.http.HttpClient",
            "org.apache.hc.client5.http.classic.HttpClient", "org.apache.hc.client5.http.async.HttpAsyncClient",
            "reactor.netty.http.client.HttpClient", "okhttp3.OkHttpClient", "feign.Client");

    /** Whose beans are not those of the application. */
    private static final List<String> OTHERS = List.of("org.springframework.", "io.micrometer.", "dev.outbound.boot.",
            "dev.outbound.client.");

    /** From a client by its factory, and what wraps it, to the session. */
    private static final int DEEPEST = 8;

    private final ConfigurableListableBeanFactory beans;

    private final List<Class<?>> types;

    private final Clients clients;

    private OwnClients(ConfigurableListableBeanFactory beans, Clients clients, List<Class<?>> types) {
        this.beans = beans;
        this.clients = clients;
        this.types = types;
    }

    /** Return each with where it is, or nothing. */
    static Set<String> in(ApplicationContext context, Clients clients) {
        if (!(context.getAutowireCapableBeanFactory() instanceof ConfigurableListableBeanFactory beans)) {
            return Set.of();
        }
        ClassLoader loader = context.getClassLoader();
        List<Class<?>> types = TYPES.stream()
            .filter((type) -> ClassUtils.isPresent(type, loader))
            .<Class<?>>map((type) -> ClassUtils.resolveClassName(type, loader))
            .toList();
        return new OwnClients(beans, clients, types).find();
    }

    private Set<String> find() {
        Set<String> found = new TreeSet<>();
        for (Class<?> type : this.types) {
            Stream.of(this.beans.getBeanNamesForType(type, true, false))
                .filter((name) -> !isOurs(name))
                .forEach((name) -> found.add("\"" + name + "\" (" + ClassUtils.getShortName(type) + ")"));
        }
        for (String name : this.beans.getSingletonNames()) {
            Object bean = this.beans.getSingleton(name);
            if (bean != null) {
                addFields(name, AopTestUtils.getUltimateTargetObject(bean), found);
            }
        }
        return found;
    }

    private void addFields(String name, Object bean, Set<String> found) {
        if (isOther(bean.getClass()) || type(bean) != null) {
            return;
        }
        ReflectionUtils.doWithFields(bean.getClass(), (field) -> {
            Object value = value(field, bean);
            if (value != null) {
                addIfOwn(name, field.getName(), value, found);
            }
        });
    }

    private void addIfOwn(String bean, String field, Object value, Set<String> found) {
        Class<?> type = type(value);
        if (type != null && !leadsToUs(value, DEEPEST, Collections.newSetFromMap(new IdentityHashMap<>()))) {
            found.add("\"" + bean + "\" (its " + ClassUtils.getShortName(type) + " `" + field + "`)");
        }
    }

    private static boolean isOther(Class<?> type) {
        String name = type.getName();
        return type.isArray() || name.startsWith("java.") || name.startsWith("jdk.")
                || OTHERS.stream().anyMatch((prefix) -> name.startsWith(prefix) && !name.contains(".test."));
    }

    private @Nullable Class<?> type(Object value) {
        return this.types.stream().filter((type) -> type.isInstance(value)).findFirst().orElse(null);
    }

    /** A face of a client, or what the application has built of one. */
    private boolean leadsToUs(Object value, int depth, Set<Object> seen) {
        if (value instanceof Session session) {
            return this.clients.names().stream().anyMatch((name) -> this.clients.session(name) == session);
        }
        if (depth == 0 || !seen.add(value)) {
            return false;
        }
        for (Class<?> type = value.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Object next = field.getType().isPrimitive() ? null : value(field, value);
                if (next != null && leadsToUs(next, depth - 1, seen)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Return what is in a field, or {@code null} where it cannot be looked at. */
    private static @Nullable Object value(Field field, Object object) {
        if (Modifier.isStatic(field.getModifiers()) || !field.trySetAccessible()) {
            return null;
        }
        return ReflectionUtils.getField(field, object);
    }

    private boolean isOurs(String bean) {
        if (!this.beans.containsBeanDefinition(bean)) {
            return false;
        }
        BeanDefinition definition = this.beans.getBeanDefinition(bean);
        String origin = definition.getResourceDescription();
        return origin != null && origin.startsWith("outbound.clients.");
    }

}
