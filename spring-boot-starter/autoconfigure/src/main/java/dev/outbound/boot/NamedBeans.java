package dev.outbound.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Beans that settings name.
 */
record NamedBeans(ListableBeanFactory beanFactory) {

    <T> T get(String name, Class<T> type) {
        return this.beanFactory.getBean(name, type);
    }

    /** Check that there is a bean of a name. It is not created for that. */
    void check(Class<?> type, @Nullable String name, ConfiguredValue value, Problems problems) {
        Set<String> known = new TreeSet<>(Arrays.asList(this.beanFactory.getBeanNamesForType(type, true, false)));
        boolean alias = name != null && this.beanFactory.containsBean(name)
                && !Arrays.asList(this.beanFactory.getAliases(name)).isEmpty()
                && this.beanFactory.isTypeMatch(name, type);
        if (name == null || !(known.contains(name) || alias)) {
            problems.fail(value,
                    "There is no bean " + ValueParser.quoted(String.valueOf(name)) + " of type " + type.getSimpleName()
                            + ". Known: " + (known.isEmpty() ? "none" : String.join(", ", known)) + "."
                            + Nearest.question((name != null) ? Nearest.to(name, known) : null),
                    "Define the bean, or correct the name.");
        }
    }

    void check(Class<?> type, List<String> names, @Nullable ConfiguredValue value, Problems problems) {
        if (value != null) {
            names.forEach((name) -> check(type, name, value, problems));
        }
    }

}
