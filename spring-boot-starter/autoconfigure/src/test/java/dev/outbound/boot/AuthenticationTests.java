package dev.outbound.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.outbound.client.Client;
import dev.outbound.client.ClientClock;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.Request;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.TestClock;

import static org.assertj.core.api.Assertions.assertThat;

/** Authentication that is configured, without Spring Security. */
class AuthenticationTests {

    private FakeEngines engines = FakeEngines.answering(FakeUpstream.status(200));

    private final TestClock clock = new TestClock();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withBean(FakeEngines.class, () -> this.engines)
        .withBean(ClientClock.class, () -> this.clock)
        .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com");

    private ApplicationContextRunner auth(String... properties) {
        ApplicationContextRunner runner = this.runner;
        for (String property : properties) {
            runner = runner.withPropertyValues("outbound.clients.billing.auth." + property);
        }
        return runner;
    }

    private @Nullable String sent(String header) {
        List<Request> requests = this.engines.upstream().requests();
        return requests.get(requests.size() - 1).fields().first(header);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            type=basic    | username=u | password=p     | Authorization | Basic dTpw
            type=bearer   | token=t0k  | share=false    | Authorization | Bearer t0k
            type=api-key  | key=k3y    | share=false    | X-API-Key     | k3y
            type=api-key  | key=k3y    | header=X-Key   | X-Key         | k3y
            type=none     | share=false| share=false    | Authorization |
            """, delimiter = '|')
    void bothKindsOfClientsSendIt(String type, String first, String second, String header, @Nullable String value) {
        auth(type, first, second).run((context) -> {
            context.getBean(Client.class).get("/");
            assertThat(sent(header)).isEqualTo(value);
            context.getBean(ReactiveClient.class).get("/").block(Duration.ofSeconds(5));
            assertThat(sent(header)).isEqualTo(value);
        });
    }

    @Test
    void anApiKeyMayBeAParameter() {
        auth("type=api-key", "key=k3y", "parameter=apikey").run((context) -> {
            context.getBean(Client.class).get("/a?b=1");
            assertThat(this.engines.upstream().request(0).url().query()).isEqualTo("b=1&apikey=k3y");
        });
    }

    @Test
    void digestAnswersAChallenge() {
        this.engines = FakeEngines.answering(
                FakeUpstream.status(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\""),
                FakeUpstream.status(200));
        auth("type=digest", "username=u", "password=p").run((context) -> {
            assertThat(context.getBean(Client.class).get("/").statusCode()).isEqualTo(200);
            assertThat(sent("Authorization")).startsWith("Digest username=\"u\"");
        });
    }

    @Test
    void aTokenFileIsReadAgain(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        auth("type=bearer", "token-file=" + file).run((context) -> {
            Client client = context.getBean(Client.class);
            client.get("/");
            assertThat(sent("Authorization")).isEqualTo("Bearer first");
            Files.writeString(file, "second\n");
            client.get("/");
            assertThat(sent("Authorization")).isEqualTo("Bearer first");
            this.clock.advance(Duration.ofSeconds(11));
            client.get("/");
            assertThat(sent("Authorization")).isEqualTo("Bearer second");
        });
    }

    @Test
    void aTokenFileIsReadAtOnceWhereTheServerRefusesItsToken(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "first");
        this.engines = FakeEngines.answering(FakeUpstream.status(200), FakeUpstream.status(401),
                FakeUpstream.status(200));
        auth("type=bearer", "token-file=" + file).run((context) -> {
            ReactiveClient client = context.getBean(ReactiveClient.class);
            client.get("/").block(Duration.ofSeconds(5));
            Files.writeString(file, "second");
            client.get("/").block(Duration.ofSeconds(5));
            assertThat(sent("Authorization")).isEqualTo("Bearer second");
        });
    }

    @Test
    void aBeanGivesATokenForEachRequest() {
        AtomicInteger count = new AtomicInteger();
        auth("type=bearer", "token-supplier=tokens")
            .withBean("tokens", Supplier.class, () -> () -> "t" + count.incrementAndGet())
            .run((context) -> {
                context.getBean(Client.class).get("/");
                context.getBean(Client.class).get("/");
                assertThat(sent("Authorization")).isEqualTo("Bearer t2");
            });
    }

    @Test
    void aBeanIsTheScheme() {
        auth("type=custom", "bean=signature")
            .withBean("signature", Auth.class, () -> Auth.of((request) -> request.withHeader("X-Signature", "s")))
            .run((context) -> {
                context.getBean(Client.class).get("/");
                assertThat(sent("X-Signature")).isEqualTo("s");
            });
    }

    @Test
    void aNetrcFileHasThePasswordOfTheHost(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("netrc"), "machine api.example.com login u password p\n");
        auth("type=netrc", "netrc-file=" + file).run((context) -> {
            context.getBean(Client.class).get("/");
            assertThat(sent("Authorization")).isEqualTo("Basic dTpw");
            context.getBean(ReactiveClient.class).get("/").block(Duration.ofSeconds(5));
            assertThat(sent("Authorization")).isEqualTo("Basic dTpw");
        });
    }

    @Test
    void aNetrcFileThatCannotServeIsToldAtTheStart(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing");
        auth("type=netrc", "netrc-file=" + missing)
            .run((context) -> assertThat(reason(context)).contains(missing.toString()));
        Path broken = Files.writeString(folder.resolve("broken"), "machine api.example.com passwort canary\n");
        auth("type=netrc", "netrc-file=" + broken)
            .run((context) -> assertThat(reason(context)).contains(broken.toString()).doesNotContain("canary"));
        Path other = Files.writeString(folder.resolve("other"), "machine other.example.com login u password p\n");
        auth("type=netrc", "netrc-file=" + other).run((context) -> assertThat(context).hasNotFailed());
        auth("type=netrc", "netrc-file=" + other).withPropertyValues("outbound.strict=true")
            .run((context) -> assertThat(reason(context))
                .isEqualTo("The netrc file has no password for api.example.com, so no credentials will be sent."));
    }

    @Test
    void clientCredentialsFetchOneTokenForAllCallsOfBothKinds() {
        this.engines = FakeEngines
            .answering(FakeUpstream.ok("{\"access_token\":\"t1\",\"token_type\":\"Bearer\",\"expires_in\":100}",
                    "Content-Type: application/json"), FakeUpstream.status(200));
        auth("type=client-credentials", "token-url=https://id.example.com/token", "client-id=billing",
                "client-secret=s3cr3t", "scopes=read,write")
            .run((context) -> {
                context.getBean(Client.class).get("/");
                context.getBean(ReactiveClient.class).get("/").block(Duration.ofSeconds(5));
                List<Request> requests = this.engines.upstream().requests();
                assertThat(requests).extracting((request) -> request.url().text())
                    .containsExactly("https://id.example.com/token", "https://api.example.com/",
                            "https://api.example.com/");
                assertThat(requests.get(0).fields().first("Authorization")).isEqualTo("Basic YmlsbGluZzpzM2NyM3Q=");
                assertThat(new String(requests.get(0).body().bytes()))
                    .isEqualTo("grant_type=client_credentials&scope=read+write");
                assertThat(requests.get(2).fields().first("Authorization")).isEqualTo("Bearer t1");
            });
    }

    @Test
    void aTokenThatExpiresIsFetchedBeforeThat() {
        String token = "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":100}";
        this.engines = FakeEngines.answering(FakeUpstream.ok(token, "Content-Type: application/json"),
                FakeUpstream.status(200),
                FakeUpstream.ok(token.replace("\"t\"", "\"t2\""), "Content-Type: application/json"),
                FakeUpstream.status(200));
        auth("type=client-credentials", "token-url=https://id.example.com/token", "client-id=billing",
                "client-secret=s3cr3t")
            .run((context) -> {
                Client client = context.getBean(Client.class);
                client.get("/");
                this.clock.advance(Duration.ofSeconds(80));
                client.get("/");
                assertThat(sent("Authorization")).isEqualTo("Bearer t2");
                assertThat(this.engines.upstream().requests()).hasSize(4);
            });
    }

    @Test
    void aBeanThatDoesNotExistIsToldAtTheStart() {
        auth("type=custom", "bean=signatur").withBean("signature", Auth.class, () -> Auth.bearer("t"))
            .run((context) -> assertThat(reason(context)).isEqualTo(
                    "There is no bean \"signatur\" of type Auth. Known: signature. Did you mean \"signature\"?"));
        auth("type=bearer", "token-supplier=tokens").run((context) -> assertThat(reason(context))
            .isEqualTo("There is no bean \"tokens\" of type Supplier. Known: none."));
    }

    @Test
    void springSecurityIsMissedAtTheStart() {
        auth("type=oauth2", "registration=partner").run((context) -> assertThat(reason(context))
            .startsWith("OAuth2 registration \"partner\" does not exist. Known registrations: none (there is no "));
        auth("type=token-relay")
            .run((context) -> assertThat(reason(context)).startsWith("Nothing tells whose token to relay."));
    }

    static String reason(AssertableApplicationContext context) {
        Throwable failure = context.getStartupFailure();
        while (failure != null && !(failure instanceof InvalidClientConfigurationException)) {
            failure = failure.getCause();
        }
        assertThat(failure).isInstanceOf(InvalidClientConfigurationException.class);
        return ((InvalidClientConfigurationException) failure).problems().get(0).reason();
    }

}
