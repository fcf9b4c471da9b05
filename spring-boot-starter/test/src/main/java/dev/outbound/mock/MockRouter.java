package dev.outbound.mock;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientClock;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * An upstream in the process of the test, for blocking and reactive clients: respx's
 * router. Requests go through the whole policy of the client, and no further than here.
 *
 * <pre class="code">
 * MockRouter router = MockRouter.create("https://api.test");
 * Route user = router.get("/users/{id}").reply((r) -&gt; r.json(Map.of("name", "Ada")));
 * Client client = router.client();
 *
 * client.get("/users/1");
 *
 * assertThat(user).isCalledOnce();
 * router.verify();
 * </pre>
 *
 * A request that no route matches fails with an {@link UnmatchedRequestError}, and so
 * does {@link #verify()} when the code under test has swallowed it; a route that is not
 * called fails {@link #verify()}, too. Both can be relaxed: with {@link #otherwise} and
 * {@link #allowUncalled()}, for one route with {@link Route#optional()}.
 * <p>
 * Clients of a router run on its {@link #clock() clock}, which is virtual. Thread-safe.
 *
 * @since 0.1
 */
public final class MockRouter extends Routes implements AssertProvider<RouterAssert>, AutoCloseable {

    private final Object lock = new Object();

    private final BaseUrl baseUrl;

    private final String name;

    private final Transport transport;

    private final ReactiveTransport reactiveTransport;

    private final RouterState state = new RouterState();

    private ClientClock clock = VirtualClock.create();

    private boolean ownClock;

    private final RealEngines engines = new RealEngines();

    private MockRouter(String name, BaseUrl baseUrl) {
        this.name = name;
        this.baseUrl = baseUrl;
        TransportSettings settings = TransportSettings.defaults(name);
        this.transport = transports().blocking(settings);
        this.reactiveTransport = transports().reactive(settings);
    }

    /**
     * Return a router for any URL.
     * @return a router without routes
     */
    public static MockRouter create() {
        return create("");
    }

    /**
     * Return a router below a base URL: its routes are paths below it. A route that names
     * its own host is on its own.
     * @param baseUrl the base, like {@code https://api.test/v1}
     * @return a router without routes
     * @throws IllegalArgumentException if it is not a base URL
     */
    public static MockRouter create(String baseUrl) {
        Assert.notNull(baseUrl, "baseUrl must not be null");
        return new MockRouter("router", BaseUrl.of(baseUrl));
    }

    /**
     * Return a router for the client of a name, which reports call by that name.
     * @param name the name of the client
     * @param baseUrl the base, or an empty text
     * @return a router without routes
     */
    public static MockRouter named(String name, String baseUrl) {
        Assert.hasText(name, "name must not be empty");
        Assert.notNull(baseUrl, "baseUrl must not be null");
        return new MockRouter(name, BaseUrl.of(baseUrl));
    }

    @Override
    Route add(@Nullable HttpMethod method, @Nullable String url, RequestPattern pattern) {
        Route route = new Route(this, new RouteState(method, url, Combined.conditions(pattern).toList()));
        synchronized (this.lock) {
            this.state.routes().add(route);
        }
        return route;
    }

    /**
     * Return a group of routes.
     * @param path the beginning of their paths
     * @return the group
     */
    public RouteGroup group(String path) {
        Assert.notNull(path, "path must not be null");
        return new RouteGroup(this, path, RequestPattern.anything());
    }

    /**
     * Return the route of a name.
     * @param name the name
     * @return the route
     * @throws IllegalArgumentException if there is none
     */
    public Route named(String name) {
        return read(() -> this.state.routes().named(name));
    }

    /**
     * Remove the route of a name.
     * @param name the name
     * @return the route that was removed
     * @throws IllegalArgumentException if there is none
     */
    public Route remove(String name) {
        return read(() -> this.state.routes().remove(name));
    }

    /**
     * Return the routes in the order in which they are asked.
     * @return one for each pattern
     */
    public List<Route> routes() {
        return read(() -> this.state.routes().routes());
    }

    /**
     * Answer what no route matches, instead of failing the test.
     * @param reply the answer
     * @return this
     */
    public MockRouter otherwise(Reply reply) {
        Assert.notNull(reply, "reply must not be null");
        change(() -> this.state.otherwise(reply));
        return this;
    }

    /**
     * Accept routes that are not called.
     * @return this
     */
    public MockRouter allowUncalled() {
        change(this.state::allowUncalled);
        return this;
    }

    /**
     * Run this router and its clients on another clock.
     * @param clock the clock
     * @return this
     */
    public MockRouter clock(ClientClock clock) {
        Assert.notNull(clock, "clock must not be null");
        change(() -> {
            this.clock = clock;
            this.ownClock = true;
        });
        return this;
    }

    /** Run on the time of a test, unless a clock was set. */
    void share(VirtualClock time) {
        change(() -> this.clock = this.ownClock ? this.clock : time.sharingTime());
    }

    /**
     * Return the clock of this router, which its clients have to have, too.
     * @return a {@link VirtualClock} unless it was replaced
     */
    public ClientClock clock() {
        return read(() -> this.clock);
    }

    /**
     * Let time pass, for this router and all whose clocks show the same time: those of
     * one test.
     * @param duration how long
     * @return this
     * @throws IllegalStateException if its clock is not a {@link VirtualClock}
     */
    public MockRouter advance(Duration duration) {
        if (!(clock() instanceof VirtualClock clock)) {
            throw new IllegalStateException(
                    this + " runs on " + clock() + ", which cannot be advanced. Leave its clock the virtual one");
        }
        clock.advance(duration);
        return this;
    }

    /**
     * Send what is {@linkplain Reply#passThrough() passed through} on other transports
     * than the engines of the class path.
     * @param engines makes them, with the settings of the client
     * @return this
     */
    public MockRouter passThroughTo(Transports engines) {
        Assert.notNull(engines, "engines must not be null");
        this.engines.use(engines);
        return this;
    }

    RealEngines engines() {
        return this.engines;
    }

    /**
     * Release the connections that requests were passed through on; all else stays.
     */
    @Override
    public void close() {
        this.engines.close();
    }

    /**
     * Return the transport for blocking clients. What it passes through goes out with the
     * default settings of an engine: prefer {@link #bind}, or {@link #transports()}.
     * @return always the same
     */
    public Transport transport() {
        return this.transport;
    }

    /**
     * Return the transport for reactive clients. What it passes through goes out with the
     * default settings of an engine: prefer {@link #bind}, or {@link #transports()}.
     * @return always the same
     */
    public ReactiveTransport reactiveTransport() {
        return this.reactiveTransport;
    }

    /**
     * Return both transports, for what makes them for its clients.
     * @return transports that lead to this router; what it passes through goes out with
     * the settings of the client: its TLS, its proxies
     */
    public Transports transports() {
        return new Transports() {

            @Override
            public boolean isMock() {
                return true;
            }

            @Override
            public Transport blocking(TransportSettings settings) {
                return new MockTransport((context) -> MockRouter.this, settings);
            }

            @Override
            public ReactiveTransport reactive(TransportSettings settings) {
                return new MockReactiveTransport((context) -> MockRouter.this, settings);
            }

        };
    }

    /**
     * Put the clients of a builder on this router and its clock.
     * @param builder the builder
     * @return the builder
     */
    public ClientBuilder bind(ClientBuilder builder) {
        Assert.notNull(builder, "builder must not be null");
        return builder.transports(transports()).clock(clock());
    }

    /**
     * Return a blocking client of this router, with its base URL.
     * @return the client
     */
    public Client client() {
        return client((builder) -> {
        });
    }

    /**
     * Return a blocking client of this router, with its base URL.
     * @param settings configures it further
     * @return the client
     */
    public Client client(Consumer<ClientBuilder> settings) {
        return builder(settings).build();
    }

    /**
     * Return a reactive client of this router, with its base URL.
     * @return the client
     */
    public ReactiveClient reactiveClient() {
        return reactiveClient((builder) -> {
        });
    }

    /**
     * Return a reactive client of this router, with its base URL.
     * @param settings configures it further
     * @return the client
     */
    public ReactiveClient reactiveClient(Consumer<ClientBuilder> settings) {
        return builder(settings).buildReactive();
    }

    private ClientBuilder builder(Consumer<ClientBuilder> settings) {
        ClientBuilder builder = Client.builder();
        if (this.baseUrl != BaseUrl.NONE) {
            builder.baseUrl(this.baseUrl.toString());
        }
        settings.accept(builder);
        return bind(builder);
    }

    /** Decide who answers a request, and keep it. */
    Resolution resolve(SentRequest request) {
        for (Route route : routes()) {
            Resolution resolution = ask(route, request);
            if (resolution != null) {
                return record(resolution);
            }
        }
        Reply otherwise = read(this.state::otherwise);
        if (otherwise != null) {
            return record(new Resolution(request, null, otherwise));
        }
        UnmatchedRequestError error = read(() -> new UnmatchedRequestError(request, report().of(request)));
        change(() -> this.state.unmatched(error));
        throw error;
    }

    private @Nullable Resolution ask(Route route, SentRequest request) {
        Comparison comparison = this.baseUrl.compare(request, route.pattern());
        Answers.Turn turn = comparison.matches() ? read(() -> route.state().answers().take()) : null;
        if (turn == null) {
            return null;
        }
        SentRequest below = this.baseUrl.below(request);
        SentRequest seen = ((below != null) ? below : request).withVariables(comparison.variables());
        Reply reply = reply(route, turn.responder(), seen);
        if (reply == null) {
            change(() -> Answers.giveBack(turn));
            return null;
        }
        return new Resolution(seen, route, reply);
    }

    /** A responder that fails, for example by an assertion, fails the test, too. */
    private @Nullable Reply reply(Route route, Responder responder, SentRequest request) {
        try {
            return responder.reply(request);
        }
        catch (RequestException ex) {
            return Reply.failure((sent) -> ex);
        }
        catch (RuntimeException | Error ex) {
            change(() -> this.state.broken(Report.broken(route.state(), request, ex)));
            throw ex;
        }
    }

    private Resolution record(Resolution resolution) {
        MockCall call = new MockCall(resolution.request(), resolution.route(), resolution.reply());
        change(() -> this.state.answered(call, resolution.route()));
        return resolution;
    }

    /**
     * Return all requests that were answered.
     * @return the calls in order
     */
    public List<MockCall> calls() {
        return read(this.state::calls);
    }

    /**
     * Return one of the requests that were answered.
     * @param index which one, from 0
     * @return the call
     * @throws IllegalStateException if there are fewer
     */
    public MockCall call(int index) {
        List<MockCall> calls = calls();
        if (index < 0 || index >= calls.size()) {
            throw new IllegalStateException(
                    "There is no call " + index + " of " + this + ", but " + (calls.isEmpty() ? "none at all" : calls));
        }
        return calls.get(index);
    }

    /**
     * Return the requests that no route has matched.
     * @return the requests in order
     */
    public List<SentRequest> unmatchedRequests() {
        return read(this.state::unmatchedRequests);
    }

    /**
     * Fail if a request found no route, or a route no request.
     * @throws AssertionError if so; it tells all of them
     */
    public void verify() {
        String report = report(false);
        if (!report.isEmpty()) {
            throw new AssertionError(report);
        }
    }

    /**
     * Return what is wrong; of a test that has failed by itself, without what it left
     * out.
     */
    String report(boolean failed) {
        return read(() -> this.state.verdict(report(), failed));
    }

    private Report report() {
        return new Report(this.name, this.baseUrl, this.state.routes().states());
    }

    /**
     * Forget all calls, unmatched requests and waits.
     */
    public void reset() {
        change(() -> {
            this.state.reset();
            if (this.clock instanceof VirtualClock virtual) {
                virtual.forgetWaits();
            }
        });
    }

    /**
     * Remove all routes.
     */
    public void clear() {
        change(() -> this.state.routes().clear());
    }

    /**
     * Return what this router is like now, to come back to.
     * @return routes, replies, calls
     */
    public Snapshot snapshot() {
        return read(() -> new Snapshot(this, this.state.save()));
    }

    /**
     * Be again what this router was like: routes that came since are gone, those that
     * were removed are back, with the replies and the calls of that time.
     * @param snapshot a snapshot of this router
     */
    public void restore(Snapshot snapshot) {
        Assert.isTrue(snapshot.router == this, "The snapshot is of another router");
        change(() -> this.state.restore(snapshot.saved));
    }

    /** Change something that no route's place depends on. */
    void change(Runnable change) {
        synchronized (this.lock) {
            change.run();
        }
    }

    /** Look at something without giving routes their places. */
    <T> T peek(Supplier<T> read) {
        synchronized (this.lock) {
            return read.get();
        }
    }

    /** Look at the routes, which from then on have their places. */
    <T extends @Nullable Object> T read(Supplier<T> read) {
        synchronized (this.lock) {
            this.state.routes().settle();
            return read.get();
        }
    }

    /** For {@code assertThat(router)}. */
    @Override
    public RouterAssert assertThat() {
        return new RouterAssert(this);
    }

    /**
     * Return the name and the base URL.
     */
    @Override
    public String toString() {
        return "mock " + this.name + ((this.baseUrl != BaseUrl.NONE) ? " (" + this.baseUrl + ")" : "");
    }

    /**
     * Who answers a request.
     *
     * @param request the request, as the route sees it
     * @param route the route, or {@code null}
     * @param reply how it is answered
     */
    record Resolution(SentRequest request, @Nullable Route route, Reply reply) {
    }

    /**
     * What a router was like at one moment. Immutable.
     *
     * @since 0.1
     */
    public static final class Snapshot {

        private final MockRouter router;

        private final RouterState.Saved saved;

        private Snapshot(MockRouter router, RouterState.Saved saved) {
            this.router = router;
            this.saved = saved;
        }

    }

}
