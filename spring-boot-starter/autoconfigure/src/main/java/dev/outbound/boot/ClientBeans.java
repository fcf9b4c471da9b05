package dev.outbound.boot;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.type.MethodMetadata;

/**
 * Registers the beans of a client, unless the application has its own.
 * <p>
 * They are left out of what is generated ahead of time: registration runs again at run
 * time, with the configuration that holds then.
 */
final class ClientBeans {

    private final DefaultListableBeanFactory beanFactory;

    private final ConfiguredClients clients;

    ClientBeans(DefaultListableBeanFactory beanFactory, ConfiguredClients clients) {
        this.beanFactory = beanFactory;
        this.clients = clients;
    }

    void register() {
        ClassLoader classLoader = Objects.requireNonNullElseGet(this.beanFactory.getBeanClassLoader(),
                ClientBeans.class::getClassLoader);
        List<ClientBeanType<?>> types = ClientBeanType.all(classLoader);
        types.forEach(this::register);
    }

    private void register(ClientBeanType<?> type) {
        // Once for all clients, and not for each: the bean factory looks at every bean.
        List<String> candidates = List.of(this.beanFactory.getBeanNamesForType(type.type(), true, false));
        this.clients.properties().forEach((name, properties) -> register(name, properties, type, candidates));
    }

    private void register(String name, ClientProperties properties, ClientBeanType<?> type, List<String> candidates) {
        String beanName = camelCase(name) + type.suffix();
        String own = findOwn(name, beanName, candidates);
        if (own != null) {
            this.clients.setBeanName(name, type.type(), own);
            qualify(own, name);
        }
        else if (this.beanFactory.containsLocalBean(beanName)) {
            this.clients.fail(name,
                    "Client '" + name + "' would register bean \"" + beanName
                            + "\", but a bean with this name exists already" + describe(beanName) + ".",
                    "Rename the bean or the client, or set `outbound.clients." + name
                            + ".enabled: false` to keep only your own bean.");
        }
        else {
            this.clients.setBeanName(name, type.type(), beanName);
            this.beanFactory.registerBeanDefinition(beanName, definition(name, properties, type));
        }
    }

    private @Nullable String findOwn(String name, String beanName, List<String> candidates) {
        return candidates.stream()
            .filter((candidate) -> candidate.equals(beanName)
                    || BeanFactoryAnnotationUtils.isQualifierMatch(name::equals, candidate, this.beanFactory))
            .findFirst()
            .orElse(null);
    }

    /** A bean that replaces ours by its name answers the qualifier, too. */
    private void qualify(String beanName, String name) {
        boolean qualified = BeanFactoryAnnotationUtils.isQualifierMatch(name::equals, beanName, this.beanFactory);
        if (!qualified && this.beanFactory.containsBeanDefinition(beanName)
                && this.beanFactory.getBeanDefinition(beanName) instanceof AbstractBeanDefinition definition) {
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        }
    }

    private String describe(String beanName) {
        if (!this.beanFactory.containsBeanDefinition(beanName)) {
            return "";
        }
        BeanDefinition definition = this.beanFactory.getBeanDefinition(beanName);
        MethodMetadata method = (definition instanceof AnnotatedBeanDefinition annotated)
                ? annotated.getFactoryMethodMetadata() : null;
        String origin = (method != null) ? method.getDeclaringClassName() + "." + method.getMethodName() + "()"
                : definition.getBeanClassName();
        String resource = definition.getResourceDescription();
        return (origin == null) ? "" : " (" + origin + ((resource != null) ? ", " + resource : "") + ")";
    }

    private <T> RootBeanDefinition definition(String name, ClientProperties properties, ClientBeanType<T> type) {
        RootBeanDefinition definition = new RootBeanDefinition(type.type(),
                () -> type.factory().apply(this.beanFactory, name));
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        definition.setPrimary(properties.isPrimary() && !type.foreign());
        definition.setDefaultCandidate(!type.foreign());
        definition.setScope(type.shared() ? BeanDefinition.SCOPE_SINGLETON : BeanDefinition.SCOPE_PROTOTYPE);
        definition.setLazyInit(true);
        definition.setDependsOn(OutboundAutoConfiguration.CLIENTS_BEAN_NAME);
        // The session belongs to Clients, which closes it after all that use it
        definition.setDestroyMethodName("");
        definition.setResourceDescription("outbound.clients." + name);
        definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
        return definition;
    }

    /** {@code my-api} is {@code myApi} in Java. */
    static String camelCase(String name) {
        StringBuilder camelCase = new StringBuilder();
        for (String part : name.split("-")) {
            camelCase.append((camelCase.isEmpty() || part.isEmpty()) ? part
                    : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return camelCase.toString();
    }

}
