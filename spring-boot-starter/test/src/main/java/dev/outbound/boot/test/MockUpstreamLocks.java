package dev.outbound.boot.test;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;

import org.springframework.test.context.TestContextAnnotationUtils;

import dev.outbound.mock.MockScope;

/**
 * Lets tests run in parallel, and those that have every thread alone.
 */
final class MockUpstreamLocks implements ResourceLocksProvider {

    MockUpstreamLocks() {
    }

    @Override
    public Set<Lock> provideForClass(Class<?> testClass) {
        AutoConfigureMockUpstreams settings = TestContextAnnotationUtils.findMergedAnnotation(testClass,
                AutoConfigureMockUpstreams.class);
        if (settings == null) {
            return Set.of();
        }
        return Set.of(new Lock(MockScope.LOCK,
                settings.everyThread() ? ResourceAccessMode.READ_WRITE : ResourceAccessMode.READ));
    }

    @Override
    public Set<Lock> provideForNestedClass(List<Class<?>> enclosingInstanceTypes, Class<?> testClass) {
        return provideForClass(testClass);
    }

}
