package dev.outbound.client.interop;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts the servers that test methods take as parameters, once for each class, and skips
 * the tests of those that are not installed.
 */
final class InteropServers implements ExecutionCondition, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(InteropServers.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<Program> missing = programs(context).filter((program) -> !program.isInstalled()).toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled(null);
        }
        MissingServers report = context.getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(MissingServers.class, (type) -> new MissingServers(), MissingServers.class);
        missing.forEach(report::skipped);
        return ConditionEvaluationResult.disabled("not installed: " + missing);
    }

    private static Stream<Program> programs(ExtensionContext context) {
        return context.getTestMethod()
            .filter((method) -> !isTemplate(method, context))
            .stream()
            .flatMap((method) -> Stream.of(method.getParameterTypes()))
            .map(Program::of)
            .flatMap(Optional::stream);
    }

    /** Return whether it is a test for many arguments as a whole: each of them counts. */
    private static boolean isTemplate(Method method, ExtensionContext context) {
        return AnnotationSupport.isAnnotated(method, TestTemplate.class)
                && context.getParent().flatMap(ExtensionContext::getTestMethod).isEmpty();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return Program.of(parameter.getParameter().getType()).isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Program program = Program.of(parameter.getParameter().getType()).orElseThrow();
        ExtensionContext owner = context;
        while (owner.getTestMethod().isPresent()) {
            owner = owner.getParent().orElseThrow();
        }
        return server(program, owner.getStore(NAMESPACE));
    }

    private static InteropServer server(Program program, ExtensionContext.Store store) {
        InteropServer started = store.get(program, InteropServer.class);
        if (started == null) {
            started = program.start((needed) -> server(needed, store));
            store.put(program, started);
        }
        return started;
    }

}
