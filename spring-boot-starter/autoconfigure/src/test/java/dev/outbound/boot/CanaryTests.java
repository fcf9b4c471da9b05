package dev.outbound.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.boot.endpoint.OutboundEndpoint;
import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.auth.TokenException;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

/**
 * S53 to S57 of the security matrix: a canary stands in every place for credentials, and
 * everything that an application prints or shows is searched for it.
 */
@ExtendWith(OutputCaptureExtension.class)
class CanaryTests {

    private static final String CANARY = "c4n4ry";

    private static final List<String> NAMES = List.of("basic", "bearer", "file", "header", "parameter", "digest",
            "netrc");

    @TempDir
    Path directory;

    private final RawServer server = RawServer
        .start((connection) -> connection.forEachRequest((request) -> connection.respond(401,
                "{\"password\": \"" + CANARY + "\"}", "Content-Type: application/json", "Set-Cookie: session=" + CANARY,
                "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"")));

    @AfterEach
    void asBefore() {
        for (String logger : new String[] { "dev.outbound", "outbound" }) {
            ((Logger) LoggerFactory.getLogger(logger)).setLevel(null);
        }
        this.server.close();
    }

    private ConfigurableApplicationContext start() throws IOException {
        Files.writeString(this.directory.resolve("token"), CANARY + "\n");
        Files.writeString(this.directory.resolve("netrc"), "default login u password " + CANARY + "\n");
        Files.writeString(this.directory.resolve("application.yml"), """
                management:
                  endpoints: { web: { exposure: { include: "*" } } }
                  endpoint:
                    env: { show-values: always }
                    configprops: { show-values: always }
                    health: { show-details: always }
                outbound:
                  defaults: { logging: { level: body }, cookies: true }
                  clients:
                    basic: { auth: { type: basic, username: u, password: c4n4ry }, MORE }
                    bearer: { auth: { type: bearer, token: c4n4ry }, MORE }
                    file: { auth: { type: bearer, token-file: "FILE" }, MORE }
                    header: { auth: { type: api-key, header: X-Key, key: c4n4ry }, MORE }
                    parameter: { auth: { type: api-key, parameter: sig, key: c4n4ry }, MORE }
                    digest: { auth: { type: digest, username: u, password: c4n4ry }, MORE }
                    credentials: { auth: { type: client-credentials, token-url: "URL", client-id: u,\
                 client-secret: c4n4ry }, MORE }
                    netrc: { auth: { type: netrc, netrc-file: "NETRC" }, MORE }
                """.replace("MORE", """
                base-url: "URL", headers: { X-Api-Key: c4n4ry, Cookie: "a=c4n4ry" }, query: { access_token: c4n4ry },\
                 proxy: { mounts: { "all://nowhere.test": "http://user:c4n4ry@127.0.0.1:9",\
                 "all://nobody.test": "http://c4n4ry@127.0.0.1:9" } },\
                 allow-absolute-urls: true""")
            .replace("URL", this.server.url())
            .replace("FILE", this.directory.resolve("token").toString())
            .replace("NETRC", this.directory.resolve("netrc").toString()));
        return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
            .properties("spring.config.location=file:" + this.directory + "/")
            .run("--outbound.clients.basic.headers.X-Session=" + CANARY,
                    "--outbound.clients.basic.headers.Cookies=" + CANARY,
                    "--outbound.clients.basic.retry.idempotency-key=true", "--logging.level.dev.outbound=trace",
                    "--logging.level.outbound=trace");
    }

    @Test
    void nothingThatIsPrintedOrShownHasASecret(CapturedOutput output) throws IOException {
        try (ConfigurableApplicationContext context = start()) {
            List<String> shown = new ArrayList<>();
            for (String name : NAMES) {
                call(context, name, shown);
            }
            assertThat(this.server.requests()).hasSizeGreaterThanOrEqualTo(4 * NAMES.size())
                .allMatch((request) -> request.contains(CANARY));
            shown.add(json(context.getBean(EnvironmentEndpoint.class).environment(null)));
            shown.add(json(context.getBean(ConfigurationPropertiesReportEndpoint.class).configurationProperties()));
            OutboundEndpoint endpoint = context.getBean(OutboundEndpoint.class);
            shown.add(json(endpoint.clients()) + endpoint.clients());
            NAMES.forEach((name) -> shown.add(json(endpoint.client(name)) + endpoint.client(name)));
            shown.add(json(context.getBean(HealthEndpoint.class).health()));
            shown.add(context.getBean(MeterRegistry.class)
                .getMeters()
                .stream()
                .map((it) -> it.getId().toString())
                .toList()
                .toString());
            assertThat(shown).allSatisfy((text) -> assertThat(text).isNotBlank().doesNotContain(CANARY));
            assertThat(shown).anySatisfy((text) -> assertThat(text).contains("outbound.clients.basic.auth.password"));
        }
        assertThat(output).contains("WWW-Authenticate").doesNotContain(CANARY);
    }

    @Test
    void aTokenRequestThatIsRefusedShowsNoSecret(CapturedOutput output) throws IOException {
        String encoded = Base64.getEncoder().encodeToString(("u:" + CANARY).getBytes(StandardCharsets.UTF_8));
        try (ConfigurableApplicationContext context = start()) {
            Throwable failure = catchThrowable(() -> context.getBean("credentialsClient", Client.class).get("/items"));
            assertThat(failure).isInstanceOf(TokenException.class);
            assertThat(this.server.requests()).singleElement(STRING).contains(encoded);
            List<String> shown = new ArrayList<>();
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                shown.add(cause.toString());
            }
            OutboundEndpoint endpoint = context.getBean(OutboundEndpoint.class);
            shown.add(json(endpoint.client("credentials")) + endpoint.client("credentials"));
            shown.add(json(context.getBean(HealthEndpoint.class).health()));
            shown.add(json(context.getBean(EnvironmentEndpoint.class).environment(null)));
            assertThat(shown).allSatisfy((text) -> assertThat(text).doesNotContain(CANARY).doesNotContain(encoded));
        }
        assertThat(output).contains("credentials").doesNotContain(CANARY).doesNotContain(encoded);
    }

    private static void call(ApplicationContext context, String name, List<String> shown) {
        Client client = context.getBean(name + "Client", Client.class);
        ReactiveClient reactive = context.getBean(name + "ReactiveClient", ReactiveClient.class);
        RestClient rest = context.getBean(name + "RestClient", RestClient.class);
        WebClient web = context.getBean(name + "WebClient", WebClient.class);
        shown.addAll(List.of(client.toString(), client.settings().toString(), reactive.toString(), rest.toString(),
                web.toString()));
        for (Throwable failure : new Throwable[] {
                catchThrowable(() -> client.get("/items?password={value}", CANARY).raiseForStatus()),
                catchThrowable(() -> reactive.get("/items?key={value}", CANARY).block().raiseForStatus()),
                catchThrowable(() -> client.get("http://nowhere.test/?code={value}", CANARY)) }) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                shown.add(cause.toString());
            }
            assertThat(failure).isNotNull();
        }
        // What Spring's own exceptions print of a response's body is theirs to answer
        // for.
        Integer status = rest.get()
            .uri("/items?signature={value}", CANARY)
            .exchange((request, response) -> response.getStatusCode().value());
        assertThat(status).isEqualTo(401);
        assertThat(web.get()
            .uri("/items?signature={value}", CANARY)
            .exchangeToMono((response) -> response.toBodilessEntity())
            .block()).isNotNull();
    }

    private static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    @Test
    void propertiesThatAreNoSecretStayReadable() throws IOException {
        try (ConfigurableApplicationContext context = start()) {
            Map<?, ?> entry = JsonMapper.shared()
                .readValue(json(
                        context.getBean(EnvironmentEndpoint.class).environmentEntry("outbound.clients.basic.base-url")),
                        Map.class);
            assertThat(entry.toString()).contains(this.server.url());
            assertThat(json(context.getBean(EnvironmentEndpoint.class)
                .environmentEntry("outbound.clients.basic.auth.username"))).contains("\"u\"");
            assertThat(json(context.getBean(EnvironmentEndpoint.class)
                .environmentEntry("outbound.clients.basic.retry.idempotency-key"))).contains("\"true\"");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

    }

}
