package dev.outbound.boot.test;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

import dev.outbound.boot.Clients;
import dev.outbound.client.http.Url;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.MockScope;
import dev.outbound.mock.Reply;
import dev.outbound.mock.VirtualClock;

/**
 * The routers of one running test, by the names of the application's clients.
 */
final class TestRouters {

    private static final List<String> OWN_CLIENTS = List.of("dev.outbound.client.Client",
            "dev.outbound.client.ReactiveClient", "org.springframework.web.client.RestClient",
            "org.springframework.web.client.RestTemplate",
            "org.springframework.web.reactive.function.client.WebClient");

    private final AutoConfigureMockUpstreams settings;

    private final ApplicationContext context;

    private final Clients clients;

    private final VirtualClock clock = VirtualClock.create();

    private final @Nullable TestCassettes cassettes;

    private final MockScope scope;

    private @Nullable TestLog log;

    private TestRouters(String test, String method, AutoConfigureMockUpstreams settings, ApplicationContext context) {
        this.settings = settings;
        this.context = context;
        this.clients = context.getBean(Clients.class);
        Arrays.stream(settings.clients()).forEach(this.clients::properties);
        this.cassettes = settings.cassette().isEmpty() ? null : new TestCassettes(settings.cassette(), method);
        List<String> recorded = (this.cassettes != null) ? this.cassettes.recordedClients() : List.of();
        recorded.forEach(this.clients::properties);
        this.scope = MockScope.open(test, settings.everyThread(), this::create);
        try {
            recorded.forEach(this.scope::router);
        }
        catch (RuntimeException ex) {
            this.scope.close();
            throw ex;
        }
    }

    static TestRouters open(String test, String method, AutoConfigureMockUpstreams settings,
            ApplicationContext context) {
        return new TestRouters(test, method, settings, context);
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

    private MockRouter create(String client) {
        if (client.equals(MockScope.ONE_OFFS)) {
            return guard("A one-off call of Outbound", "Give the component a named client, or use @MockOutbound");
        }
        if (isMocked(client)) {
            Url baseUrl = this.clients.session(client).settings().baseUrl();
            MockRouter router = MockRouter.named(client, (baseUrl != null) ? baseUrl.text() : "")
                .clock(this.clock.sharingTime());
            if (this.cassettes != null) {
                this.cassettes.insert(client, router);
            }
            return this.settings.strict() ? router : router.otherwise(Reply.ok()).allowUncalled();
        }
        return guard("Client '" + client + "'",
                "Add \"" + client + "\" to `clients` of " + "the test's annotation to mock it");
    }

    private MockRouter guard(String who, String wayOut) {
        MockRouter router = MockRouter.named("guard", "").clock(this.clock.sharingTime());
        if (this.settings.passThrough()) {
            return router.otherwise(Reply.passThrough());
        }
        return router
            .otherwise(Reply.failure((request) -> new IllegalStateException(who + " would have left the machine: "
                    + request.method() + " " + request.url().redacted() + ". " + wayOut + ".")));
    }

    void verify(@Nullable Throwable failure) {
        try {
            this.scope.verify(failure);
        }
        catch (AssertionError ex) {
            throw (isBypassed()) ? new AssertionError(ex.getMessage() + bypassing(), ex) : ex;
        }
    }

    private boolean isBypassed() {
        return this.scope.routers()
            .values()
            .stream()
            .anyMatch((router) -> router.calls().isEmpty() && router.unmatchedRequests().isEmpty());
    }

    /** Name the beans that may have sent the requests elsewhere. */
    private String bypassing() {
        Set<String> own = new TreeSet<>();
        for (String type : OWN_CLIENTS) {
            ClassLoader loader = this.context.getClassLoader();
            if (ClassUtils.isPresent(type, loader)) {
                Stream.of(this.context.getBeanNamesForType(ClassUtils.resolveClassName(type, loader), true, false))
                    .filter((name) -> !isOurs(name))
                    .forEach((name) -> own.add("\"" + name + "\" (" + ClassUtils.getShortName(type) + ")"));
            }
        }
        return own.isEmpty() ? "" : "\nThese beans were not made by the starter, and bypass the mocks: "
                + own.stream().collect(Collectors.joining(", ")) + ". Inject the named client instead.";
    }

    private boolean isOurs(String bean) {
        if (!(this.context.getAutowireCapableBeanFactory() instanceof ConfigurableListableBeanFactory factory)
                || !factory.containsBeanDefinition(bean)) {
            return false;
        }
        BeanDefinition definition = factory.getBeanDefinition(bean);
        String origin = definition.getResourceDescription();
        return origin != null && origin.startsWith("outbound.clients.");
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
            this.scope.close();
        }
    }

}
