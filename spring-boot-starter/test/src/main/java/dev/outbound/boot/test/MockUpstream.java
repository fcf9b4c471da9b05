package dev.outbound.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The mock router of a client, on a field of a test or a parameter of its methods. The
 * test of each method has routers of its own; the same one answers every face of the
 * client. On {@link ClientEffects} it is what the client leaves behind.
 *
 * @since 0.1
 * @see ClientTest
 */
@Target({ ElementType.FIELD, ElementType.PARAMETER })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface MockUpstream {

    /**
     * Return the name of the client.
     * @return the name; by default that of the field or the parameter, {@code myApi}
     * being {@code my-api}
     */
    String value() default "";

}
