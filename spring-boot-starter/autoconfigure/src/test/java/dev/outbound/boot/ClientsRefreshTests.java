package dev.outbound.boot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.Client;
import dev.outbound.client.ClientSettings;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.Session;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

/** Settings change without a restart, behind every bean. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ClientsRefreshTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, Object> properties = new HashMap<>();

    private static RawServer answering(String text) {
        return RawServer.start((connection) -> connection.forEachRequest((request) -> connection.respond(200, text)));
    }

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withInitializer((context) -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("changing", this.properties)));
    }

    private void run(BiConsumer<AssertableApplicationContext, Clients> test) {
        runner().run((context) -> test.accept(context, context.getBean(Clients.class)));
    }

    private static <T> T qualified(AssertableApplicationContext context, Class<T> type) {
        return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), type, "shop");
    }

    @Test
    void everyFaceGoesByTheNewSettings() {
        try (RawServer before = answering("before"); RawServer after = answering("after")) {
            this.properties.put("outbound.clients.shop.base-url", before.url("/v1"));
            this.properties.put("outbound.clients.shop.headers.X-Tenant", "a");
            run((context, clients) -> {
                Client client = qualified(context, Client.class);
                Client copy = client.with((builder) -> builder.header("X-Copy", "1"));
                ReactiveClient reactive = qualified(context, ReactiveClient.class);
                RestClient restClient = qualified(context, RestClient.class);
                WebClient webClient = qualified(context, WebClient.class);
                assertThat(restClient.get().uri("/r").retrieve().body(String.class)).isEqualTo("before");
                assertThat(webClient.get().uri("/w").retrieve().bodyToMono(String.class).block(PATIENCE))
                    .isEqualTo("before");
                this.properties.put("outbound.clients.shop.base-url", after.url("/v2"));
                this.properties.put("outbound.clients.shop.headers.X-Tenant", "b");
                this.properties.put("outbound.clients.shop.timeouts.read", "3s");
                this.properties.put("outbound.clients.shop.pool.max-connections", "7");
                this.properties.put("outbound.clients.shop.auth.type", "bearer");
                this.properties.put("outbound.clients.shop.auth.token", "renewed");
                assertThat(client.get("/c").text()).isEqualTo("before");
                clients.refresh("shop");
                assertThat(client.get("/c").text()).isEqualTo("after");
                assertThat(copy.get("/copy").text()).isEqualTo("after");
                assertThat(reactive.get("/rc").map(Response::text).block(PATIENCE)).isEqualTo("after");
                assertThat(restClient.get().uri("/r").retrieve().body(String.class)).isEqualTo("after");
                assertThat(webClient.get().uri("/w").retrieve().bodyToMono(String.class).block(PATIENCE))
                    .isEqualTo("after");
                assertThat(after.requests()).hasSize(5)
                    .allSatisfy((request) -> assertThat(request).startsWith("GET /v2/")
                        .contains("X-Tenant: b", "Authorization: Bearer renewed"));
                assertThat(after.requests().get(1)).contains("X-Copy: 1");
                assertThat(client.settings().timeouts().read()).hasSeconds(3);
                assertThat(clients.session("shop").settings().transport().maxConnections()).isEqualTo(7);
                assertThat(clients.properties("shop").getTimeouts().getRead()).hasSeconds(3);
                before.awaitOpen(0);
            });
        }
    }

    @Test
    void callsThatRunWhileSettingsChangeNeverFail() {
        try (RawServer one = answering("served"); RawServer other = answering("served")) {
            this.properties.put("outbound.clients.shop.base-url", one.url());
            run((context, clients) -> {
                Client client = qualified(context, Client.class);
                ReactiveClient reactive = qualified(context, ReactiveClient.class);
                RestClient restClient = qualified(context, RestClient.class);
                AtomicBoolean done = new AtomicBoolean();
                ExecutorService threads = Executors.newFixedThreadPool(3);
                try {
                    List<Future<Boolean>> callers = new ArrayList<>();
                    callers.add(threads.submit(() -> repeat(done, () -> client.get("/").text())));
                    callers.add(threads
                        .submit(() -> repeat(done, () -> reactive.get("/").map(Response::text).block(PATIENCE))));
                    callers.add(threads
                        .submit(() -> repeat(done, () -> restClient.get().uri("/").retrieve().body(String.class))));
                    for (int i = 0; i < 30; i++) {
                        this.properties.put("outbound.clients.shop.base-url", ((i % 2 == 0) ? other : one).url());
                        assertThat(clients.refresh()).containsExactly("shop");
                        client.get("/");
                    }
                    done.set(true);
                    for (Future<Boolean> caller : callers) {
                        assertThat(caller.get(20, TimeUnit.SECONDS)).isTrue();
                    }
                }
                catch (Exception ex) {
                    throw new AssertionError(ex);
                }
                finally {
                    done.set(true);
                    threads.shutdownNow();
                }
                assertThat(clients.session("shop").statistics().lastFailure()).isNull();
                other.awaitOpen(0);
            });
            one.awaitOpen(0);
        }
    }

    private static boolean repeat(AtomicBoolean done, Callable<String> call) throws Exception {
        boolean served = false;
        while (!done.get()) {
            served = "served".equals(call.call());
            assertThat(served).isTrue();
        }
        return served;
    }

    @Test
    void anInvalidChangeIsRefusedWithTheReportOfAStart() {
        this.properties.put("outbound.clients.shop.base-url", "https://shop.example.com");
        this.properties.put("outbound.clients.crm.base-url", "https://crm.example.com");
        run((context, clients) -> {
            Session session = clients.session("shop");
            this.properties.put("outbound.clients.shop.timeouts.read", "soon");
            this.properties.put("outbound.clients.shop.headers.X-Tenant", "b");
            this.properties.put("outbound.clients.shop.retrys.max", "3");
            InvalidClientConfigurationException failure = catchInvalid(() -> clients.refresh("shop"));
            runner().run((other) -> assertThat(other.getStartupFailure())
                .isInstanceOf(InvalidClientConfigurationException.class)
                .satisfies((start) -> assertThat(((InvalidClientConfigurationException) start).problems().toString())
                    .isEqualTo(failure.problems().toString())));
            assertThat(failure.problems()).extracting(Problem::property)
                .containsExactly("outbound.clients.shop.retrys.max", "outbound.clients.shop.timeouts.read");
            assertThat(catchInvalid(clients::refresh).problems()).hasSameSizeAs(failure.problems());
            assertThat(session.settings().timeouts().read()).hasSeconds(5);
            assertThat(session.settings().headers().first("X-Tenant")).isNull();
        });
    }

    private static InvalidClientConfigurationException catchInvalid(Runnable refresh) {
        InvalidClientConfigurationException[] caught = new InvalidClientConfigurationException[1];
        assertThatExceptionOfType(InvalidClientConfigurationException.class).isThrownBy(refresh::run)
            .satisfies((ex) -> caught[0] = ex);
        return caught[0];
    }

    @Test
    void clientsThatCameOrWentNeedARestart(CapturedOutput output) {
        this.properties.put("outbound.clients.shop.base-url", "https://shop.example.com");
        this.properties.put("outbound.clients.crm.base-url", "https://crm.example.com");
        run((context, clients) -> {
            this.properties.remove("outbound.clients.shop.base-url");
            this.properties.put("outbound.clients.new.base-url", "https://new.example.com");
            assertThatIllegalStateException().isThrownBy(() -> clients.refresh("shop"))
                .withMessageContaining("'shop' is no longer configured")
                .withMessageContaining("restart");
            assertThat(clients.refresh()).isEmpty();
            assertThat(output).contains("[new, shop]");
            assertThat(clients.names()).containsExactly("crm", "shop");
            assertThat(clients.session("shop").settings().baseUrl()).hasToString("https://shop.example.com/");
            assertThatIllegalArgumentException().isThrownBy(() -> clients.refresh("new"))
                .withMessageContaining("No HTTP client named \"new\"");
        });
    }

    @Test
    void onlyClientsThatHaveChangedAreReadAgain() {
        this.properties.put("outbound.defaults.headers.X-Tenant", "a");
        this.properties.put("outbound.clients.base.base-url", "https://base.example.com");
        this.properties.put("outbound.clients.child.extends", "base");
        this.properties.put("outbound.clients.child.base-url", "https://child.example.com");
        this.properties.put("outbound.clients.secret.base-url", "https://secret.example.com");
        this.properties.put("outbound.clients.secret.headers.X-Tenant", "own");
        this.properties.put("outbound.clients.secret.auth.type", "bearer");
        this.properties.put("outbound.clients.secret.auth.token", "${SECRET_TOKEN}");
        this.properties.put("SECRET_TOKEN", "one");
        run((context, clients) -> {
            assertThat(clients.refresh()).isEmpty();
            this.properties.put("outbound.clients.base.timeouts.read", "7s");
            assertThat(clients.refresh()).isEqualTo(Set.of("base", "child"));
            assertThat(clients.session("child").settings().timeouts().read()).hasSeconds(7);
            this.properties.put("SECRET_TOKEN", "two");
            assertThat(clients.refresh()).containsExactly("secret");
            this.properties.put("outbound.defaults.headers.X-Tenant", "b");
            assertThat(clients.refresh()).containsExactly("base", "child");
            this.properties.remove("outbound.clients.base.timeouts.read");
            assertThat(clients.refresh()).containsExactly("base", "child");
        });
    }

    @Test
    void cookiesStayWithTheOriginThatSetThem() {
        try (RawServer server = RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.respond(200, "", "Set-Cookie: session=1; Path=/")));
                RawServer other = answering("")) {
            this.properties.put("outbound.clients.shop.base-url", server.url());
            this.properties.put("outbound.clients.shop.cookies", "true");
            run((context, clients) -> {
                Client client = clients.client("shop");
                client.get("/");
                this.properties.put("outbound.clients.shop.timeouts.read", "7s");
                clients.refresh("shop");
                client.get("/");
                assertThat(server.requests().get(1)).contains("Cookie: session=1");
                this.properties.put("outbound.clients.shop.base-url", other.url());
                clients.refresh("shop");
                client.get("/");
                assertThat(other.requests().get(0)).doesNotContain("Cookie");
            });
        }
    }

    @Test
    void springCloudTellsOfChanges(CapturedOutput output) {
        this.properties.put("outbound.clients.shop.base-url", "https://shop.example.com");
        this.properties.put("outbound.clients.crm.base-url", "https://crm.example.com");
        run((context, clients) -> {
            ClientSettings untouched = clients.session("crm").settings();
            this.properties.put("outbound.clients.shop.timeouts.read", "7s");
            context.publishEvent(new EnvironmentChangeEvent(Set.of("outbound.clients.shop.timeouts.read")));
            assertThat(clients.client("shop").settings().timeouts().read()).hasSeconds(7);
            assertThat(clients.session("crm").settings()).isSameAs(untouched);
            this.properties.put("outbound.clients.shop.timeouts.read", "soon");
            context.publishEvent(new EnvironmentChangeEvent(Set.of("outbound.clients.shop.timeouts.read")));
            assertThat(output).contains("keep their settings. 1 problem in the HTTP client configuration")
                .contains("outbound.clients.shop.timeouts.read", "\"soon\"");
            assertThat(clients.client("shop").settings().timeouts().read()).hasSeconds(7);
        });
    }

    @Test
    void aCustomizerThatFailsWithTheChangeIsToldAndNobodyElseSuffers(CapturedOutput output) {
        this.properties.put("outbound.clients.shop.base-url", "https://shop.example.com");
        AtomicBoolean failing = new AtomicBoolean();
        runner().withBean(ClientCustomizer.class, () -> (name, builder) -> {
            if (failing.get()) {
                throw new UnsupportedOperationException("no vault");
            }
        }).run((context) -> {
            Client client = context.getBean("shopClient", Client.class);
            failing.set(true);
            this.properties.put("outbound.clients.shop.timeouts.read", "7s");
            context.publishEvent(new EnvironmentChangeEvent(Set.of("outbound.clients.shop.timeouts.read")));
            assertThat(output).contains("the HTTP clients keep their settings.", "no vault");
            assertThat(client.settings().timeouts().read()).hasSeconds(5);
        });
    }

    @Test
    void warningsAreToldOnceForAsLongAsTheyHold() {
        this.properties.put("outbound.clients.shop.base-url", "http://shop.example.com");
        this.properties.put("outbound.clients.shop.auth.type", "bearer");
        this.properties.put("outbound.clients.shop.auth.token", "t");
        try (LogLines lines = LogLines.of(Problems.class)) {
            run((context, clients) -> {
                assertThat(lines.all()).singleElement(STRING).contains("plain HTTP");
                clients.refresh();
                clients.refresh("shop");
                assertThat(lines.all()).hasSize(1);
                this.properties.put("outbound.clients.shop.headers.X-Empty", "");
                clients.refresh();
                clients.refresh();
                assertThat(lines.all()).hasSize(2).last(STRING).contains("X-Empty");
                this.properties.remove("outbound.clients.shop.headers.X-Empty");
                clients.refresh();
                this.properties.put("outbound.clients.shop.headers.X-Empty", "");
                clients.refresh();
                assertThat(lines.all()).hasSize(3).last(STRING).contains("X-Empty");
            });
        }
    }

    @Test
    void springCloudNeedNotBeThere() {
        this.properties.put("outbound.clients.shop.base-url", "https://shop.example.com");
        runner().withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
            .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("outboundEnvironmentChanges"));
    }

}
