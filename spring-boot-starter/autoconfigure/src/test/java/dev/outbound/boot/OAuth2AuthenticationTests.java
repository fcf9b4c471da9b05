package dev.outbound.boot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.reactive.ReactiveOAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.Request;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Tokens of a real authorization server, by Spring Security's manager. */
@Tag("slow")
class OAuth2AuthenticationTests {

    private static @Nullable ConfigurableApplicationContext server;

    private static final AtomicInteger TOKENS = new AtomicInteger();

    private FakeEngines engines = FakeEngines.answering(FakeUpstream.status(200));

    @BeforeAll
    static void startServer() {
        String client = "spring.security.oauth2.authorizationserver.client.billing.";
        server = new SpringApplicationBuilder(Server.class).run("--server.address=127.0.0.1", "--server.port=0",
                "--spring.main.banner-mode=off", "--" + client + "registration.client-id=billing",
                "--" + client + "registration.client-secret={noop}s3cr3t",
                "--" + client + "registration.client-authentication-methods=client_secret_basic",
                "--" + client + "registration.authorization-grant-types=client_credentials",
                "--" + client + "registration.scopes=read", "--" + client + "token.access-token-time-to-live=5m");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void resetTokens() {
        TOKENS.set(0);
    }

    @AfterEach
    void clearContext() {
        SecurityContextHolder.clearContext();
    }

    private ApplicationContextRunner runner(String... auth) {
        return with(new ApplicationContextRunner(), auth);
    }

    private <R extends AbstractApplicationContextRunner<R, ?, ?>> R with(R runner, String... auth) {
        assertThat(server).isNotNull();
        String url = "http://127.0.0.1:" + server.getEnvironment().getProperty("local.server.port");
        R with = runner
            .withConfiguration(AutoConfigurations.of(OAuth2ClientAutoConfiguration.class,
                    ReactiveOAuth2ClientAutoConfiguration.class, OutboundAutoConfiguration.class))
            .withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com",
                    "spring.security.oauth2.client.registration.partner.client-id=billing",
                    "spring.security.oauth2.client.registration.partner.client-secret=s3cr3t",
                    "spring.security.oauth2.client.registration.partner.authorization-grant-type=client_credentials",
                    "spring.security.oauth2.client.registration.partner.scope=read",
                    "spring.security.oauth2.client.provider.partner.token-uri=" + url + "/oauth2/token");
        for (String property : auth) {
            with = with.withPropertyValues("outbound.clients.billing.auth." + property);
        }
        return with;
    }

    private List<String> sent() {
        return this.engines.upstream()
            .requests()
            .stream()
            .map((request) -> String.valueOf(request.fields().first("Authorization")))
            .toList();
    }

    @Test
    void oneTokenServesEveryFaceOutsideOfARequest() {
        runner("type=oauth2", "registration=partner").run((context) -> {
            context.getBean(Client.class).get("/");
            context.getBean(ReactiveClient.class).get("/").block(Duration.ofSeconds(10));
            context.getBean("billingRestClient", RestClient.class).get().uri("/").retrieve().toBodilessEntity();
            assertThat(sent()).hasSize(3).allMatch((authorization) -> authorization.startsWith("Bearer ey"));
            assertThat(sent()).containsOnly(sent().get(0));
            assertThat(TOKENS).hasValue(1);
        });
    }

    /** Spring Boot gives it reactive registrations, and no others. */
    @Test
    void aReactiveApplicationHasTheSameTokens() {
        this.engines = FakeEngines.answering(FakeUpstream.status(200), FakeUpstream.status(200),
                FakeUpstream.status(401), FakeUpstream.status(200));
        with(new ReactiveWebApplicationContextRunner(), "type=oauth2", "registration=partner").run((context) -> {
            assertThat(context).doesNotHaveBean(ClientRegistrationRepository.class);
            context.getBean(Client.class).get("/");
            context.getBean(ReactiveClient.class).get("/").block(Duration.ofSeconds(10));
            assertThat(sent()).hasSize(2).allMatch((authorization) -> authorization.startsWith("Bearer ey"));
            assertThat(TOKENS).hasValue(1);
            context.getBean("billingWebClient", WebClient.class)
                .get()
                .uri("/")
                .retrieve()
                .toBodilessEntity()
                .block(Duration.ofSeconds(10));
            assertThat(TOKENS).hasValue(2);
            assertThat(sent()).hasSize(4).last().isNotEqualTo(sent().get(0));
        });
        with(new ReactiveWebApplicationContextRunner(), "type=oauth2", "registration=partnr")
            .run((context) -> assertThat(context).getFailure()
                .rootCause()
                .hasMessageContaining("\"partnr\" does not exist. Known registrations: partner."));
    }

    @Test
    void oneCallFetchesForAll() {
        runner("type=oauth2", "registration=partner").run((context) -> {
            Client client = context.getBean(Client.class);
            ExecutorService executor = Executors.newFixedThreadPool(16);
            try {
                CountDownLatch ready = new CountDownLatch(16);
                List<Future<Integer>> calls = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    calls.add(executor.submit(() -> {
                        ready.countDown();
                        ready.await();
                        return client.get("/").statusCode();
                    }));
                }
                for (Future<Integer> call : calls) {
                    assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(200);
                }
            }
            finally {
                executor.shutdownNow();
            }
            assertThat(TOKENS).hasValue(1);
        });
    }

    @Test
    void aRefusedTokenIsFetchedAnew() {
        this.engines = FakeEngines.answering(FakeUpstream.status(401), FakeUpstream.status(200));
        runner("type=oauth2", "registration=partner").run((context) -> {
            assertThat(context.getBean(Client.class).get("/").statusCode()).isEqualTo(200);
            assertThat(TOKENS).hasValue(2);
            assertThat(sent().get(0)).isNotEqualTo(sent().get(1));
        });
    }

    /**
     * The client's own flow, against the same server, with no help of Spring Security.
     */
    @Test
    void theSameTokensWithoutSpringSecurity() {
        assertThat(server).isNotNull();
        String tokenUrl = "http://127.0.0.1:" + server.getEnvironment().getProperty("local.server.port")
                + "/oauth2/token";
        AtomicInteger calls = new AtomicInteger();
        try (RawServer api = RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.respond((calls.incrementAndGet() == 3) ? 401 : 200, "")))) {
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .withPropertyValues("outbound.clients.billing.base-url=" + api.url("/"),
                        "outbound.clients.billing.auth.type=client-credentials",
                        "outbound.clients.billing.auth.token-url=" + tokenUrl,
                        "outbound.clients.billing.auth.client-id=billing",
                        "outbound.clients.billing.auth.client-secret=s3cr3t",
                        "outbound.clients.billing.auth.scopes=read")
                .run((context) -> {
                    context.getBean(Client.class).get("/");
                    context.getBean(ReactiveClient.class).get("/").block(Duration.ofSeconds(10));
                    assertThat(TOKENS).hasValue(1);
                    assertThat(context.getBean(Client.class).get("/").statusCode()).as("after a refused token")
                        .isEqualTo(200);
                    assertThat(TOKENS).hasValue(2);
                    assertThat(api.requests()).hasSize(4)
                        .allSatisfy((request) -> assertThat(request).contains("Authorization: Bearer ey"));
                });
        }
    }

    @Test
    void anUnknownRegistrationIsToldAtTheStart() {
        runner("type=oauth2", "registration=partnr").run((context) -> assertThat(AuthenticationTests.reason(context))
            .isEqualTo("OAuth2 registration \"partnr\" does not exist. Known registrations: partner."
                    + Nearest.question("partner")));
    }

    /** As WebFlux has it: in the context of the subscriber, and on no thread. */
    @Test
    void theTokenOfAReactiveUserIsRelayed() {
        runner("type=token-relay").run((context) -> {
            OAuth2AccessToken token = new OAuth2AccessToken(TokenType.BEARER, "us3r", null, null);
            Context user = ReactiveSecurityContextHolder
                .withAuthentication(new TestingAuthenticationToken("user", token));
            ReactiveClient client = context.getBean(ReactiveClient.class);
            client.get("/").contextWrite(user).block(Duration.ofSeconds(10));
            context.getBean("billingWebClient", WebClient.class)
                .get()
                .uri("/")
                .retrieve()
                .toBodilessEntity()
                .contextWrite(user)
                .block(Duration.ofSeconds(10));
            assertThat(sent()).containsExactly("Bearer us3r", "Bearer us3r");
            Context slow = ReactiveSecurityContextHolder.withSecurityContext(Mono.delay(Duration.ofMillis(50))
                .map((tick) -> new SecurityContextImpl(new TestingAuthenticationToken("other", token))));
            client.get("/").contextWrite(slow).block(Duration.ofSeconds(10));
            assertThat(sent()).hasSize(3);
            assertThatIllegalStateException().isThrownBy(() -> client.get("/").block(Duration.ofSeconds(10)))
                .withMessageContaining("Client 'billing' relays the token of the current user");
            assertThat(sent()).hasSize(3);
        });
    }

    @Test
    void theTokenOfTheUserIsRelayed() {
        runner("type=token-relay").run((context) -> {
            OAuth2AccessToken token = new OAuth2AccessToken(TokenType.BEARER, "us3r", null, null);
            SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("user", token));
            Client client = context.getBean(Client.class);
            client.request(HttpMethod.GET, "/");
            assertThat(sent()).containsExactly("Bearer us3r");
            SecurityContextHolder.clearContext();
            assertThatIllegalStateException().isThrownBy(() -> client.get("/"))
                .withMessageContaining("Client 'billing' relays the token of the current user");
            assertThat(this.engines.upstream().requests()).extracting(Request::method).hasSize(1);
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Server {

        @Bean
        FilterRegistrationBean<Filter> countingTokens() {
            FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
                if (((HttpServletRequest) request).getRequestURI().equals("/oauth2/token")) {
                    TOKENS.incrementAndGet();
                }
                chain.doFilter(request, response);
            });
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }

    }

}
