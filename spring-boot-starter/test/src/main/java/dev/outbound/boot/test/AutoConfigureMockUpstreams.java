package dev.outbound.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Puts the clients of an application on mock routers, for example in a
 * {@code @SpringBootTest}. Their settings and policies stay, and time is virtual.
 * <p>
 * The application context knows nothing of the attributes: tests that differ in them
 * share it.
 *
 * @since 0.1
 * @see MockUpstream
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith({ SpringExtension.class, MockUpstreamExtension.class })
@ResourceLock(providers = MockUpstreamLocks.class)
@ImportAutoConfiguration
public @interface AutoConfigureMockUpstreams {

    /**
     * Return the names of the clients to mock.
     * @return the names; all clients where there are none
     */
    String[] clients() default {};

    /**
     * Return whether clients that are not mocked reach their servers, and so do those
     * that the starter has not made. Unless they do, a request of theirs fails and tells
     * the client, or who has made it.
     * @return {@code false} by default
     */
    boolean passThrough() default false;

    /**
     * Return whether a request without a route, and a route without a request, fail the
     * test.
     * @return {@code true} by default
     */
    boolean strict() default true;

    /**
     * Return the name of cassettes to insert. They answer what no route of the test does:
     * {@code src/test/resources/cassettes/<name>/<method>/<client>.json}, one for each
     * test method and client. Where a class has several test methods of a name, those
     * with parameters have them in the name of their folder, as in {@code pays(String)};
     * of a test with several invocations, there is one more folder for each, named by its
     * number. They are recorded against the real upstreams by running the test once with
     * {@code -Dcassettes.record=true}.
     * @return the name of a folder, or an empty text for none
     * @see dev.outbound.mock.Cassette
     */
    String cassette() default "";

    /**
     * Return whether requests on threads that are not known belong to the test. No other
     * test with mocks runs then.
     * @return {@code false} by default
     */
    boolean everyThread() default false;

}
