package dev.outbound.mock;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * What a request must be like. Patterns are values: they are combined with {@link #and},
 * {@link #or} and {@link #not}, and two that mean the same are equal. A pattern never
 * fails: what cannot be read from a request does not match.
 *
 * <pre class="code">
 * RequestPattern admin = RequestPattern.path(Lookup.startingWith("/admin/"))
 *     .and(RequestPattern.header("Authorization", Lookup.any()).not());
 * </pre>
 *
 * @since 0.1
 */
public interface RequestPattern {

    /**
     * Compare a request.
     * @param request the request
     * @return whether it matches, and what was looked at
     */
    Comparison compare(SentRequest request);

    /**
     * Return whether a request matches.
     * @param request the request
     * @return whether it does
     */
    default boolean matches(SentRequest request) {
        return compare(request).matches();
    }

    /**
     * Return a pattern that asks for both.
     * @param other the other pattern
     * @return the combination; of this pattern alone when the other takes everything
     */
    default RequestPattern and(RequestPattern other) {
        return Combined.all(List.of(this, other));
    }

    /**
     * Return a pattern that asks for one of both.
     * @param other the other pattern
     * @return the combination
     */
    default RequestPattern or(RequestPattern other) {
        return Combined.any(List.of(this, other));
    }

    /**
     * Return the pattern of all other requests.
     * @return the opposite
     */
    default RequestPattern not() {
        return new Combined.Not(this);
    }

    /**
     * Take every request.
     * @return the pattern
     */
    static RequestPattern anything() {
        return Combined.Anything.INSTANCE;
    }

    static RequestPattern method(HttpMethod method) {
        Assert.notNull(method, "method must not be null");
        return new TextPattern(TextPattern.Part.METHOD, Lookup.equalTo(method.name()));
    }

    static RequestPattern method(Lookup lookup) {
        return new TextPattern(TextPattern.Part.METHOD, lookup);
    }

    static RequestPattern scheme(Lookup lookup) {
        return new TextPattern(TextPattern.Part.SCHEME, Lookups.lowerCase(lookup));
    }

    /**
     * Look at the host, whatever its case, in its international or its ASCII form.
     * @param lookup how it is compared
     * @return the pattern
     */
    static RequestPattern host(Lookup lookup) {
        return new TextPattern(TextPattern.Part.HOST, Lookups.lowerCase(lookup));
    }

    /**
     * Look at the port, which is that of the scheme where the URL names none.
     * @param ports the ports to take
     * @return the pattern
     */
    static RequestPattern port(int... ports) {
        return TextPattern.port(ports);
    }

    /**
     * Look at the path, decoded and without its query.
     * @param lookup how it is compared
     * @return the pattern
     */
    static RequestPattern path(Lookup lookup) {
        return new TextPattern(TextPattern.Part.PATH, lookup);
    }

    /**
     * Look at the path.
     * @param template the path, decoded; {@code {name}} takes one segment, which becomes
     * a {@linkplain SentRequest#variable(String) variable}
     * @return the pattern
     * @throws IllegalArgumentException if the template is malformed
     */
    static RequestPattern path(String template) {
        Assert.notNull(template, "template must not be null");
        return TextPattern.path(template);
    }

    /**
     * Look at the parts of the URL that are given here, and at no others: without a path,
     * any path; without a scheme ({@code //host}), any scheme; without a port, any port.
     * {@code *.example.com} are the hosts below, {@code *example.com} that one and those
     * below. The path may be a {@linkplain #path(String) template}.
     * @param url a URL or its beginning or end, or an empty text for every URL
     * @return the pattern
     * @throws IllegalArgumentException if it is malformed
     */
    static RequestPattern url(String url) {
        Assert.notNull(url, "url must not be null");
        return UrlShorthand.parse(url, true);
    }

    /**
     * Look at the whole text of the URL.
     * @param lookup how it is compared
     * @return the pattern
     */
    static RequestPattern url(Lookup lookup) {
        return TextPattern.url(lookup);
    }

    /**
     * Look for a parameter of the query.
     * @param name its name
     * @param values all of its values, in order
     * @return the pattern
     */
    static RequestPattern param(String name, Object... values) {
        return MultiPattern.one(MultiPattern.Part.PARAMS, name, values);
    }

    /**
     * Look at all parameters of the query.
     * @param params names and values; there must be no others
     * @return the pattern
     */
    static RequestPattern paramsEqualTo(Map<String, ? extends @Nullable Object> params) {
        return MultiPattern.of(MultiPattern.Part.PARAMS, params, true);
    }

    /**
     * Look for a header.
     * @param name its name, in any case
     * @param values all of its values, in order, as text or as {@link Lookup}
     * @return the pattern
     */
    static RequestPattern header(String name, Object... values) {
        return MultiPattern.one(MultiPattern.Part.HEADERS, name, values);
    }

    /**
     * Look for a cookie.
     * @param name its name
     * @param value its value, as text or as {@link Lookup}
     * @return the pattern
     */
    static RequestPattern cookie(String name, Object value) {
        return MultiPattern.one(MultiPattern.Part.COOKIES, name, value);
    }

    /**
     * Look at the body as text.
     * @param lookup how it is compared
     * @return the pattern
     */
    static RequestPattern text(Lookup lookup) {
        return new TextPattern(TextPattern.Part.TEXT, lookup);
    }

    /**
     * Look at the body.
     * @param bytes the bytes that it must be
     * @return the pattern
     */
    static RequestPattern content(byte[] bytes) {
        return ContentPattern.of(bytes, false);
    }

    /**
     * Look for bytes in the body.
     * @param bytes the bytes that must be somewhere in it
     * @return the pattern
     */
    static RequestPattern contentContaining(byte[] bytes) {
        return ContentPattern.of(bytes, true);
    }

    /**
     * Look at the body as JSON. The order of an object's keys does not count, that of an
     * array's elements does, and 1 is not 1.0.
     * @param value the value: a text is taken as JSON, all else is written as JSON
     * @return the pattern
     */
    static RequestPattern json(Object value) {
        return JsonPattern.of("$", JsonPattern.tree(value), false);
    }

    /**
     * Look at the body as JSON that may have more than is asked for: objects other keys.
     * @param value the value: a text is taken as JSON, all else is written as JSON
     * @return the pattern
     */
    static RequestPattern jsonContaining(Object value) {
        return JsonPattern.of("$", JsonPattern.tree(value), true);
    }

    /**
     * Look at one place of the body as JSON.
     * @param path where, as {@code $.items[0].id}
     * @param value the value that is written as JSON; a text is a JSON string
     * @return the pattern
     * @throws IllegalArgumentException if the path is malformed
     */
    static RequestPattern json(String path, @Nullable Object value) {
        return JsonPattern.of(path, Json.tree(value), false);
    }

    /**
     * Look for fields of a form, URL-encoded or multipart.
     * @param name the name
     * @param values all of its values, in order, as text or as {@link Lookup}
     * @return the pattern
     */
    static RequestPattern formField(String name, Object... values) {
        return MultiPattern.one(MultiPattern.Part.FORM, name, values);
    }

    /**
     * Look at all fields of a form.
     * @param fields names and values; there must be no others
     * @return the pattern
     */
    static RequestPattern formEqualTo(Map<String, ? extends @Nullable Object> fields) {
        return MultiPattern.of(MultiPattern.Part.FORM, fields, true);
    }

    /**
     * Look for a file of a multipart body.
     * @param name the name of the form's field
     * @param fileName the file name
     * @param content the content, as text
     * @return the pattern
     */
    static RequestPattern file(String name, Lookup fileName, Lookup content) {
        return new FilePattern(List.of(new FilePattern.Expected(name, fileName, content)), false);
    }

    /**
     * Look at a request as a whole.
     * @param description what the test asks for, for reports
     * @param test the test; a request for which it throws does not match
     * @return the pattern
     */
    static RequestPattern where(String description, Predicate<SentRequest> test) {
        Assert.hasText(description, "description must not be empty");
        Assert.notNull(test, "test must not be null");
        return new Combined.Where(description, test);
    }

    /**
     * Return a pattern that asks for all of some.
     * @param patterns the patterns
     * @return the combination; {@link #anything()} of none
     */
    static RequestPattern allOf(Collection<? extends RequestPattern> patterns) {
        return Combined.all(patterns);
    }

    /**
     * Return a pattern as respx spells it, for tests that are tables.
     *
     * <pre class="code">
     * RequestPattern.spelled(Map.of("method__in", List.of("GET", "HEAD"), "path__startswith", "/a/"))
     * </pre>
     * @param lookups values by {@code part} or {@code part__lookup}: parts are
     * {@code method}, {@code scheme}, {@code host}, {@code port}, {@code path},
     * {@code params}, {@code url}, {@code headers}, {@code cookies}, {@code content},
     * {@code data}, {@code files} and {@code json} ({@code json__items__0__id} for what
     * is inside), lookups {@code eq}, {@code in}, {@code regex}, {@code startswith} and
     * {@code contains}
     * @return the pattern that asks for all of them
     * @throws UnknownPatternException if there is no such part
     * @throws UnsupportedLookupException if the part is not compared so
     * @throws IllegalArgumentException if there is no such lookup
     */
    static RequestPattern spelled(Map<String, ? extends @Nullable Object> lookups) {
        return Spelling.pattern(lookups);
    }

}
