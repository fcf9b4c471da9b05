package dev.outbound.client.guard;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.Opcodes;

import dev.outbound.client.Client;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.transport.TransportResponse;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The core in an application that has no Resilience4j.
 */
class WithoutResilience4jTests {

    private static Object run(String scenario) throws Exception {
        return run(scenario, new Filtered());
    }

    private static Object run(String scenario, ClassLoader loader) throws Exception {
        Class<?> type = loader.loadClass(Scenarios.class.getName());
        Method method = type.getDeclaredMethod(scenario);
        method.setAccessible(true);
        try {
            return method.invoke(null);
        }
        catch (InvocationTargetException ex) {
            throw (ex.getCause() instanceof Exception cause) ? cause : ex;
        }
    }

    @Test
    void clientsWorkAndHaveABulkhead() throws Exception {
        assertThat(run("call")).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({ "breaker, A circuit breaker, resilience4j-circuitbreaker",
            "limiter, A rate limiter, resilience4j-ratelimiter" })
    void whatNeedsItSaysWhatToAdd(String scenario, String what, String module) {
        assertThatThrownBy(() -> run(scenario)).isInstanceOf(IllegalStateException.class)
            .hasMessage(what + " needs Resilience4j, which is not there; add io.github.resilience4j:" + module
                    + " to the class path");
    }

    @Test
    void oneThatIsTooOldIsToldFromTheBeginning() {
        assertThatThrownBy(() -> run("limiter", new Outdated())).isInstanceOf(IllegalStateException.class)
            .hasMessage("A rate limiter needs Resilience4j 2.4 or newer; update"
                    + " io.github.resilience4j:resilience4j-ratelimiter");
    }

    /** Runs in the other class loader. */
    static final class Scenarios {

        private Scenarios() {
        }

        static int call() {
            try (Client client = Client.builder()
                .bulkhead(BulkheadSettings.of(1))
                .transport((request, cancellation) -> TransportResponse.of(204, FieldLines.empty(), new byte[0]))
                .build()) {
                return client.get("http://shop.test/").statusCode();
            }
        }

        static void breaker() {
            Client.builder().circuitBreaker(CircuitBreakerSettings.defaults()).build();
        }

        static void limiter() {
            Client.builder().rateLimiter(RateLimiterSettings.of(1, ofSeconds(1))).build();
        }

    }

    /** Has a rate limiter as it was in version 2.3, without a clock. */
    private static final class Outdated extends Filtered {

        private static final String LIMITER = "io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter";

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith("io.github.resilience4j.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null || !name.equals(LIMITER)) {
                    return (loaded != null) ? loaded : getParent().loadClass(name);
                }
                ClassWriter writer = new ClassWriter(0);
                writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name.replace('.', '/'), null, "java/lang/Object", null);
                writer.visitEnd();
                byte[] bytes = writer.toByteArray();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

    }

    /** Loads our own classes anew, and no Resilience4j. */
    private static class Filtered extends ClassLoader {

        Filtered() {
            super(WithoutResilience4jTests.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.github.resilience4j.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.outbound.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return (loaded != null) ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream stream = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (stream == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = stream.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
            catch (IOException ex) {
                throw new ClassNotFoundException(name, ex);
            }
        }

    }

}
