package dev.outbound.mock;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Does what {@link MockOutbound} says.
 */
final class MockOutboundExtension
        implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback, ParameterResolver {

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
        return parameter.getParameter().getType() == MockRouter.class
                && parameter.getParameter().getAnnotations().length == 0;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return scope(context).router(MockScope.ONE_OFFS);
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
        return MockScope.open(context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName(),
                settings.everyThread(), (name) -> {
                    MockRouter router = MockRouter.named(name, settings.baseUrl());
                    if (settings.allowUnmatched()) {
                        router.otherwise(Reply.ok());
                    }
                    return settings.allowUncalled() ? router.allowUncalled() : router;
                });
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
