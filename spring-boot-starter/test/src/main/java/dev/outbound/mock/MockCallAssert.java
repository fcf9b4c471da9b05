package dev.outbound.mock;

import java.util.List;
import java.util.stream.Collectors;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about a request that a router has answered.
 *
 * @since 0.1
 */
public final class MockCallAssert extends AbstractAssert<MockCallAssert, MockCall> {

    MockCallAssert(MockCall actual) {
        super(actual, MockCallAssert.class);
    }

    static String lines(List<MockCall> calls) {
        return calls.isEmpty() ? " none"
                : calls.stream()
                    .map((call) -> System.lineSeparator() + "  " + Stub.shown(call.request()) + " -> " + call.reply())
                    .collect(Collectors.joining());
    }

    /**
     * Verify that the request matches a pattern.
     * @param pattern the pattern
     * @return this
     */
    public MockCallAssert isLike(RequestPattern pattern) {
        isNotNull();
        Comparison comparison = pattern.compare(this.actual.request());
        if (!comparison.matches()) {
            throw failure("Expected %s to be different:%s", Stub.shown(this.actual.request()),
                    comparison.parts()
                        .stream()
                        .filter((part) -> !part.matches())
                        .map((part) -> System.lineSeparator() + "  " + part.name() + ": expected " + part.expected()
                                + ", but was " + part.actual())
                        .collect(Collectors.joining()));
        }
        return this;
    }

    public MockCallAssert hasHeader(String name, String... values) {
        return isLike(RequestPattern.header(name, (Object[]) values));
    }

    public MockCallAssert hasNoHeader(String name) {
        isNotNull();
        if (this.actual.request().header(name) != null) {
            throw failure("Expected %s to have no header %s, but it has", Stub.shown(this.actual.request()), name);
        }
        return this;
    }

    public MockCallAssert hasParam(String name, Object... values) {
        return isLike(RequestPattern.param(name, values));
    }

    public MockCallAssert hasText(String text) {
        return isLike(RequestPattern.text(Lookup.equalTo(text)));
    }

    /**
     * Verify the body as JSON.
     * @param value a text that is JSON, or anything that is written as JSON
     * @return this
     */
    public MockCallAssert hasJson(Object value) {
        return isLike(RequestPattern.json(value));
    }

    /**
     * Verify one place of the body as JSON.
     * @param path where, as {@code $.items[0].id}
     * @param value the value that is written as JSON
     * @return this
     */
    public MockCallAssert hasJson(String path, @Nullable Object value) {
        return isLike(RequestPattern.json(path, value));
    }

    /**
     * Verify the status of the response.
     * @param status its code
     * @return this
     */
    public MockCallAssert isAnsweredWith(int status) {
        isNotNull();
        if (!this.actual.hasResponse() || this.actual.status() != status) {
            throw failure("Expected %s to be answered with %d, but it was answered with %s",
                    Stub.shown(this.actual.request()), status, this.actual.reply());
        }
        return this;
    }

    /**
     * Go on with a header of the request.
     * @param name the name, in any case
     * @return assertions about its first value
     */
    public HeaderAssert header(String name) {
        isNotNull();
        return new HeaderAssert(this.actual, name);
    }

    /**
     * Go on with the body.
     * @return assertions about its text
     */
    public AbstractStringAssert<?> text() {
        isNotNull();
        return Assertions.assertThat(this.actual.request().text());
    }

}
