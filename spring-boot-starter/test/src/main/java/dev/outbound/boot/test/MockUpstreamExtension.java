package dev.outbound.boot.test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import org.springframework.util.ReflectionUtils;

import dev.outbound.mock.MockRouter;

/**
 * Gives each test its routers, and has them verified behind it.
 */
final class MockUpstreamExtension
        implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
        .create(MockUpstreamExtension.class);

    MockUpstreamExtension() {
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        TestRouters routers = routers(context);
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            ReflectionUtils.doWithFields(instance.getClass(), (field) -> inject(instance, field, routers),
                    (field) -> field.isAnnotationPresent(MockUpstream.class));
        }
    }

    private static void inject(Object instance, Field field, TestRouters routers) {
        if (!isInjected(field.getType()) || Modifier.isStatic(field.getModifiers())) {
            throw new IllegalStateException("@MockUpstream is on " + field + ", but must be on a field of type "
                    + "MockRouter or ClientEffects that is not static: each test has its own");
        }
        ReflectionUtils.makeAccessible(field);
        ReflectionUtils.setField(field, instance,
                value(routers, field.getType(), field.getAnnotation(MockUpstream.class).value(), field.getName()));
    }

    private static boolean isInjected(Class<?> type) {
        return type == MockRouter.class || type == ClientEffects.class;
    }

    private static Object value(TestRouters routers, Class<?> type, String name, String element) {
        return (type == MockRouter.class) ? routers.router(name, element) : routers.effects(name, element);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(MockUpstream.class) && isInjected(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        String name = parameter.findAnnotation(MockUpstream.class).map(MockUpstream::value).orElse("");
        return value(routers(context), parameter.getParameter().getType(), name, parameter.getParameter().getName());
    }

    /**
     * Before what the test cleans up by itself, and so that it is the test that fails.
     */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        routers(context).verify(context.getExecutionException().orElse(null));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestRouters routers = store(context).remove(TestRouters.class, TestRouters.class);
        if (routers != null) {
            routers.close();
        }
    }

    private static TestRouters routers(ExtensionContext context) {
        return store(context).computeIfAbsent(TestRouters.class, (type) -> open(context), TestRouters.class);
    }

    private static TestRouters open(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        @Nullable AutoConfigureMockUpstreams settings = TestContextAnnotationUtils.findMergedAnnotation(testClass,
                AutoConfigureMockUpstreams.class);
        if (settings == null) {
            throw new IllegalStateException("There is no @AutoConfigureMockUpstreams on " + testClass);
        }
        return TestRouters.open(testClass.getSimpleName() + "." + context.getDisplayName(),
                context.getRequiredTestMethod().getName(), settings, SpringExtension.getApplicationContext(context));
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

}
