package dev.outbound.client.faults;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

import dev.outbound.client.lab.EngineLane;

/**
 * Runs each row on every lane, counts what it leaves behind, and writes down what came
 * out.
 */
final class Matrix implements TestTemplateInvocationContextProvider, BeforeAllCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        MatrixReport.of(context);
        LeakGuard.install();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try {
            LeakGuard.checkBuffers();
        }
        finally {
            LeakGuard.uninstall();
        }
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), Row.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Row row = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Row.class).orElseThrow();
        return Arrays.stream(EngineLane.values()).map((lane) -> new Invocation(row, lane));
    }

    private record Invocation(Row row, EngineLane lane) implements TestTemplateInvocationContext {

        @Override
        public String getDisplayName(int index) {
            return this.row.id() + " " + this.lane + ": " + this.row.when();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new CellRun(this.row, this.lane));
        }

    }

    /** Gives the test its cell, and ends both. */
    private static final class CellRun implements ParameterResolver, InvocationInterceptor {

        private final Row row;

        private final Cell cell;

        CellRun(Row row, EngineLane lane) {
            this.row = row;
            this.cell = new Cell(lane);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Cell.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return this.cell;
        }

        @Override
        public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
                ExtensionContext context) throws Throwable {
            String verdict = "FAILED";
            LeakGuard guard = new LeakGuard();
            try {
                try {
                    invocation.proceed();
                    this.cell.finish();
                }
                catch (EngineRefusal ex) {
                    this.cell.notApplicable(ex.getMessage());
                }
                finally {
                    this.cell.close();
                }
                guard.check();
                verdict = this.cell.verdict();
            }
            finally {
                MatrixReport.of(context).add(this.row, this.cell.lane(), verdict);
            }
        }

    }

}
