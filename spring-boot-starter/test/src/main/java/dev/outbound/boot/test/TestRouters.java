package dev.outbound.boot.test;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;

import dev.outbound.boot.Clients;
import dev.outbound.client.http.Url;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.MockScope;
import dev.outbound.mock.Reply;

/**
 * The routers of one running test, by the names of the application's clients.
 */
final class TestRouters {

    private final AutoConfigureMockUpstreams settings;

    private final ApplicationContext context;

    private final Clients clients;

    private final @Nullable TestCassettes cassettes;

    /** Of another extension, which mocks one-off calls. */
    private final @Nullable MockScope around = MockScope.current();

    private final MockScope scope;

    /** What no mock would have answered. */
    private final List<String> escaped = new CopyOnWriteArrayList<>();

    private @Nullable TestLog log;

    private TestRouters(String test, Path folder, AutoConfigureMockUpstreams settings, ApplicationContext context) {
        this.settings = settings;
        this.context = context;
        this.clients = context.getBean(Clients.class);
        Arrays.stream(settings.clients()).forEach(this.clients::properties);
        this.cassettes = settings.cassette().isEmpty() ? null : new TestCassettes(settings.cassette(), folder);
        List<String> recorded = (this.cassettes != null) ? this.cassettes.recordedClients() : List.of();
        recorded.forEach(this.clients::properties);
        this.scope = MockScope.open(test, settings.everyThread(), this::create);
        try {
            if (!settings.strict()) {
                this.scope.allowStrays();
            }
            if (!settings.passThrough()) {
                NetworkGuard.watch(this.scope, this);
            }
            recorded.forEach(this.scope::router);
        }
        catch (RuntimeException ex) {
            NetworkGuard.unwatch(this.scope);
            this.scope.close();
            throw ex;
        }
    }

    static TestRouters open(String test, Path folder, AutoConfigureMockUpstreams settings, ApplicationContext context) {
        return new TestRouters(test, folder, settings, context);
    }

    /**
     * Return the router that a test asks for.
     * @param name the name of the client, or an empty text
     * @param element the name of the field or parameter
     */
    MockRouter router(String name, String element) {
        String client = name.isEmpty() ? kebabCase(element) : name;
        this.clients.properties(client);
        if (!isMocked(client)) {
            throw new IllegalArgumentException("Client '" + client + "' is not mocked in this test, but "
                    + String.join(", ", this.settings.clients()) + ". Add it to `clients`");
        }
        return this.scope.router(client);
    }

    /** Return what the calls of a client leave behind. */
    ClientEffects effects(String name, String element) {
        String client = name.isEmpty() ? kebabCase(element) : name;
        this.clients.properties(client);
        ClientEffects.checkAvailable(getClass().getClassLoader());
        if (this.log == null) {
            this.log = TestLog.start(this.scope);
        }
        return new ClientEffects(client, this.context, this.log);
    }

    private static String kebabCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private boolean isMocked(String client) {
        return this.settings.clients().length == 0 || List.of(this.settings.clients()).contains(client);
    }

    private @Nullable MockRouter create(String client) {
        if (client.equals(MockScope.ONE_OFFS)) {
            return (this.around != null) ? null
                    : guard("A one-off call of Outbound", "Give the component a named client, or use @MockOutbound");
        }
        if (isMocked(client)) {
            Url baseUrl = this.clients.session(client).settings().baseUrl();
            MockRouter router = MockRouter.named(client, (baseUrl != null) ? baseUrl.text() : "");
            if (this.cassettes != null) {
                this.cassettes.insert(client, router);
            }
            return this.settings.strict() ? router : router.otherwise(Reply.ok()).allowUncalled();
        }
        return guard("Client '" + client + "'",
                "Add \"" + client + "\" to `clients` of " + "the test's annotation to mock it");
    }

    private MockRouter guard(String who, String wayOut) {
        MockRouter router = MockRouter.named("guard", "");
        if (this.settings.passThrough()) {
            return router.otherwise(Reply.passThrough());
        }
        return router.otherwise(Reply.failure((request) -> escaped(who + " would have left the machine: "
                + request.method() + " " + request.url().redacted() + ". " + wayOut + ".")));
    }

    MockScope scope() {
        return this.scope;
    }

    /** Keep that a request would have left the machine, should its error be swallowed. */
    IllegalStateException escaped(String message) {
        this.escaped.add(message);
        return new IllegalStateException(message);
    }

    void verify(@Nullable Throwable failure) {
        String escaped = (failure == null && this.settings.strict())
                ? this.escaped.stream().distinct().collect(Collectors.joining("\n")) : "";
        try {
            this.scope.verify(failure);
        }
        catch (AssertionError ex) {
            String before = escaped.isEmpty() ? "" : escaped + "\n\n";
            throw (isBypassed()) ? new AssertionError(before + ex.getMessage() + bypassing(), ex) : ex;
        }
        if (!escaped.isEmpty()) {
            throw new AssertionError(escaped);
        }
    }

    private boolean isBypassed() {
        return this.scope.routers()
            .values()
            .stream()
            .anyMatch((router) -> router.calls().isEmpty() && router.unmatchedRequests().isEmpty());
    }

    /** Name what may have sent the requests elsewhere. */
    private String bypassing() {
        Set<String> own = OwnClients.in(this.context, this.clients);
        return own.isEmpty() ? "" : "\nThese were not made by the starter, and bypass the mocks: "
                + String.join(", ", own) + ". Inject the named client instead.";
    }

    void close() {
        try {
            if (this.cassettes != null) {
                this.cassettes.close();
            }
        }
        finally {
            if (this.log != null) {
                this.log.end();
            }
            NetworkGuard.unwatch(this.scope);
            this.scope.close();
        }
    }

}
