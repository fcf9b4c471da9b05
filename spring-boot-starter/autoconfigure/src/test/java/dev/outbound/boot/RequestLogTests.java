package dev.outbound.boot;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.client.RestClient;

import dev.outbound.client.Client;
import dev.outbound.client.ClientClock;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.TestClock;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RequestLogTests {

    private final FakeEngines engines = FakeEngines.answering(FakeUpstream.status(503), FakeUpstream
        .ok("{\"name\":\"n\",\"access_token\":\"canary\"}", "Content-Type: application/json", "Set-Cookie: a=canary"));

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withBean(FakeEngines.class, () -> this.engines)
        .withBean(ClientClock.class, TestClock::new)
        .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com",
                "outbound.clients.billing.retry.idempotency-key=true", "outbound.clients.billing.auth.type=bearer",
                "outbound.clients.billing.auth.token=canary");

    @BeforeEach
    void logInformation() {
        level(LogLevel.INFO);
    }

    @AfterEach
    void logAsBefore() {
        level(null);
    }

    private void level(@Nullable LogLevel level) {
        LoggingSystem.get(getClass().getClassLoader()).setLogLevel("outbound.client.billing", level);
    }

    @Test
    void logsNothingUnlessAsked(CapturedOutput output) {
        this.runner.run((context) -> {
            context.getBean(Client.class).get("/a");
            assertThat(output).doesNotContain("GET https://api.example.com/a");
        });
    }

    @Test
    void logsALineForEachRequest(CapturedOutput output) {
        this.runner.withPropertyValues("outbound.clients.billing.logging.level=line").run((context) -> {
            context.getBean(ReactiveClient.class).get("/a?key=canary").block(Duration.ofSeconds(5));
            assertThat(output)
                .contains("GET https://api.example.com/a -> 503 (", "ms, call)",
                        "GET https://api.example.com/a -> 200 (", "ms, retry)")
                .doesNotContain("canary")
                .doesNotContain("Authorization");
        });
    }

    @Test
    void logsHeadersAndBodiesWithoutSecrets(CapturedOutput output) {
        this.runner
            .withPropertyValues("outbound.clients.billing.logging.level=body",
                    "outbound.clients.billing.logging.body-limit=1KB")
            .run((context) -> {
                context.getBean(Client.class).post("/a", (spec) -> spec.json(Map.of("password", "canary")));
                assertThat(output)
                    .contains("> Authorization: ", "> {\"password\":\"******\"}", "< Content-Type: application/json",
                            "POST https://api.example.com/a was answered with 200",
                            "< {\"name\":\"n\",\"access_token\":\"******\"}")
                    .doesNotContain("canary");
            });
    }

    @Test
    void bodiesAreCutAtTheirLimit(CapturedOutput output) {
        this.runner
            .withPropertyValues("outbound.clients.billing.logging.level=body",
                    "outbound.clients.billing.logging.body-limit=16B")
            .run((context) -> {
                context.getBean(Client.class).post("/a", (spec) -> spec.text("x".repeat(100)));
                assertThat(output).contains("> " + "x".repeat(16) + "… (100 bytes)").doesNotContain("x".repeat(17));
            });
    }

    @Test
    void aStreamedBodyStaysUnread(CapturedOutput output) {
        this.runner.withPropertyValues("outbound.clients.billing.logging.level=body").run((context) -> {
            String body = context.getBean("billingRestClient", RestClient.class)
                .get()
                .uri("/a")
                .retrieve()
                .body(String.class);
            assertThat(body).contains("access_token");
            assertThat(output).contains("GET https://api.example.com/a was answered with 200\n  < (no body in memory)")
                .doesNotContain("canary");
        });
    }

    @Test
    void showsSecretsOnlyWhereThatIsWanted(CapturedOutput output) {
        this.runner
            .withPropertyValues("outbound.clients.billing.logging.level=headers",
                    "outbound.clients.billing.logging.redact=false")
            .run((context) -> {
                context.getBean(Client.class).get("/a?b=1");
                assertThat(output).contains("GET https://api.example.com/a?b=1 -> 200",
                        "> Authorization: Bearer canary");
            });
    }

    @Test
    void headersThatTheConfigurationCallsCredentialsAreMasked(CapturedOutput output) {
        this.runner
            .withPropertyValues("outbound.clients.billing.logging.level=headers",
                    "outbound.clients.billing.headers.X-Ticket=canary",
                    "outbound.clients.billing.redirects.credential-headers=x-ticket")
            .run((context) -> {
                context.getBean(Client.class).get("/a");
                assertThat(output).contains("> X-Ticket: ******", "> Authorization: ******")
                    .doesNotContain("canary")
                    .doesNotContain("access_token");
            });
    }

}
