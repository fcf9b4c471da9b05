package dev.outbound.boot.test;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestContextAnnotationUtils.AnnotationDescriptor;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import org.springframework.util.ReflectionUtils;

import dev.outbound.mock.MockRouter;

/**
 * Gives each test its routers, and has them verified behind it.
 */
final class MockUpstreamExtension implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback,
        InvocationInterceptor, ParameterResolver {

    private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";

    private static final Pattern INVOCATION = Pattern.compile("\\[(?:class|test)-template-invocation:#(\\d+)]");

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
        .create(MockUpstreamExtension.class);

    MockUpstreamExtension() {
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        TestRouters routers = routers(context);
        checkFieldsAreOfOneTest(context);
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            ReflectionUtils.doWithFields(instance.getClass(), (field) -> inject(instance, field, routers),
                    (field) -> field.isAnnotationPresent(MockUpstream.class));
        }
    }

    /**
     * One instance for tests that run in parallel has fields of whichever test came last.
     */
    private static void checkFieldsAreOfOneTest(ExtensionContext test) {
        boolean parallel = test.getConfigurationParameter(PARALLEL).map(Boolean::parseBoolean).orElse(false);
        boolean concurrent = test.getExecutionMode() == ExecutionMode.CONCURRENT;
        Optional<ExtensionContext> context = test.getParent();
        while (parallel && context.isPresent()) {
            boolean shared = context.get().getTestInstanceLifecycle().orElse(null) == Lifecycle.PER_CLASS;
            if (shared && concurrent) {
                ReflectionUtils.doWithFields(context.get().getRequiredTestClass(), (field) -> {
                    throw new IllegalStateException("@MockUpstream is on " + field + " of a class with one instance "
                            + "for tests that run in parallel: each would have the mocks of another. Take it as a "
                            + "parameter of the test methods, or have an instance for each method");
                }, (field) -> field.isAnnotationPresent(MockUpstream.class));
            }
            concurrent |= context.get().getExecutionMode() == ExecutionMode.CONCURRENT;
            context = context.get().getParent().filter((parent) -> parent.getTestClass().isPresent());
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

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    /** The test may be run on another thread than what is before and behind it. */
    @Override
    public void interceptTestMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        routers(context).scope().run(invocation::proceed);
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        routers(context).scope().run(invocation::proceed);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        routers(context).scope().run(invocation::proceed);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        routers(context).scope().run(invocation::proceed);
    }

    @Override
    public <T extends @Nullable Object> T interceptTestFactoryMethod(Invocation<T> invocation,
            ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context) throws Throwable {
        return routers(context).scope().run(invocation::proceed);
    }

    @Override
    public void interceptDynamicTest(Invocation<@Nullable Void> invocation,
            DynamicTestInvocationContext invocationContext, ExtensionContext context) throws Throwable {
        routers(context).scope().run(invocation::proceed);
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
        Method method = context.getTestMethod()
            .orElseThrow(() -> new IllegalStateException("@MockUpstream cannot be used before there is a test: each "
                    + "test has its own. Take it in a test method, in a method with @BeforeEach, or in the constructor "
                    + "of a class that has an instance for each test"));
        return TestRouters.open(testClass.getSimpleName() + "." + context.getDisplayName(),
                folder(testClass, method, context), settings, SpringExtension.getApplicationContext(context));
    }

    /**
     * Where the cassettes of a test are: its method, below nested classes, and above the
     * numbers of the invocations of class and method where there are several.
     */
    private static Path folder(Class<?> testClass, Method method, ExtensionContext context) {
        Path folder = Path.of(name(testClass, method));
        AnnotationDescriptor<AutoConfigureMockUpstreams> annotation = TestContextAnnotationUtils
            .findAnnotationDescriptor(testClass, AutoConfigureMockUpstreams.class);
        Class<?> root = (annotation != null) ? annotation.getRootDeclaringClass() : testClass;
        for (Class<?> nested = testClass; nested != null && nested != root
                && nested.getEnclosingClass() != null; nested = nested.getEnclosingClass()) {
            folder = Path.of(nested.getSimpleName()).resolve(folder);
        }
        Matcher invocation = INVOCATION.matcher(context.getUniqueId());
        while (invocation.find()) {
            folder = folder.resolve(invocation.group(1));
        }
        return folder;
    }

    /**
     * One of several tests of a name is told by its parameters. That without any keeps
     * the folder that it would have alone.
     */
    private static String name(Class<?> testClass, Method method) {
        boolean overloaded = method.getParameterCount() > 0 && ReflectionSupport
            .findMethods(testClass, (other) -> isTestNamed(method.getName(), other), HierarchyTraversalMode.TOP_DOWN)
            .size() > 1;
        return overloaded ? Stream.of(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(",", method.getName() + "(", ")")) : method.getName();
    }

    private static boolean isTestNamed(String name, Method method) {
        return method.getName().equals(name) && AnnotationSupport.isAnnotated(method, Testable.class);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

}
