package dev.outbound.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;

/** S108: secrets in the sources of an application that is in production. */
class LiteralSecretsTests {

    private static final String YAML = """
            outbound:
              defaults: { headers: { X-Api-Key: canary } }
              clients:
                a: { base-url: "https://a", auth: { type: bearer, token: canary } }
                file: { base-url: "https://f", auth: { type: bearer, token-file: /run/secrets/token } }
                none: { base-url: "https://n", auth: none }
                b: { base-url: "https://b", auth: { type: bearer, token: "${B_TOKEN}" }, headers: { X-Api-Key: "" } }
            """;

    private final StandardEnvironment environment = new StandardEnvironment();

    private List<Problem> warnings() {
        Problems problems = new Problems();
        LiteralSecrets.check(this.environment, problems);
        assertThat(problems.failures()).isEmpty();
        return problems.warnings();
    }

    @Test
    void inAFileOfTheApplicationAreWarnedOf() {
        this.environment.setActiveProfiles("blue", "prod");
        Yaml.of(YAML).addTo(this.environment);
        assertThat(warnings()).extracting(Problem::property)
            .containsExactly("outbound.clients.a.auth.token", "outbound.defaults.headers.X-Api-Key");
        assertThat(warnings()).first().satisfies((problem) -> {
            assertThat(problem.reason()).contains("profile 'prod'");
            assertThat(problem.action()).contains("${OUTBOUND_CLIENTS_A_AUTH_TOKEN}");
            assertThat(problem.toString()).doesNotContain("canary");
        });
    }

    @Test
    void areFineWhereNobodyIsInProduction() {
        this.environment.setActiveProfiles("product-catalogue", "test");
        Yaml.of(YAML).addTo(this.environment);
        assertThat(warnings()).isEmpty();
    }

    /** A platform may have mounted it there, and a configuration server sent it. */
    @Test
    void areFineBesideTheApplication(@TempDir Path folder) throws IOException {
        this.environment.setActiveProfiles("prod");
        Path file = Files.writeString(folder.resolve("application.yml"), YAML);
        new YamlPropertySourceLoader().load("mounted", new FileSystemResource(file))
            .forEach(this.environment.getPropertySources()::addLast);
        assertThat(warnings()).isEmpty();
    }

}
