package dev.outbound.mock;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a router answers to some requests. Thread-safe.
 *
 * <pre class="code">
 * Route charge = router.post("/charges").json("$.amount", 42)
 *     .reply((r) -&gt; r.status(503).header("Retry-After", "2"))
 *     .then((r) -&gt; r.status(201).json("""
 *         {"id": "c1"}"""));
 * </pre>
 *
 * One reply answers every request. As soon as there are several, each answers once, or as
 * often as {@link #times} says; when all are used up the route does not match any more.
 * <p>
 * A route that is registered again, with an equal pattern or the same name, is the same
 * route: it keeps its place and its calls and gives the new replies.
 *
 * @since 0.1
 */
public final class Route implements AssertProvider<RouteAssert> {

    private final MockRouter router;

    private RouteState state;

    Route(MockRouter router, RouteState state) {
        this.router = router;
        this.state = state;
    }

    /** Return what is known; only with the router's lock held. */
    RouteState state() {
        return this.state;
    }

    /** Stand for another route from now on; only with the router's lock held. */
    void become(RouteState other) {
        this.state = other;
    }

    /**
     * Give this route a name, under which the router knows it.
     * @param name the name
     * @return this
     */
    public Route named(String name) {
        Assert.hasText(name, "name must not be empty");
        this.router.change(() -> this.state.name(name));
        return this;
    }

    /**
     * Take only requests that are also like this.
     * @param condition the condition
     * @return this
     * @throws IllegalArgumentException if no request can meet all conditions
     */
    public Route where(RequestPattern condition) {
        Assert.notNull(condition, "condition must not be null");
        this.router.change(() -> this.state.add(condition));
        return this;
    }

    /**
     * Take only requests with this header.
     * @param name the name, in any case
     * @param values all of its values, in order, as text or {@link Lookup}; without any,
     * one of whatever value
     * @return this
     */
    public Route header(String name, Object... values) {
        return where(RequestPattern.header(name, values));
    }

    /**
     * Take only requests with this parameter of the query.
     * @param name the name
     * @param values all of its values, in order, as text or {@link Lookup}; without any,
     * one of whatever value
     * @return this
     */
    public Route param(String name, Object... values) {
        return where(RequestPattern.param(name, values));
    }

    /**
     * Take only requests with this cookie.
     * @param name the name
     * @param value the value, as text or {@link Lookup}
     * @return this
     */
    public Route cookie(String name, Object value) {
        return where(RequestPattern.cookie(name, value));
    }

    /**
     * Take only requests with this body.
     * @param text the text
     * @return this
     */
    public Route text(String text) {
        return text(Lookup.equalTo(text));
    }

    /**
     * Take only requests with such a body.
     * @param lookup how the text is compared
     * @return this
     */
    public Route text(Lookup lookup) {
        return where(RequestPattern.text(lookup));
    }

    /**
     * Take only requests with this body.
     * @param bytes the bytes
     * @return this
     */
    public Route content(byte[] bytes) {
        return where(RequestPattern.content(bytes));
    }

    /**
     * Take only requests whose body is this JSON.
     * @param value a text that is JSON, or anything that is written as JSON
     * @return this
     */
    public Route json(Object value) {
        return where(RequestPattern.json(value));
    }

    /**
     * Take only requests whose JSON has this value at a place.
     * @param path where, as {@code $.items[0].id}
     * @param value the value that is written as JSON; a text is a JSON string
     * @return this
     */
    public Route json(String path, @Nullable Object value) {
        return where(RequestPattern.json(path, value));
    }

    /**
     * Take only requests whose body is JSON with at least this.
     * @param value a text that is JSON, or anything that is written as JSON
     * @return this
     */
    public Route jsonContaining(Object value) {
        return where(RequestPattern.jsonContaining(value));
    }

    /**
     * Take only requests with exactly this form.
     * @param fields names and values
     * @return this
     */
    public Route form(Map<String, ? extends @Nullable Object> fields) {
        return where(RequestPattern.formEqualTo(fields));
    }

    /**
     * Take only requests with this field of a form.
     * @param name the name
     * @param values all of its values, in order, as text or {@link Lookup}
     * @return this
     */
    public Route formField(String name, Object... values) {
        return where(RequestPattern.formField(name, values));
    }

    /**
     * Take only requests that bring this file.
     * @param name the name of the form's field
     * @param fileName the file name
     * @param content the content
     * @return this
     */
    public Route file(String name, String fileName, String content) {
        return where(RequestPattern.file(name, Lookup.equalTo(fileName), Lookup.equalTo(content)));
    }

    /**
     * Answer with an empty response.
     * @param status its status code
     * @return this
     */
    public Route reply(int status) {
        return reply(Reply.of(status));
    }

    /**
     * Answer with a response that is made of an empty 200.
     * @param reply makes it
     * @return this
     */
    public Route reply(UnaryOperator<Reply> reply) {
        return reply(reply.apply(Reply.ok()));
    }

    /**
     * Answer so, and no longer as was said before.
     * @param reply the reply
     * @return this
     */
    public Route reply(Reply reply) {
        Assert.notNull(reply, "reply must not be null");
        return answer((request) -> reply);
    }

    /**
     * Fail with what goes wrong on the way.
     * @param fault the fault
     * @return this
     */
    public Route reply(Fault fault) {
        return reply(Reply.of(fault));
    }

    /**
     * Answer as a function says.
     * @param responder finds the reply, or declines
     * @return this
     */
    public Route answer(Responder responder) {
        Assert.notNull(responder, "responder must not be null");
        this.router.change(() -> this.state.answers().set(responder));
        return this;
    }

    /**
     * Let the real server answer.
     * @return this
     */
    public Route passThrough() {
        return reply(Reply.passThrough());
    }

    /**
     * Let another upstream answer, for example an application in this process.
     * @param upstream who answers
     * @return this
     */
    public Route handledBy(Upstream upstream) {
        return reply(Reply.from(upstream));
    }

    public Route then(int status) {
        return then(Reply.of(status));
    }

    /**
     * Answer so when the replies before are used up.
     * @param reply makes a response of an empty 200
     * @return this
     */
    public Route then(UnaryOperator<Reply> reply) {
        return then(reply.apply(Reply.ok()));
    }

    /**
     * Answer so when the replies before are used up.
     * @param reply the reply
     * @return this
     * @throws IllegalStateException if the reply before answers for ever
     */
    public Route then(Reply reply) {
        Assert.notNull(reply, "reply must not be null");
        return thenAnswer((request) -> reply);
    }

    /**
     * Fail so when the replies before are used up.
     * @param fault the fault
     * @return this
     */
    public Route then(Fault fault) {
        return then(Reply.of(fault));
    }

    /**
     * Answer as a function says when the replies before are used up.
     * @param responder finds the reply, or declines
     * @return this
     */
    public Route thenAnswer(Responder responder) {
        Assert.notNull(responder, "responder must not be null");
        this.router.change(() -> this.state.answers().add(responder));
        return this;
    }

    /**
     * Give the last reply several times.
     * @param times how often
     * @return this
     */
    public Route times(int times) {
        this.router.change(() -> this.state.answers().times(times));
        return this;
    }

    /**
     * Give the last reply to every request that is still to come.
     * @return this
     */
    public Route forever() {
        this.router.change(() -> this.state.answers().forever());
        return this;
    }

    /**
     * Accept that this route is not called, or not as often as it has replies.
     * @return this
     */
    public Route optional() {
        this.router.change(() -> this.state.optional(true));
        return this;
    }

    /** Be asked after the routes that a test registers itself. */
    Route recorded() {
        this.router.change(() -> this.state.recorded());
        return this;
    }

    /**
     * Return the requests that this route has answered.
     * @return the calls in order
     */
    public List<MockCall> calls() {
        return this.router.read(() -> List.copyOf(this.state.calls()));
    }

    public int callCount() {
        return calls().size();
    }

    public boolean isCalled() {
        return callCount() > 0;
    }

    /**
     * Return the last request that this route has answered.
     * @return the call
     * @throws IllegalStateException if there is none
     */
    public MockCall lastCall() {
        List<MockCall> calls = calls();
        if (calls.isEmpty()) {
            throw new IllegalStateException("Route " + this + " was not called");
        }
        return calls.get(calls.size() - 1);
    }

    /**
     * Return the name of this route.
     * @return the name, or {@code null}
     */
    public @Nullable String name() {
        return this.router.read(() -> this.state.name());
    }

    /**
     * Return what this route asks for.
     * @return the pattern
     */
    public RequestPattern pattern() {
        return this.router.read(() -> this.state.pattern());
    }

    /** For {@code assertThat(route)}. */
    @Override
    public RouteAssert assertThat() {
        return new RouteAssert(this);
    }

    /** Whether both stand for the same route. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Route route && this.router == route.router
                && this.router.<Boolean>peek(() -> this.state == route.state);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this.router);
    }

    @Override
    public String toString() {
        return this.router.peek(() -> this.state.describe());
    }

}
