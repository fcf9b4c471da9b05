package dev.outbound.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a real start prints. */
@ExtendWith(OutputCaptureExtension.class)
class StartupReportTests {

    @TempDir
    Path directory;

    @Test
    void reportIsPrintedInsteadOfAStackTrace(CapturedOutput output) throws IOException {
        write("""
                outbound:
                  clients:
                    billing:
                      base-url: api.example.com
                      auth: { type: bearer, username: u }
                """);
        assertThatExceptionOfType(InvalidClientConfigurationException.class).isThrownBy(this::start);
        assertThat(output).contains("APPLICATION FAILED TO START")
            .contains("3 problems in the HTTP client configuration:")
            .contains("1) outbound.clients.billing.auth.token")
            .contains("3) outbound.clients.billing.base-url" + System.lineSeparator() + "   Value:  \"api.example.com\""
                    + System.lineSeparator() + "   Origin: ")
            .containsPattern("application.yml\\] - 4:17")
            .contains("   The URL has no scheme, so it is relative.")
            .contains("3) Write the scheme: `https://api.example.com`.")
            .doesNotContain("\tat ");
    }

    @Test
    void secretsAreNeverPrinted(CapturedOutput output) throws IOException {
        write("""
                outbound:
                  defaults:
                    auth: { type: bearer, token: "canary\\ncanary" }
                  clients:
                    a:
                      base-url: https://user:canary@host/?api_key=canary
                      headers: { X-Api-Key: "canary\\ncanary", Authorization: canary }
                      auth: { type: basic, username: "u", pasword: canary, token: canary, type: basic2 }
                    b:
                      base-url: "user:canary@host"
                      auth: canary
                      query: { access_token: canary }
                    c:
                      base-url: https://c
                      extends: b
                      passwd: canary
                """.replace(", type: basic2", ""));
        assertThatExceptionOfType(InvalidClientConfigurationException.class)
            .isThrownBy(() -> start("--debug", "--logging.level.root=debug"))
            .satisfies((failure) -> assertThat(failure.toString()).doesNotContain("canary"));
        assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("canary");
    }

    @Test
    void applicationWithoutClientsSaysSo(CapturedOutput output) throws IOException {
        write("spring: { main: { banner-mode: off } }");
        start("--logging.level.dev.outbound.boot=info").close();
        assertThat(output).containsOnlyOnce("no HTTP clients configured under outbound.clients");
    }

    @Test
    void warningsAreOneLineEach(CapturedOutput output) throws IOException {
        write("""
                outbound:
                  ignore-unknown-properties: true
                  clients:
                    a: { base-url: "http://remote.example.com", auth: { type: bearer, token: canary }, nonsense: 1 }
                """);
        start().close();
        assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).hasSize(2)
            .anyMatch((line) -> line.contains("would send credentials over plain HTTP to a remote host."))
            .anyMatch((line) -> line.contains("Unknown property \"nonsense\" of client 'a'."));
    }

    private void write(String yaml) throws IOException {
        Files.writeString(this.directory.resolve("application.yml"), yaml);
    }

    private ConfigurableApplicationContext start(String... arguments) {
        SpringApplication application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
            .properties("spring.config.location=file:" + this.directory + "/")
            .build();
        return application.run(arguments);
    }

    @ImportAutoConfiguration(OutboundAutoConfiguration.class)
    static class Application {

    }

}
