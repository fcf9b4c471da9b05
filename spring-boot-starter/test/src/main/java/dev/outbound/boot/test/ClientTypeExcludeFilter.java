package dev.outbound.boot.test;

import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.util.ClassUtils;

import dev.outbound.boot.ClientCustomizer;

/**
 * Lets in what configures clients, and the components that the test names.
 */
final class ClientTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<ClientTest> {

    private static final String[] OPTIONAL_INCLUDES = { "tools.jackson.databind.JacksonModule",
            "org.springframework.boot.jackson.JacksonComponent", "dev.outbound.boot.RestClientFaceCustomizer",
            "dev.outbound.boot.WebClientFaceCustomizer",
            "org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer" };

    ClientTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        Set<Class<?>> includes = new LinkedHashSet<>();
        includes.add(ClientCustomizer.class);
        for (String name : OPTIONAL_INCLUDES) {
            if (ClassUtils.isPresent(name, getClass().getClassLoader())) {
                includes.add(ClassUtils.resolveClassName(name, getClass().getClassLoader()));
            }
        }
        return includes;
    }

    @Override
    protected Set<Class<?>> getComponentIncludes() {
        return new LinkedHashSet<>(Set.of(getAnnotation().getClassArray("components")));
    }

}
