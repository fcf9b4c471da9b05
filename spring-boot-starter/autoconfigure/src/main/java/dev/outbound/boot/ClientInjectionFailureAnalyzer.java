package dev.outbound.boot;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Tells which clients there are when one that is injected does not exist, or several do.
 */
final class ClientInjectionFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException>
        implements Ordered {

    private final BeanFactory beanFactory;

    ClientInjectionFailureAnalyzer(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Override
    public int getOrder() {
        // Before Spring Boot's own, which do not know clients
        return -10;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
            @Nullable String description) {
        Class<?> type = type(cause);
        ObjectProvider<ConfiguredClients> clients = this.beanFactory.getBeanProvider(ConfiguredClients.class);
        ConfiguredClients configured = clients.getIfAvailable();
        boolean own = ClientBeanType.OWN.contains(type);
        if (configured == null || type == null || !(own || ClientBeanType.isForeign(type))) {
            return null;
        }
        Set<String> names = configured.properties().keySet();
        if (cause.getNumberOfBeansFound() > 1) {
            return own ? ambiguous(cause, names, description) : null;
        }
        String name = qualifier(findCause(rootFailure, UnsatisfiedDependencyException.class));
        if (!own && name == null) {
            return names.isEmpty() ? null : unqualified(cause, type, names, description);
        }
        return (cause.getNumberOfBeansFound() == 0 && (name != null || names.isEmpty()))
                ? missing(cause, names, name, description) : null;
    }

    private static @Nullable Class<?> type(NoSuchBeanDefinitionException cause) {
        ResolvableType type = cause.getResolvableType();
        return (type != null) ? type.resolve() : cause.getBeanType();
    }

    private static @Nullable String qualifier(@Nullable UnsatisfiedDependencyException failure) {
        InjectionPoint point = (failure != null) ? failure.getInjectionPoint() : null;
        Qualifier qualifier = (point != null) ? point.getAnnotation(Qualifier.class) : null;
        return (qualifier != null) ? qualifier.value() : null;
    }

    private static FailureAnalysis missing(Throwable cause, Set<String> names, @Nullable String name,
            @Nullable String description) {
        String reason = (name != null) ? Clients.unknown(name, names) : "No HTTP client is configured.";
        return new FailureAnalysis(reason + " Required by " + by(description) + ".",
                (name != null) ? "Correct the name or add `outbound.clients." + name + "`."
                        : "Add `outbound.clients.<name>.base-url: https://...`.",
                cause);
    }

    private static FailureAnalysis ambiguous(Throwable cause, Set<String> names, @Nullable String description) {
        String first = names.iterator().next();
        return new FailureAnalysis(
                StringUtils.capitalize(by(description)) + " needs one HTTP client, but " + names.size()
                        + " are configured: " + String.join(", ", names) + ".",
                "Add `@Qualifier(\"" + first + "\")`, or mark one with `outbound.clients." + first + ".primary: true`.",
                cause);
    }

    private static FailureAnalysis unqualified(Throwable cause, Class<?> type, Set<String> names,
            @Nullable String description) {
        return new FailureAnalysis(StringUtils.capitalize(by(description)) + " needs a " + ClassUtils.getShortName(type)
                + ". Those of configured clients are injected by their names only: " + String.join(", ", names) + ".",
                "Add `@Qualifier(\"" + names.iterator().next() + "\")`, or define a bean of your own.", cause);
    }

    private static String by(@Nullable String description) {
        return (description == null) ? "a component"
                : StringUtils.uncapitalize(description.replace(" of constructor in ", " of "));
    }

}
