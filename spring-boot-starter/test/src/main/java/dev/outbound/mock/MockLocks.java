package dev.outbound.mock;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Lets tests run in parallel, and those that have every thread alone.
 */
final class MockLocks implements ResourceLocksProvider {

    MockLocks() {
    }

    @Override
    public Set<Lock> provideForClass(Class<?> testClass) {
        return locks(testClass);
    }

    @Override
    public Set<Lock> provideForNestedClass(List<Class<?>> enclosingInstanceTypes, Class<?> testClass) {
        return locks(testClass);
    }

    @Override
    public Set<Lock> provideForMethod(List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
        return locks(testMethod);
    }

    private static Set<Lock> locks(AnnotatedElement element) {
        return AnnotationSupport.findAnnotation(element, MockOutbound.class)
            .map((annotation) -> Set.of(new Lock(MockScope.LOCK,
                    annotation.everyThread() ? ResourceAccessMode.READ_WRITE : ResourceAccessMode.READ)))
            .orElseGet(Set::of);
    }

}
