package dev.outbound.mock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.ThrowingSupplier;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.util.Assert;

import dev.outbound.client.ClientClock;
import dev.outbound.client.transport.Transports;

/**
 * The routers of one running test, by the names of clients. Tests that share clients find
 * their own routers in here: on their thread, on the threads of Reactor's schedulers that
 * they use, and in their Reactor chains, so that they can run in parallel. Thread-safe.
 * <p>
 * Code that hops to threads of its own leaves its test. Either {@link #wrap wrap} what it
 * runs, or let the test have {@linkplain #open(String, boolean, Function) every thread}.
 * A request that comes from nowhere fails, and so do all tests that are running, for it
 * may belong to any of them.
 * <p>
 * A scope that is opened in another one, on the same thread, answers first; what it has
 * no router for goes to the one around it.
 *
 * @since 0.1
 */
public final class MockScope implements AutoCloseable {

    /**
     * The JUnit resource that tests with mocks share, and that a test with every thread
     * has for itself.
     */
    public static final String LOCK = "dev.outbound.mock";

    /**
     * The name of the router for the one-off calls of {@code Outbound}.
     */
    public static final String ONE_OFFS = "Outbound";

    private static final Object KEY = MockScope.class;

    private static final List<MockScope> OPEN = new CopyOnWriteArrayList<>();

    private static final ThreadLocal<@Nullable MockScope> CURRENT = new ThreadLocal<>();

    private final String test;

    private final boolean everyThread;

    private final Function<String, @Nullable MockRouter> factory;

    private final @Nullable MockScope around;

    private final VirtualClock clock = VirtualClock.create();

    private final Map<String, MockRouter> routers = new TreeMap<>();

    private final List<String> strays = new CopyOnWriteArrayList<>();

    private volatile boolean straysAllowed;

    private MockScope(String test, boolean everyThread, Function<String, @Nullable MockRouter> factory,
            @Nullable MockScope around) {
        this.test = test;
        this.everyThread = everyThread;
        this.factory = factory;
        this.around = around;
    }

    /**
     * Begin a test on the current thread.
     * @param test its name, for messages
     * @param everyThread whether requests on threads that are not known belong to it; it
     * must then be the only test that runs
     * @param factory makes the router of a client when it is first asked for, or returns
     * {@code null} to leave the client to the scope around
     * @return the scope; close it on the same thread
     * @throws IllegalStateException if a test that has every thread is running
     */
    public static MockScope open(String test, boolean everyThread, Function<String, @Nullable MockRouter> factory) {
        Assert.hasText(test, "test must not be empty");
        Assert.notNull(factory, "factory must not be null");
        MockScope around = CURRENT.get();
        MockScope scope = new MockScope(test, everyThread, factory,
                (around != null && OPEN.contains(around)) ? around : null);
        synchronized (OPEN) {
            for (MockScope other : OPEN) {
                if ((everyThread || other.everyThread) && !scope.isWithin(other)) {
                    throw new IllegalStateException("Test '" + (everyThread ? test : other.test)
                            + "' has every thread, and cannot run in parallel with '"
                            + (everyThread ? other.test : test) + "'. Give both @ResourceLock(MockScope.LOCK)");
                }
            }
            if (OPEN.isEmpty()) {
                ReactorHooks.install();
            }
            OPEN.add(scope);
        }
        OneOffs.divert();
        CURRENT.set(scope);
        return scope;
    }

    /**
     * Return the test that the current thread belongs to.
     * @return its scope, or {@code null}
     */
    public static @Nullable MockScope current() {
        return find(Context.empty());
    }

    static @Nullable MockScope bound() {
        return CURRENT.get();
    }

    static @Nullable MockScope find(ContextView context) {
        MockScope scope = context.<MockScope>getOrEmpty(KEY).orElseGet(CURRENT::get);
        if (scope != null && OPEN.contains(scope)) {
            return scope;
        }
        List<MockScope> open = new ArrayList<>(OPEN);
        MockScope last = open.isEmpty() ? null : open.get(open.size() - 1);
        return (last != null && open.stream().allMatch(last::isWithin)
                && open.stream().anyMatch((one) -> one.everyThread)) ? last : null;
    }

    /**
     * Return whether this scope is another one, or was opened in it.
     * @param other the other one
     * @return whether the other one covers this one
     */
    public boolean isWithin(MockScope other) {
        for (MockScope scope = this; scope != null; scope = scope.around) {
            if (scope == other) {
                return true;
            }
        }
        return false;
    }

    static boolean isAnyOpen() {
        return !OPEN.isEmpty();
    }

    static Context put(MockScope scope, Context context) {
        return context.hasKey(KEY) ? context : context.put(KEY, scope);
    }

    /** Tell why a request belongs to no test, and the tests that it may belong to. */
    static IllegalStateException stray(String client) {
        IllegalStateException failure = unknown(client);
        OPEN.forEach((scope) -> scope.strays.add(String.valueOf(failure.getMessage())));
        return failure;
    }

    private static IllegalStateException unknown(String client) {
        if (OPEN.isEmpty()) {
            return new IllegalStateException("A request of " + client + " came on thread '" + thread()
                    + "' while no test with mocks was running");
        }
        String tests = OPEN.stream().map((scope) -> "'" + scope.test + "'").collect(Collectors.joining(", "));
        return new IllegalStateException("A request of " + client + " came on thread '" + thread()
                + "', which belongs to none of the tests that are running (" + tests
                + "). Wrap what runs there with MockScope.wrap, or give the test everyThread = true: "
                + "it then runs while no other test with mocks does");
    }

    /** Virtual threads mostly have no name. */
    static String thread() {
        Thread thread = Thread.currentThread();
        return thread.getName().isEmpty() ? thread.toString() : thread.getName();
    }

    /**
     * Return the time of this test: that of its routers, unless one has a clock of its
     * own.
     * @return a clock that knows the waits of all clients
     */
    public VirtualClock clock() {
        return (this.around != null) ? this.around.clock() : this.clock;
    }

    /**
     * Return a clock that is, for whoever uses it, that of the test it belongs to.
     * @return the clock; between tests it shows the time of the system
     */
    public static VirtualClock currentClock() {
        return VirtualClock.ofTest();
    }

    /**
     * Return the router of a client in this test.
     * @param client the name of the client
     * @return always the same for a name
     * @throws IllegalStateException if the test has none
     */
    public MockRouter router(String client) {
        MockRouter own = ownRouter(client);
        if (own != null) {
            return own;
        }
        if (this.around == null) {
            throw new IllegalStateException("Test '" + this.test + "' has no mock for client '" + client + "'");
        }
        return this.around.router(client);
    }

    private @Nullable MockRouter ownRouter(String client) {
        synchronized (this.routers) {
            MockRouter router = this.routers.get(client);
            if (router == null) {
                router = this.factory.apply(client);
                if (router != null) {
                    router.share(clock());
                    this.routers.put(client, router);
                }
            }
            return router;
        }
    }

    /**
     * Accept requests on threads that belong to no test. They fail, but not this test.
     */
    public void allowStrays() {
        this.straysAllowed = true;
    }

    /**
     * Return the routers that were asked for.
     * @return routers by name
     */
    public Map<String, MockRouter> routers() {
        synchronized (this.routers) {
            return new TreeMap<>(this.routers);
        }
    }

    /**
     * Let another thread belong to this test while it runs something.
     * @param task what it runs
     * @return the task to give to the other thread
     */
    public Runnable wrap(Runnable task) {
        return () -> {
            MockScope before = CURRENT.get();
            CURRENT.set(this);
            try {
                task.run();
            }
            finally {
                restore(before);
            }
        };
    }

    /**
     * Let another thread belong to this test while it runs something.
     * @param task what it runs
     * @return the task to give to the other thread
     */
    public <T> Callable<T> wrapCallable(Callable<T> task) {
        return () -> {
            MockScope before = CURRENT.get();
            CURRENT.set(this);
            try {
                return task.call();
            }
            finally {
                restore(before);
            }
        };
    }

    /**
     * Let the current thread belong to this test while it runs something.
     * @param task what it runs
     * @return what the task returns
     * @throws Throwable what the task throws
     */
    public <T extends @Nullable Object> T run(ThrowingSupplier<T> task) throws Throwable {
        MockScope before = CURRENT.get();
        CURRENT.set(this);
        try {
            return task.get();
        }
        finally {
            restore(before);
        }
    }

    private static void restore(@Nullable MockScope before) {
        if (before != null) {
            CURRENT.set(before);
        }
        else {
            CURRENT.remove();
        }
    }

    /**
     * Fail if a request found no route, or a route no request, or if a request came on a
     * thread that belongs to no test.
     * @param failure what the test failed with by itself, or {@code null}; routes that
     * were not called are no news then
     * @throws AssertionError if so; it tells all of them
     */
    public void verify(@Nullable Throwable failure) {
        Stream<String> reports = routers().values().stream().map((router) -> router.report(failure != null));
        String report = Stream.concat(this.straysAllowed ? Stream.empty() : this.strays.stream(), reports)
            .filter((text) -> !text.isEmpty())
            .collect(Collectors.joining("\n\n"));
        if (!report.isEmpty() && !(failure instanceof UnmatchedRequestError)) {
            throw new AssertionError(report);
        }
    }

    /**
     * Return transports for clients that several tests share, one after the other or in
     * parallel: each request goes to the router of its client in the test that sends it,
     * and fails where that is not known.
     * @return the transports
     */
    public static Transports transports() {
        return new ScopedTransports(null, null);
    }

    /**
     * Return the clock of a client that several tests share: each call runs on that of
     * the client's router in its test.
     * @param client the name of the client
     * @return the clock
     */
    public static ClientClock clock(String client) {
        Assert.hasText(client, "client must not be empty");
        return new ScopedClock(client);
    }

    /**
     * End the test. Its routers release what they have passed through.
     */
    @Override
    public void close() {
        if (CURRENT.get() == this) {
            restore((this.around != null && OPEN.contains(this.around)) ? this.around : null);
        }
        synchronized (OPEN) {
            OPEN.remove(this);
            if (OPEN.isEmpty()) {
                ReactorHooks.uninstall();
            }
        }
        routers().values().forEach(MockRouter::close);
    }

    @Override
    public String toString() {
        return this.test;
    }

}
