package dev.outbound.mock;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.springframework.util.Assert;

/**
 * How a text of a request is compared: respx's lookups. Two lookups that mean the same
 * are equal. Immutable.
 *
 * @since 0.1
 */
public interface Lookup {

    /**
     * Return whether a text is what is looked for.
     * @param actual the text of the request
     * @return whether it fits
     */
    boolean matches(String actual);

    /**
     * Return what this lookup takes out of a text that it matches.
     * @param actual the text of the request
     * @return named groups of an expression and variables of a path template, by name
     */
    default Map<String, String> variables(String actual) {
        return Map.of();
    }

    /**
     * Take exactly that text.
     * @param text the text
     * @return the lookup
     */
    static Lookup equalTo(String text) {
        Assert.notNull(text, "text must not be null");
        return new Lookups.EqualTo(text);
    }

    /**
     * Take texts with that one somewhere in them.
     * @param text the text
     * @return the lookup
     */
    static Lookup containing(String text) {
        Assert.notNull(text, "text must not be null");
        return new Lookups.Containing(text);
    }

    /**
     * Take texts that begin so.
     * @param text the beginning
     * @return the lookup
     */
    static Lookup startingWith(String text) {
        Assert.notNull(text, "text must not be null");
        return new Lookups.StartingWith(text);
    }

    /**
     * Take one of some texts.
     * @param texts the texts
     * @return the lookup
     */
    static Lookup in(String... texts) {
        return in(List.of(texts));
    }

    /**
     * Take one of some texts.
     * @param texts the texts
     * @return the lookup
     */
    static Lookup in(Collection<String> texts) {
        Assert.notNull(texts, "texts must not be null");
        return new Lookups.In(List.copyOf(texts));
    }

    /**
     * Take texts in which an expression is found; it is not anchored. Its named groups
     * become {@linkplain SentRequest#variables() variables}.
     * @param expression a regular expression
     * @return the lookup
     * @throws IllegalArgumentException if the expression is malformed
     */
    static Lookup matching(String expression) {
        Assert.notNull(expression, "expression must not be null");
        return Lookups.Matching.of(expression, 0);
    }

    /**
     * Take every text: that it is there is enough.
     * @return the lookup
     */
    static Lookup any() {
        return Lookups.Any.INSTANCE;
    }

    /**
     * Take texts that pass a test.
     * @param description what the test asks for, for reports
     * @param test the test
     * @return the lookup
     */
    static Lookup where(String description, Predicate<String> test) {
        Assert.hasText(description, "description must not be empty");
        Assert.notNull(test, "test must not be null");
        return new Lookups.Where(description, test);
    }

}
