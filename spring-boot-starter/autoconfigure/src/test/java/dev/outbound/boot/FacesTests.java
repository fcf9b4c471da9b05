package dev.outbound.boot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import reactor.core.publisher.Mono;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientObservationAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.service.ReactiveHttpServiceClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

import dev.outbound.client.Client;
import dev.outbound.client.ClientClock;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.Request;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.TestClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Every way to call a named client is the same client. */
class FacesTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What Spring Boot does for Spring's clients. */
    static final AutoConfigurations SPRING_BOOT = AutoConfigurations.of(JacksonAutoConfiguration.class,
            HttpMessageConvertersAutoConfiguration.class, CodecsAutoConfiguration.class,
            ImperativeHttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
            HttpServiceClientPropertiesAutoConfiguration.class, RestClientAutoConfiguration.class,
            WebClientAutoConfiguration.class, RestClientObservationAutoConfiguration.class,
            WebClientObservationAutoConfiguration.class, ObservationAutoConfiguration.class,
            HttpServiceClientAutoConfiguration.class, ReactiveHttpServiceClientAutoConfiguration.class);

    private final FakeEngines engines = FakeEngines.answering(FakeUpstream.status(503), FakeUpstream.ok("[]"));

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withBean(FakeEngines.class, () -> this.engines)
        .withBean(ClientClock.class, TestClock::new)
        .withPropertyValues("outbound.clients.my-api.base-url=https://api.example.com/v1",
                "outbound.clients.my-api.headers.X-Tenant=acme", "outbound.clients.my-api.query.page=1",
                "outbound.clients.my-api.auth.type=basic", "outbound.clients.my-api.auth.username=u",
                "outbound.clients.my-api.auth.password=p", "outbound.clients.my-api.retry.delay=1ms");

    private final ApplicationContextRunner runner = this.bare.withConfiguration(SPRING_BOOT);

    /** All of them, each with a call of the same meaning. */
    enum Face {

        CLIENT {
            @Override
            void call(ApplicationContext context) {
                qualified(context, Client.class).get("/items/{id}", 7);
            }
        },

        REACTIVE_CLIENT {
            @Override
            void call(ApplicationContext context) {
                qualified(context, ReactiveClient.class).get("/items/{id}", 7).block(PATIENCE);
            }
        },

        REST_CLIENT {
            @Override
            void call(ApplicationContext context) {
                qualified(context, RestClient.class).get().uri("/items/{id}", 7).retrieve().body(String.class);
            }
        },

        REST_CLIENT_BUILDER {
            @Override
            void call(ApplicationContext context) {
                qualified(context, RestClient.Builder.class).build()
                    .get()
                    .uri("/items/{id}", 7)
                    .retrieve()
                    .toBodilessEntity();
            }
        },

        WEB_CLIENT {
            @Override
            void call(ApplicationContext context) {
                qualified(context, WebClient.class).get()
                    .uri("/items/{id}", 7)
                    .retrieve()
                    .bodyToMono(String.class)
                    .block(PATIENCE);
            }
        },

        WEB_CLIENT_BUILDER {
            @Override
            void call(ApplicationContext context) {
                qualified(context, WebClient.Builder.class).build()
                    .get()
                    .uri("/items/{id}", 7)
                    .retrieve()
                    .toBodilessEntity()
                    .block(PATIENCE);
            }
        },

        BLOCKING_INTERFACE {
            @Override
            void call(ApplicationContext context) {
                context.getBean(Items.class).item(7);
            }
        },

        REACTIVE_INTERFACE {
            @Override
            void call(ApplicationContext context) {
                context.getBean(ReactiveItems.class).item(7).block(PATIENCE);
            }
        };

        abstract void call(ApplicationContext context);

        static <T> T qualified(ApplicationContext context, Class<T> type) {
            return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getAutowireCapableBeanFactory(), type,
                    "my-api");
        }

        ApplicationContextRunner with(ApplicationContextRunner runner) {
            return switch (this) {
                case BLOCKING_INTERFACE -> runner.withUserConfiguration(BlockingGroup.class);
                case REACTIVE_INTERFACE -> runner.withUserConfiguration(ReactiveGroup.class);
                default -> runner;
            };
        }

    }

    @ParameterizedTest
    @EnumSource
    void everyFaceHasTheSamePolicyAndStatistics(Face face) {
        face.with(this.runner).run((context) -> {
            face.call(context);
            assertOneCallWithOneRetry(context);
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyFaceWorksWithoutSpringBootsSupportForIt(Face face) {
        face.with(this.bare)
            .withClassLoader(new FilteredClassLoader("org.springframework.boot.restclient",
                    "org.springframework.boot.webclient", "org.springframework.boot.http.client"))
            .run((context) -> {
                face.call(context);
                assertOneCallWithOneRetry(context);
            });
    }

    private void assertOneCallWithOneRetry(AssertableApplicationContext context) {
        assertThat(this.engines.upstream().requests()).hasSize(2).allSatisfy((request) -> {
            assertThat(request.url().text()).isEqualTo("https://api.example.com/v1/items/7?page=1");
            assertThat(request.fields().all("X-Tenant")).containsExactly("acme");
            assertThat(request.fields().all("Authorization")).containsExactly("Basic dTpw");
        });
        assertThat(this.engines.opened()).containsOnlyKeys("my-api");
        assertThat(this.engines.upstream().open()).isZero();
        assertThat(context.getBean(Clients.class).session("my-api").statistics().calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void everyFaceIsCountedOnceUnderTheSameTags(Face face) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        face.with(this.runner)
            .withBean(MeterRegistry.class, () -> meters)
            .withUserConfiguration(Metrics.class)
            .run((context) -> {
                face.call(context);
                Timer timer = meters.get("http.client.requests").timer();
                assertThat(meters.find("http.client.requests").timers()).hasSize(1);
                assertThat(timer.count()).isEqualTo(1);
                assertThat(timer.getId().getTags()).extracting((tag) -> tag.getKey() + "=" + tag.getValue())
                    .contains("client.name=my-api", "uri=/items/{id}", "method=GET", "status=200", "outcome=SUCCESS",
                            "exception=none");
            });
    }

    @Test
    void interfacesSendJsonOfTheApplication() {
        FakeEngines accepting = FakeEngines
            .answering(FakeUpstream.ok("{\"item_id\":1}", "Content-Type: application/json"));
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class, JacksonAutoConfiguration.class))
            .withBean(FakeEngines.class, () -> accepting)
            .withBean(JsonMapper.class,
                    () -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build())
            .withPropertyValues("outbound.clients.my-api.base-url=https://api.example.com")
            .withClassLoader(new FilteredClassLoader("org.springframework.boot.restclient",
                    "org.springframework.boot.webclient", "org.springframework.boot.http"))
            .withUserConfiguration(BlockingGroup.class, ReactiveGroup.class)
            .run((context) -> {
                assertThat(context.getBean(Items.class).add(new Item(7))).isEqualTo(new Item(1));
                assertThat(context.getBean(ReactiveItems.class).add(new Item(7)).block(PATIENCE))
                    .isEqualTo(new Item(1));
                assertThat(accepting.upstream().requests()).hasSize(2)
                    .allSatisfy((request) -> assertThat(json(request)).isEqualTo("{\"item_id\":7}"));
            });
    }

    private static String json(Request request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(request.body()).isNotNull();
        request.body().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void typesOfSpringAreInjectedByQualifierOnly() {
        this.runner.withBean("own", RestClient.class, () -> RestClient.create("https://own.example.com"))
            .withUserConfiguration(Injected.class)
            .run((context) -> {
                Injected injected = context.getBean(Injected.class);
                assertThat(injected.unqualified()).isSameAs(context.getBean("own"));
                assertThat(injected.restClient()).isSameAs(context.getBean("myApiRestClient"));
                assertThat(injected.webClient()).isSameAs(context.getBean("myApiWebClient"));
                assertThat(injected.restClientBuilder()).isNotSameAs(context.getBean("myApiRestClientBuilder"));
                assertThat(context.getBean("myApiWebClientBuilder")).isInstanceOf(WebClient.Builder.class);
            });
        this.runner.withUserConfiguration(Unqualified.class)
            .run((context) -> assertThat(context).getFailure()
                .rootCause()
                .isInstanceOf(NoSuchBeanDefinitionException.class));
    }

    @Test
    void beanOfTheApplicationReplacesAFace() {
        this.runner.withUserConfiguration(OwnFace.class).run((context) -> {
            assertThat(context).doesNotHaveBean("myApiRestClient").hasBean("myApiWebClient");
            assertThat(Face.qualified(context, RestClient.class)).isSameAs(context.getBean("mine"));
        });
    }

    @Test
    void aClientOfTheApplicationIsBehindItsFaces() {
        FakeUpstream own = FakeUpstream.answering(FakeUpstream.ok("own"));
        this.runner
            .withBean("myApiClient", Client.class,
                    () -> Client.builder().baseUrl("https://own.example.com").transport(own.transport()).build())
            .run((context) -> {
                Face.REST_CLIENT.call(context);
                assertThat(own.requests()).singleElement()
                    .satisfies(
                            (request) -> assertThat(request.url().text()).isEqualTo("https://own.example.com/items/7"));
            });
    }

    @Test
    void customizersAreForAllClientsOrForOne() {
        this.runner.withPropertyValues("outbound.clients.other.base-url=https://other.example.com")
            .withUserConfiguration(CustomizerConfiguration.class)
            .run((context) -> {
                List<String> called = context.getBean(CustomizerConfiguration.class).called;
                Face.qualified(context, RestClient.class);
                Face.qualified(context, WebClient.class);
                assertThat(called).containsExactly("settings of my-api", "settings of only my-api", "rest of my-api",
                        "rest of only my-api", "web of my-api");
                called.clear();
                context.getBean("otherRestClient");
                context.getBean("otherWebClient");
                assertThat(called).containsExactly("settings of other", "rest of other", "web of other",
                        "web of only other");
            });
    }

    /** S112: a token for one server, put on all clients of the application. */
    @ParameterizedTest
    @EnumSource
    void customizersOfTheApplicationReachNoNamedClient(Face face) {
        face.with(this.runner).withUserConfiguration(EvilCustomizers.class).run((context) -> {
            face.call(context);
            assertOneCallWithOneRetry(context);
            assertThat(this.engines.upstream().requests()).noneMatch(
                    (request) -> Stream.of("X-Evil", "X-Evil-Too", "Cookie").anyMatch(request.fields()::contains));
        });
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = { "CLIENT", "REACTIVE_CLIENT" })
    void customizersOfTheApplicationAreInheritedWhereThatIsSaid(Face face) {
        face.with(this.runner)
            .withUserConfiguration(EvilCustomizers.class)
            .withPropertyValues("outbound.defaults.inherit-customizers=true")
            .run((context) -> {
                face.call(context);
                assertThat(this.engines.upstream().requests()).hasSize(2)
                    .allSatisfy((request) -> assertThat(request.fields().all("X-Evil")).containsExactly("header",
                            "interceptor"))
                    .allSatisfy((request) -> assertThat(request.fields().all("X-Evil-Too")).containsExactly("request"));
            });
    }

    @Test
    void customizersThatAreLeftOutAreTold() {
        try (LogLines lines = LogLines.of(SpringCustomizers.class)) {
            this.runner.withUserConfiguration(EvilCustomizers.class)
                .withPropertyValues("outbound.clients.other.base-url=https://other.example.com",
                        "outbound.clients.other.inherit-customizers=true")
                .run((context) -> {
                    context.getBean("myApiRestClient");
                    context.getBean("myApiRestClientBuilder");
                    context.getBean("myApiWebClient");
                    assertThat(lines.all()).hasSize(2)
                        .anyMatch((line) -> line.startsWith(
                                "INFO RestClientCustomizer beans are not called for the HTTP clients my-api: evilRest. "))
                        .anyMatch((line) -> line.startsWith(
                                "INFO WebClientCustomizer beans are not called for the HTTP clients my-api: evilWeb. "));
                });
        }
    }

    @Test
    void customizersStayWhatTheyAreForTheApplicationsOwnClients() {
        this.runner.withUserConfiguration(EvilCustomizers.class, AnotherGroup.class).run((context) -> {
            AtomicInteger called = context.getBean(EvilCustomizers.class).called;
            context.getBean(Items.class);
            assertThat(called).hasPositiveValue();
            called.set(0);
            context.getBeanProvider(RestClient.Builder.class).getObject();
            assertThat(called).hasValue(1);
        });
    }

    @Test
    void customizersOfTheApplicationCannotReplaceTheEngine() {
        this.runner.withBean(RestClientCustomizer.class,
                () -> (builder) -> builder.baseUrl("https://wrong.example.com").requestFactory((uri, method) -> {
                    throw new AssertionError("not through the client");
                }).defaultHeader("X-All", "1"))
            .withBean(WebClientCustomizer.class,
                    () -> (builder) -> builder.baseUrl("https://wrong.example.com").defaultHeader("X-All", "1"))
            .withPropertyValues("outbound.clients.my-api.inherit-customizers=true")
            .run((context) -> {
                Face.REST_CLIENT.call(context);
                Face.WEB_CLIENT.call(context);
                assertThat(this.engines.upstream().requests()).hasSize(3).allSatisfy((request) -> {
                    assertThat(request.url().host()).isEqualTo("api.example.com");
                    assertThat(request.fields().all("X-All")).containsExactly("1");
                });
            });
    }

    @Test
    void thereIsNoWebClientWithoutWebFlux() {
        this.bare
            .withClassLoader(new FilteredClassLoader("org.springframework.web.reactive",
                    "org.springframework.boot.webclient", "org.springframework.boot.http.codec"))
            .run((context) -> {
                assertThat(context).hasNotFailed().hasBean("myApiRestClient").doesNotHaveBean("myApiWebClient");
                Face.REST_CLIENT.call(context);
                assertOneCallWithOneRetry(context);
            });
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            base-url=https://other.example.com,       calls https://api.example.com/v1
            connect-timeout=9s,                       has timeouts.connect 5s
            read-timeout=9s,                          has timeouts.read 5s
            redirects=follow,                         has redirects.mode none
            cookie-handling=enable,                   has cookies false
            ssl.bundle=partner,                       has no ssl.bundle
            default-header.X-Tenant=other,            sends another value of header X-Tenant
            default-header.authorization=Bearer t0k,  sends another value of header authorization
            """)
    void aPropertyOfTheGroupThatSaysSomethingElseFails(String property, String reason) {
        this.runner.withPropertyValues("spring.http.serviceclient.my-api." + property)
            .run((context) -> assertThat(context).getFailure()
                .isInstanceOfSatisfying(InvalidClientConfigurationException.class,
                        (failure) -> assertThat(failure.problems()).singleElement().satisfies((problem) -> {
                            assertThat(problem.reason()).containsIgnoringCase("client 'my-api' of the same name")
                                .contains(reason);
                            assertThat(problem.property() + "=")
                                .startsWith("spring.http.serviceclient.my-api." + property.replaceAll("=.*", "="));
                            assertThat(String.valueOf(problem)).doesNotContain("t0k");
                        })));
    }

    @Test
    void propertiesOfTheGroupThatSayTheSameAreFine() {
        this.runner.withUserConfiguration(BlockingGroup.class)
            .withPropertyValues("spring.http.serviceclient.my-api.base-url=https://api.example.com/v1",
                    "spring.http.serviceclient.my-api.read-timeout=5000",
                    "spring.http.serviceclient.my-api.redirects=dont-follow",
                    "spring.http.serviceclient.my-api.cookie-handling=disable",
                    "spring.http.serviceclient.my-api.default-header.X-Tenant=acme",
                    "spring.http.serviceclient.my-api.default-header.X-More=more",
                    "spring.http.serviceclient.another.base-url=https://another.example.com")
            .run((context) -> {
                Face.BLOCKING_INTERFACE.call(context);
                assertOneCallWithOneRetry(context);
                assertThat(this.engines.upstream().request(0).fields().all("X-More")).containsExactly("more");
            });
    }

    @Test
    void aGroupOfAnotherNameStaysSprings() {
        this.runner.withUserConfiguration(AnotherGroup.class)
            .withPropertyValues("spring.http.serviceclient.another.base-url=http://127.0.0.1:1")
            .run((context) -> {
                assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> context.getBean(Items.class).item(7));
                assertThat(this.engines.upstream().requests()).isEmpty();
            });
    }

    record Item(int itemId) {

    }

    interface Items {

        @GetExchange("/items/{id}")
        String item(@PathVariable int id);

        @PostExchange("/items")
        Item add(@RequestBody Item item);

    }

    interface ReactiveItems {

        @GetExchange("/items/{id}")
        Mono<String> item(@PathVariable int id);

        @PostExchange("/items")
        Mono<Item> add(@RequestBody Item item);

    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "my-api", types = Items.class)
    static class BlockingGroup {

    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "my-api", types = ReactiveItems.class, clientType = ClientType.WEB_CLIENT)
    static class ReactiveGroup {

    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "another", types = Items.class)
    static class AnotherGroup {

    }

    @Configuration(proxyBeanMethods = false)
    static class Metrics {

        @Bean
        ObservationRegistry observationRegistry(MeterRegistry meters) {
            ObservationRegistry observations = ObservationRegistry.create();
            observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
            return observations;
        }

    }

    record Injected(RestClient unqualified, @Qualifier("my-api") RestClient restClient,
            @Qualifier("my-api") WebClient webClient, @Qualifier("my-api") RestClient.Builder restClientBuilder) {

    }

    record Unqualified(RestClient myApi) {

    }

    /** All ways to put something on every request. */
    @Configuration(proxyBeanMethods = false)
    static class EvilCustomizers {

        final AtomicInteger called = new AtomicInteger();

        @Bean
        RestClientCustomizer evilRest() {
            return (builder) -> {
                this.called.incrementAndGet();
                builder.defaultHeader("X-Evil", "header")
                    .defaultCookie("evil", "cookie")
                    .defaultRequest((request) -> request.header("X-Evil-Too", "request"))
                    .requestInterceptor((request, body, execution) -> {
                        request.getHeaders().add("X-Evil", "interceptor");
                        return execution.execute(request, body);
                    });
            };
        }

        @Bean
        WebClientCustomizer evilWeb() {
            return (builder) -> builder.defaultHeader("X-Evil", "header")
                .defaultCookie("evil", "cookie")
                .defaultRequest((request) -> request.header("X-Evil-Too", "request"))
                .filter((request, next) -> next
                    .exchange(ClientRequest.from(request).header("X-Evil", "interceptor").build()));
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFace {

        @Bean
        @Qualifier("my-api")
        RestClient mine() {
            return RestClient.create("https://own.example.com");
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class CustomizerConfiguration {

        final List<String> called = new ArrayList<>();

        @Bean
        ClientCustomizer forAll() {
            return (name, builder) -> this.called.add("settings of " + name);
        }

        @Bean
        @Qualifier("my-api")
        ClientCustomizer forOne() {
            return (name, builder) -> this.called.add("settings of only " + name);
        }

        @Bean
        RestClientFaceCustomizer restForAll() {
            return (name, builder) -> this.called.add("rest of " + name);
        }

        @Bean("my-api")
        RestClientFaceCustomizer restForOne() {
            return (name, builder) -> this.called.add("rest of only " + name);
        }

        @Bean
        WebClientFaceCustomizer webForAll() {
            return (name, builder) -> this.called.add("web of " + name);
        }

        @Bean
        @Qualifier("other")
        WebClientFaceCustomizer webForOther() {
            return (name, builder) -> this.called.add("web of only " + name);
        }

    }

}
