package dev.outbound.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import org.junit.jupiter.api.Test;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.ClientHttpMessageConvertersCustomizer;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.test.context.support.TestPropertySourceUtils;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.Engines;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

class OutboundAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class));

    private final ApplicationContextRunner billing = this.runner
        .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com/v1");

    private final FakeEngines engines = FakeEngines.answering(FakeUpstream.status(200));

    @Test
    void registersBothKindsUnderTheirNames() {
        this.billing.withPropertyValues("outbound.clients.my-api.base-url=https://my.example.com").run((context) -> {
            assertThat(context).getBeans(Client.class).containsOnlyKeys("billingClient", "myApiClient");
            assertThat(context).getBeans(ReactiveClient.class)
                .containsOnlyKeys("billingReactiveClient", "myApiReactiveClient");
            assertThat(context.getBean(Clients.class).names()).containsExactly("billing", "my-api");
        });
    }

    @Test
    void startsWithoutClients() {
        this.runner.run((context) -> assertThat(context).hasNotFailed()
            .doesNotHaveBean(Client.class)
            .hasSingleBean(Clients.class));
    }

    @Test
    void clientSendsWhatIsConfigured() {
        this.billing.withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues("outbound.clients.billing.headers.X-Tenant=acme",
                    "outbound.clients.billing.query.page[0]=1", "outbound.clients.billing.query.page[1]=2",
                    "outbound.clients.billing.auth.type=basic", "outbound.clients.billing.auth.username=u",
                    "outbound.clients.billing.auth.password=p")
            .run((context) -> {
                context.getBean(Client.class).get("/invoices");
                context.getBean(ReactiveClient.class).get("/invoices").block(Duration.ofSeconds(5));
                assertThat(this.engines.upstream().requests()).hasSize(2).allSatisfy((request) -> {
                    assertThat(request.url().text()).isEqualTo("https://api.example.com/v1/invoices?page=1&page=2");
                    assertThat(request.fields().first("X-Tenant")).isEqualTo("acme");
                    assertThat(request.fields().first("Authorization")).isEqualTo("Basic dTpw");
                });
            });
    }

    @Test
    void engineGetsItsPartOfTheSettings() {
        this.billing.withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues("outbound.clients.billing.timeouts.connect=2s",
                    "outbound.clients.billing.pool.max-connections=7", "outbound.clients.billing.pool.lifetime=none")
            .run((context) -> {
                context.getBean(Client.class).get("/");
                TransportSettings settings = this.engines.opened().get("billing");
                assertThat(settings.timeouts().connect()).isEqualTo(Duration.ofSeconds(2));
                assertThat(settings.maxConnections()).isEqualTo(7);
                assertThat(settings.idle()).isEqualTo(Duration.ofSeconds(20));
                assertThat(settings.lifetime()).isNull();
            });
    }

    @Test
    void retriesWhenThereIsABlock() {
        FakeEngines flaky = FakeEngines.answering(FakeUpstream.status(503), FakeUpstream.status(200));
        this.billing.withBean(FakeEngines.class, () -> flaky)
            .withPropertyValues("outbound.clients.billing.retry.delay=1ms")
            .run((context) -> {
                assertThat(context.getBean(Client.class).get("/").status().value()).isEqualTo(200);
                assertThat(flaky.upstream().requests()).hasSize(2);
            });
    }

    @Test
    void whatOnlyBeansCanTellIsToldAtTheStartOfALazyApplicationToo() {
        this.billing
            .withInitializer(
                    (context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
            .withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues("outbound.clients.billing.ssl.bundle=missing")
            .run((context) -> assertThat(context).getFailure()
                .rootCause()
                .isInstanceOf(InvalidClientConfigurationException.class)
                .hasMessageContaining("SSL bundle \"missing\" does not exist"));
    }

    /** The limiter of such a version would fail with the first call only. */
    @Test
    void aTooOldResilience4jIsToldAtTheStart() {
        ClassLoader old = new ByteBuddy().subclass(Object.class)
            .name("io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter")
            .make()
            .load(getClass().getClassLoader(), ClassLoadingStrategy.Default.CHILD_FIRST)
            .getLoaded()
            .getClassLoader();
        this.billing.withClassLoader(old)
            .withPropertyValues("outbound.clients.billing.rate-limiter.permits=10")
            .run((context) -> assertThat(context).getFailure()
                .rootCause()
                .hasMessageContaining("needs Resilience4j 2.4 or newer, but an earlier one is there"));
    }

    @Test
    void aMockOutsideOfATestIsToldAtTheStart() {
        Transports mock = Transports.of((request) -> Response.of(request, 200, RequestBody.text("mocked")));
        try (LogLines lines = LogLines.of(MockReport.class)) {
            this.billing.withBean(Transports.class, () -> mock).run((context) -> {
                assertThat(context.getBean(Client.class).get("/").text()).isEqualTo("mocked");
                assertThat(lines.all()).singleElement(STRING)
                    .startsWith("WARN HTTP clients billing are mocked by the bean of type Transports");
            });
        }
    }

    @Test
    void aMockOfACustomizerIsToldWhenItsClientIsMade() {
        Transports mock = Transports.of((request) -> Response.of(request, 200, RequestBody.text("mocked")));
        try (LogLines lines = LogLines.of(MockReport.class)) {
            this.billing.withBean(ClientCustomizer.class, () -> (name, builder) -> builder.transports(mock))
                .run((context) -> {
                    assertThat(lines.all()).isEmpty();
                    assertThat(context.getBean(Client.class).get("/").text()).isEqualTo("mocked");
                    assertThat(lines.all()).singleElement(STRING)
                        .startsWith("WARN HTTP client 'billing' is mocked by a ClientCustomizer");
                });
        }
    }

    @Test
    void aMockInATestIsAsItShouldBe() {
        Transports mock = Transports.of((request) -> Response.of(request, 200, RequestBody.text("mocked")));
        try (LogLines lines = LogLines.of(MockReport.class)) {
            this.billing.withBean(Transports.class, () -> mock)
                .withInitializer((context) -> TestPropertySourceUtils.addInlinedPropertiesToEnvironment(context, "a=b"))
                .run((context) -> assertThat(context.getBean(Client.class).get("/").text()).isEqualTo("mocked"));
            assertThat(lines.all()).isEmpty();
        }
    }

    @Test
    void aTransportOfTheApplicationIsNoMock() {
        try (LogLines lines = LogLines.of(MockReport.class)) {
            this.billing.withBean(FakeEngines.class, () -> this.engines)
                .run((context) -> context.getBean(Client.class).get("/"));
            assertThat(lines.all()).isEmpty();
        }
    }

    @Test
    void anAddressThatTheMachineHasNotIsToldWithoutAConnection() {
        ApplicationContextRunner elsewhere = this.billing.withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues("outbound.clients.billing.local-address=192.0.2.77");
        try (LogLines lines = LogLines.of(Problems.class)) {
            elsewhere.run((context) -> assertThat(context).hasNotFailed());
            assertThat(lines.all()).singleElement(STRING)
                .startsWith("WARN outbound.clients.billing.local-address: No network interface of this machine has the "
                        + "address 192.0.2.77");
        }
        elsewhere.withPropertyValues("outbound.strict=true").run((context) -> assertThat(context).hasFailed());
        this.billing.withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues("outbound.clients.billing.local-address=127.0.0.9", "outbound.strict=true")
            .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.engines.opened()).isEmpty();
    }

    @Test
    void opensNothingAtStart() {
        this.billing.withBean(FakeEngines.class, () -> this.engines).run((context) -> {
            int threads = Thread.activeCount();
            context.getBean(Client.class);
            context.getBean(ReactiveClient.class);
            assertThat(this.engines.opened()).isEmpty();
            assertThat(Thread.activeCount()).isEqualTo(threads);
        });
    }

    @Test
    void transportsAreTheEnginesUnlessReplaced() {
        this.billing.run((context) -> assertThat(context.getBean(Transports.class)).isInstanceOf(Engines.class));
        this.billing.withBean(FakeEngines.class, () -> this.engines)
            .run((context) -> assertThat(context.getBean(Transports.class)).isSameAs(this.engines));
    }

    @Test
    void enginesOnTheClassPathSend() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/ping", (exchange) -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            this.runner
                .withPropertyValues(
                        "outbound.clients.billing.base-url=http://localhost:" + server.getAddress().getPort() + "/v1")
                .run((context) -> {
                    assertThat(context.getBean(Client.class).get("/ping").status().value()).isEqualTo(204);
                    assertThat(
                            context.getBean(ReactiveClient.class).get("/ping").block(Duration.ofSeconds(10)).status())
                        .isEqualTo(HttpStatus.NO_CONTENT);
                });
        }
        finally {
            server.stop(0);
        }
    }

    @Test
    void startsWithoutEngines() {
        this.billing
            .withClassLoader(new FilteredClassLoader(HttpClient.class.getPackageName(), "org.apache.hc.client5",
                    "org.springframework.web.reactive", "io.micrometer.core", "org.springframework.boot.health",
                    "org.springframework.boot.http.converter"))
            .run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Client.class));
    }

    @Test
    void customizersChangeClientsInOrder() {
        this.billing.withBean(FakeEngines.class, () -> this.engines)
            .withBean("later", ClientCustomizer.class, Later::new)
            .withBean("sooner", ClientCustomizer.class, Sooner::new)
            .run((context) -> {
                context.getBean(Client.class).get("/");
                Request request = this.engines.upstream().request(0);
                assertThat(request.fields().first("X-Order")).isEqualTo("later billing");
            });
    }

    @Test
    void jsonIsThatOfTheMessageConverters() {
        this.billing
            .withConfiguration(
                    AutoConfigurations.of(JacksonAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class))
            .withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
            .run((context) -> {
                assertThat(context).hasSingleBean(JsonConversion.class);
                assertThat(json(context.getBean(JsonConversion.class))).isEqualTo("{\"first_name\":\"a\"}");
            });
    }

    @Test
    void jsonIsThatOfTheMapperWithoutMessageConverters() {
        ApplicationContextRunner withMapper = this.billing.withBean(JsonMapper.class,
                () -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build());
        withMapper.run((context) -> assertThat(json(context.getBean(JsonConversion.class)))
            .isEqualTo("{\"first_name\":\"a\"}"));
        withMapper.withClassLoader(new FilteredClassLoader(ClientHttpMessageConvertersCustomizer.class))
            .run((context) -> assertThat(json(context.getBean(JsonConversion.class)))
                .isEqualTo("{\"first_name\":\"a\"}"));
    }

    @Test
    void jsonIsTheDefaultWithoutEither() {
        this.billing
            .run((context) -> assertThat(context.getBean(JsonConversion.class)).isSameAs(JsonConversion.defaults()));
    }

    @Test
    void callsAreObserved() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        this.billing.withBean(FakeEngines.class, () -> this.engines)
            .withBean(ObservationRegistry.class, () -> observations)
            .run((context) -> {
                context.getBean(Client.class).get("/invoices/{id}", 1);
                assertThat(meters.get("http.client.requests").tag("client.name", "billing").timer().count())
                    .isEqualTo(1);
            });
    }

    private static String json(JsonConversion json) {
        return new String(json.write(new Person("a")).bytes());
    }

    record Person(String firstName) {

    }

    @Order(1)
    static class Sooner implements ClientCustomizer {

        @Override
        public void customize(String clientName, ClientBuilder builder) {
            builder.header("X-Order", "sooner");
        }

    }

    @Order(2)
    static class Later implements ClientCustomizer {

        @Override
        public void customize(String clientName, ClientBuilder builder) {
            builder.header("X-Order", "later " + clientName);
        }

    }

}
