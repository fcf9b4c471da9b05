package dev.outbound.mock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import dev.outbound.client.Outbound;

/**
 * Puts the one-off calls of {@link Outbound} that a test makes on a router of its own,
 * and verifies the router behind each test. Tests may run in parallel.
 *
 * <pre class="code">
 * &#64;MockOutbound(baseUrl = "https://api.test")
 * class RatesTests {
 *
 *     &#64;Test
 *     void readsTheRate(MockRouter router) {
 *         router.get("/rates/EUR").reply((r) -&gt; r.json("{\"rate\": 1.1}"));
 *         assertThat(new Rates().of("EUR")).isEqualTo(1.1);
 *     }
 *
 * }
 * </pre>
 *
 * A parameter of type {@link VirtualClock} is the time of the test. The router belongs to
 * the test's thread, to the threads of Reactor's schedulers that it uses, and to its
 * Reactor chains. A request on any other thread fails, unless {@link #everyThread()} is
 * set. May be combined with {@code @ClientTest}, whose clients keep their own mocks.
 *
 * @since 0.1
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(MockOutboundExtension.class)
@ResourceLock(providers = MockLocks.class)
public @interface MockOutbound {

    /**
     * Return the base URL of the router.
     * @return the URL, or an empty text for none
     */
    String baseUrl() default "";

    /**
     * Return whether requests that find no route get an empty 200 instead of failing the
     * test.
     * @return {@code false} by default
     */
    boolean allowUnmatched() default false;

    /**
     * Return whether routes may stay without a request.
     * @return {@code false} by default
     */
    boolean allowUncalled() default false;

    /**
     * Return whether requests on threads that are not known belong to the test. No other
     * test with mocks runs then.
     * @return {@code false} by default
     */
    boolean everyThread() default false;

}
