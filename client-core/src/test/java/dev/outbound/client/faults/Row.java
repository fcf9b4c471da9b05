package dev.outbound.client.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.TestTemplate;

/**
 * A row of a matrix, in a class of {@link Rows}: a test that takes a {@link Cell} and
 * runs on every lane.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@interface Row {

    /**
     * The row's id: a letter and a number; those with an S are of the security matrix.
     */
    String id();

    /**
     * Other rows, each shown by this one alone, that are the same case: a fault that is
     * an attack, too.
     */
    String[] also() default {};

    /** What goes wrong. */
    String when();

    /** What the caller sees, and what becomes of the connection. */
    String then();

}
