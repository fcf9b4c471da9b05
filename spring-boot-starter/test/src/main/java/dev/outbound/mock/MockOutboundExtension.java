package dev.outbound.mock;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Does what {@link MockOutbound} says.
 */
final class MockOutboundExtension implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback,
        InvocationInterceptor, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
        .create(MockOutboundExtension.class);

    MockOutboundExtension() {
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        scope(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return (type == MockRouter.class || type == VirtualClock.class)
                && parameter.getParameter().getAnnotations().length == 0;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        MockScope scope = scope(context);
        return (parameter.getParameter().getType() == VirtualClock.class) ? scope.clock()
                : scope.router(MockScope.ONE_OFFS);
    }

    /** The test may be run on another thread than what is before and behind it. */
    @Override
    public void interceptTestMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        scope(context).run(invocation::proceed);
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        scope(context).run(invocation::proceed);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        scope(context).run(invocation::proceed);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        scope(context).run(invocation::proceed);
    }

    @Override
    public <T extends @Nullable Object> T interceptTestFactoryMethod(Invocation<T> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        return scope(context).run(invocation::proceed);
    }

    @Override
    public void interceptDynamicTest(Invocation<@Nullable Void> invocation,
            DynamicTestInvocationContext invocationContext, ExtensionContext context) throws Throwable {
        scope(context).run(invocation::proceed);
    }

    /**
     * Before what the test cleans up by itself, and so that it is the test that fails.
     */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        scope(context).verify(context.getExecutionException().orElse(null));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        MockScope scope = store(context).remove(MockScope.class, MockScope.class);
        if (scope != null) {
            scope.close();
        }
    }

    private static MockScope scope(ExtensionContext context) {
        return store(context).computeIfAbsent(MockScope.class, (type) -> open(context), MockScope.class);
    }

    private static MockScope open(ExtensionContext context) {
        MockOutbound settings = settings(context);
        MockScope scope = MockScope.open(
                context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName(), settings.everyThread(),
                (name) -> {
                    if (!name.equals(MockScope.ONE_OFFS)) {
                        return null;
                    }
                    MockRouter router = MockRouter.named(name, settings.baseUrl());
                    if (settings.allowUnmatched()) {
                        router.otherwise(Reply.ok());
                    }
                    return settings.allowUncalled() ? router.allowUncalled() : router;
                });
        if (settings.allowUnmatched()) {
            scope.allowStrays();
        }
        return scope;
    }

    private static MockOutbound settings(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), MockOutbound.class)
            .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), MockOutbound.class,
                    context.getEnclosingTestClasses()))
            .orElseThrow(
                    () -> new IllegalStateException("There is no @MockOutbound on " + context.getRequiredTestClass()));
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

}
