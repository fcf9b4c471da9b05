package dev.outbound.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;

/**
 * Tests the components of an application that call its clients. The clients are those of
 * the application's own configuration, with everything that they do: authentication,
 * retries, redirects, cookies, decoding, limits, hooks, metrics and logging. Only the
 * wire is not there: each client has a mock router.
 *
 * <pre class="code">
 * &#64;ClientTest(CheckoutService.class)
 * class CheckoutServiceTests {
 *
 *     &#64;MockUpstream
 *     MockRouter payments;
 *
 *     &#64;Autowired
 *     CheckoutService service;
 *
 *     &#64;Test
 *     void retriesOnceThenPays() {
 *         this.payments.post("/charges").json("$.amount", 42)
 *             .reply((r) -&gt; r.status(503).header("Retry-After", "2"))
 *             .then(201);
 *         this.service.pay(42);
 *         assertThat(this.payments).attempts(2).waitedBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
 *     }
 *
 * }
 * </pre>
 *
 * The retry budget, which would remember other tests, is off. A {@code VirtualClock} bean
 * is the time of the test. Clients that the starter did not make cannot leave the
 * machine.
 *
 * @since 0.1
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(ClientTestContextBootstrapper.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(ClientTypeExcludeFilter.class)
@AutoConfigureMockUpstreams
@ImportAutoConfiguration
public @interface ClientTest {

    /**
     * Return the components to test.
     * @return classes that the application scans for, and that are let in; import others
     */
    @AliasFor("components")
    Class<?>[] value() default {};

    /**
     * Return the components to test.
     * @return classes that the application scans for, and that are let in; import others
     */
    @AliasFor("value")
    Class<?>[] components() default {};

    /**
     * Return the names of the clients that the test needs; a request of another one fails
     * and tells the client.
     * @return the names; all clients where there are none
     */
    @AliasFor(annotation = AutoConfigureMockUpstreams.class, attribute = "clients")
    String[] clients() default {};

    /**
     * Return whether a request without a route, and a route without a request, fail the
     * test.
     * @return {@code true} by default
     */
    @AliasFor(annotation = AutoConfigureMockUpstreams.class, attribute = "strict")
    boolean strict() default true;

    /**
     * Return the name of cassettes to insert. They answer what no route of the test does:
     * {@code src/test/resources/cassettes/<name>/<method>/<client>.json}.
     * @return the name of a folder, or an empty text for none
     * @see AutoConfigureMockUpstreams#cassette()
     */
    @AliasFor(annotation = AutoConfigureMockUpstreams.class, attribute = "cassette")
    String cassette() default "";

    /**
     * Return whether requests on threads that are not known belong to the test. No other
     * test with mocks runs then.
     * @return {@code false} by default
     */
    @AliasFor(annotation = AutoConfigureMockUpstreams.class, attribute = "everyThread")
    boolean everyThread() default false;

    /**
     * Return properties to add to the environment.
     * @return {@code key=value}
     */
    String[] properties() default {};

    /**
     * Return whether only components that the slice knows are scanned for: those of
     * Jackson, and customizers of clients.
     * @return {@code true} by default
     */
    boolean useDefaultFilters() default true;

    /**
     * Return filters that add beans.
     * @return the filters
     */
    Filter[] includeFilters() default {};

    /**
     * Return filters that leave beans out.
     * @return the filters
     */
    Filter[] excludeFilters() default {};

    /**
     * Return auto-configurations to leave out.
     * @return the classes
     */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};

}
