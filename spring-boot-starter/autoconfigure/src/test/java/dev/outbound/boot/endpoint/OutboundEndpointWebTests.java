package dev.outbound.boot.endpoint;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

import dev.outbound.boot.Clients;
import dev.outbound.client.Client;
import dev.outbound.client.RequestSpec;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.CircuitOpenException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The endpoint over HTTP. */
@Tag("slow")
@Timeout(60)
class OutboundEndpointWebTests {

    private static final String URL = "/actuator/outbound";

    private final RawServer upstream = RawServer.start((connection) -> connection
        .forEachRequest((request) -> connection.respond(request.startsWith("GET /v1/fail") ? 503 : 200, "served")));

    @AfterEach
    void closeUpstream() {
        this.upstream.close();
    }

    private void run(List<String> properties, BiConsumer<Client, Clients> test) {
        String[] defaults = { "server.address=127.0.0.1", "server.port=0", "spring.main.banner-mode=off",
                "management.endpoints.web.exposure.include=outbound", "spring.security.user.name=ops",
                "spring.security.user.password=pass", "outbound.defaults.timeouts.read=7s",
                "outbound.clients.shop.base-url=" + this.upstream.url("/v1"),
                "outbound.clients.shop.headers.X-Tenant=acme", "outbound.clients.shop.headers.X-Api-Key=canary-1",
                "outbound.clients.shop.headers.X-Ticket=canary-4",
                "outbound.clients.shop.redirects.credential-headers=x-ticket",
                "outbound.clients.shop.query.token=canary-2", "outbound.clients.shop.auth.type=basic",
                "outbound.clients.shop.auth.username=user", "outbound.clients.shop.auth.password=canary-3",
                "outbound.clients.shop.retry.max-retries=0" };
        String[] arguments = Stream.concat(Stream.of(defaults), properties.stream())
            .map((property) -> "--" + property)
            .toArray(String[]::new);
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).run(arguments);
                Client client = Client.builder()
                    .baseUrl("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"))
                    .build()) {
            test.accept(client, context.getBean(Clients.class));
        }
    }

    private static JsonNode json(Client client, String url) {
        Response response = client.get(url).raiseForStatus();
        return response.json();
    }

    @Test
    void tellsSettingsWithTheirPlacesAndWhatIsGoingOn() {
        run(List.of(), (client, clients) -> {
            clients.client("shop").get("/ok");
            clients.client("shop").get("/fail/{id}", 7);
            Response response = client.get(URL + "/shop").raiseForStatus();
            JsonNode shop = response.json();
            assertThat(shop.at("/baseUrl").asString()).isEqualTo(this.upstream.url("/v1/"));
            assertThat(shop.at("/engines/blocking").asString()).isEqualTo("http-components");
            assertThat(shop.at("/engines/reactive").asString()).isEqualTo("reactor");
            JsonNode settings = shop.at("/settings");
            assertThat(settings.at("/timeouts.read/value").asString()).isEqualTo("7s");
            assertThat(settings.at("/timeouts.read/origin").asString()).contains("outbound.defaults.timeouts.read");
            assertThat(settings.at("/timeouts.connect/value").asString()).isEqualTo("5s");
            assertThat(settings.at("/timeouts.connect/origin").isNull()).isTrue();
            assertThat(settings.at("/headers.X-Tenant/value").asString()).isEqualTo("acme");
            assertThat(settings.at("/headers.X-Tenant/origin").asString()).contains("X-Tenant");
            assertThat(settings.at("/auth.username/value").asString()).isNotEqualTo("canary-3");
            for (String secret : List.of("headers.X-Api-Key", "headers.X-Ticket", "query.token", "auth.password")) {
                assertThat(settings.at("/" + secret + "/value").asString()).as(secret).isEqualTo("******");
            }
            assertThat(settings.at("/cookies/value").asString()).isEqualTo("false");
            assertThat(settings.at("/retry.idempotency-key/value").asString()).isEqualTo("false");
            assertThat(settings.at("/redirects.credential-headers/value").asString()).isEqualTo("x-ticket");
            assertThat(shop.at("/calls/calls").asInt()).isEqualTo(2);
            assertThat(shop.at("/calls/failures/0/call").asString()).isEqualTo("GET /fail/{id}");
            assertThat(shop.at("/calls/failures/0/failure").asString()).isEqualTo("status 503");
            assertThat(shop.at("/calls/failures/0/time").asString()).startsWith("20");
            assertThat(shop.at("/timeouts").has("stream-total")).isTrue();
            JsonNode connections = shop.at("/connections/0");
            assertThat(connections.at("/engine").asString()).isEqualTo("http-components");
            assertThat(connections.at("/idle").asInt()).isEqualTo(1);
            assertThat(connections.at("/acquires/count").asInt()).isEqualTo(2);
            assertThat(connections.at("/connects/count").asInt()).isEqualTo(1);
            assertThat(connections.at("/connects/totalMillis").asInt())
                .isEqualTo(connections.at("/connects/longestMillis").asInt());
            assertThat(shop.at("/retryBudget").asDouble()).isGreaterThan(9);
            assertThat(response.text()).doesNotContain("canary");
            assertThat(json(client, URL).at("/clients/shop/calls/calls").asInt()).isEqualTo(2);
            assertThat(client.get(URL).text()).doesNotContain("canary");
            assertThat(client.get(URL + "/nobody").statusCode()).isEqualTo(404);
        });
    }

    @Test
    void isReadOnlyByDefault() {
        run(List.of(), (client, clients) -> {
            clients.client("shop").get("/ok");
            assertThat(evict(client, "shop").statusCode()).isEqualTo(405);
            assertThat(this.upstream.open()).isEqualTo(1);
        });
    }

    @Test
    void closesIdleConnectionsWhereThatIsAllowed() {
        run(List.of("management.endpoint.outbound.access=unrestricted"), (client, clients) -> {
            clients.client("shop").get("/ok");
            assertThat(this.upstream.open()).isEqualTo(1);
            assertThat(evict(client, "shop").statusCode()).isEqualTo(204);
            this.upstream.awaitOpen(0);
            assertThat(evict(client, "nobody").statusCode()).isEqualTo(400);
            assertThat(client.post(URL + "/shop", action("explode")).statusCode()).isEqualTo(400);
            assertThat(clients.client("shop").get("/ok").statusCode()).isEqualTo(200);
        });
    }

    @Test
    void opensAndClosesTheCircuitWhereThatIsAllowed() {
        String breaker = "/guard/circuitBreaker/state";
        run(List.of("management.endpoint.outbound.access=unrestricted",
                "outbound.clients.shop.circuit-breaker.window=10", "outbound.clients.shop.bulkhead.max-calls=5"),
                (client, clients) -> {
                    JsonNode shop = json(client, URL + "/shop");
                    assertThat(shop.at(breaker).asString()).isEqualTo("closed");
                    assertThat(shop.at("/guard/circuitBreaker/failureRate").isNull()).isTrue();
                    assertThat(shop.at("/guard/bulkhead/running").asInt()).isZero();
                    assertThat(shop.at("/guard/rateLimiter").isNull()).isTrue();
                    assertThat(client.post(URL + "/shop", action("open-circuit")).statusCode()).isEqualTo(204);
                    assertThat(json(client, URL + "/shop").at(breaker).asString()).isEqualTo("forced-open");
                    assertThatExceptionOfType(CircuitOpenException.class)
                        .isThrownBy(() -> clients.client("shop").get("/ok"));
                    assertThat(client.post(URL + "/shop", action("close-circuit")).statusCode()).isEqualTo(204);
                    assertThat(clients.client("shop").get("/ok").statusCode()).isEqualTo(200);
                });
        run(List.of("management.endpoint.outbound.access=unrestricted"), (client,
                clients) -> assertThat(client.post(URL + "/shop", action("open-circuit")).statusCode()).isEqualTo(400));
    }

    @Test
    void tellsWhatBecameOfTheHedges() {
        // Longer than a first call takes, however busy the machine is: no hedge is due.
        run(List.of("outbound.clients.shop.hedging.delay=6s"), (client, clients) -> {
            clients.client("shop").get("/ok");
            JsonNode shop = json(client, URL + "/shop");
            assertThat(shop.at("/hedging/delayMillis").asInt()).isEqualTo(6000);
            assertThat(shop.at("/hedging/sent").asInt()).isZero();
            assertThat(shop.at("/hedging/won").asInt()).isZero();
            assertThat(shop.at("/hedging/suppressed").asInt()).isZero();
            assertThat(shop.at("/retryBudget").asDouble()).isPositive();
            assertThat(shop.at("/settings/hedging.delay/value").asString()).isEqualTo("6s");
        });
        run(List.of("outbound.clients.shop.hedging="), (client, clients) -> {
            assertThat(json(client, URL + "/shop").at("/hedging/delayMillis").isNull()).isTrue();
            assertThat(json(client, URL + "/shop").at("/hedging/sent").asInt()).isZero();
        });
        run(List.of(), (client, clients) -> assertThat(json(client, URL + "/shop").at("/hedging").isNull()).isTrue());
    }

    private static Response evict(Client client, String name) {
        return client.post(URL + "/" + name, action("evict-idle"));
    }

    private static Consumer<RequestSpec> action(String action) {
        return (spec) -> spec.json(Map.of("action", action));
    }

    @Test
    void accessMayBeNone() {
        run(List.of("management.endpoint.outbound.access=none"),
                (client, clients) -> assertThat(client.get(URL).statusCode()).isEqualTo(404));
    }

    @Test
    void valuesAreShownAsBootDoes() {
        run(List.of("management.endpoint.outbound.show-values=never"), (client, clients) -> {
            JsonNode shop = json(client, URL + "/shop");
            assertThat(shop.at("/settings/timeouts.read/value").asString()).isEqualTo("******");
            assertThat(shop.at("/settings/timeouts.read/origin").asString()).contains("timeouts.read");
            assertThat(shop.at("/baseUrl").asString()).isEqualTo("******");
            assertThat(shop.at("/headers/X-Tenant/0").asString()).isEqualTo("******");
        });
        run(List.of("management.endpoint.outbound.show-values=when-authorized",
                "management.endpoint.outbound.roles=ADMIN"), (client, clients) -> {
                    String value = "/settings/headers.X-Tenant/value";
                    assertThat(json(client, URL + "/shop").at(value).asString()).isEqualTo("******");
                    Client ops = client.with((builder) -> builder.auth(Auth.basic("ops", "pass")));
                    assertThat(json(ops, URL + "/shop").at(value).asString()).isEqualTo("******");
                });
        run(List.of("management.endpoint.outbound.show-values=when-authorized"), (client, clients) -> {
            Client ops = client.with((builder) -> builder.auth(Auth.basic("ops", "pass")));
            JsonNode shop = json(ops, URL + "/shop");
            assertThat(shop.at("/settings/headers.X-Tenant/value").asString()).isEqualTo("acme");
            assertThat(shop.at("/settings/auth.password/value").asString()).isEqualTo("******");
        });
    }

    @Test
    void sanitizingFunctionsMaskMore() {
        run(List.of("spring.profiles.active=masking"), (client, clients) -> {
            JsonNode shop = json(client, URL + "/shop");
            assertThat(shop.at("/settings/headers.X-Tenant/value").asString()).isEqualTo("******");
            assertThat(shop.at("/headers/X-Tenant/0").asString()).isEqualTo("******");
            assertThat(shop.at("/settings/timeouts.read/value").asString()).isEqualTo("7s");
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.csrf((csrf) -> csrf.disable())
                .authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
                .httpBasic(Customizer.withDefaults())
                .build();
        }

        @Bean
        @Profile("masking")
        SanitizingFunction tenants() {
            return SanitizingFunction.sanitizeValue().ifKeyEndsWith("x-tenant");
        }

    }

}
