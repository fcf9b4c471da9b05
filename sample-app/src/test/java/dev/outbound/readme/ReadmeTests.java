package dev.outbound.readme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import dev.outbound.boot.OutboundAutoConfiguration;
import dev.outbound.client.transport.Transports;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the README shows: its Java is compiled, its YAML is a configuration, and both work
 * together.
 */
class ReadmeTests {

    private static final Path README = Path.of("../README.md");

    private static final Path SNIPPETS = Path.of("src/test/java/dev/outbound/readme/ReadmeSnippets.java");

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(README))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    }

    private static String folded(String text) {
        return text.replace("\nstatic\n", "\n").replaceAll("\\s+", " ").strip();
    }

    @Test
    void everyLineOfJavaIsCompiled() throws IOException {
        String compiled = folded(Files.readString(SNIPPETS));
        assertThat(blocks("java")).isNotEmpty().allSatisfy((block) -> assertThat(compiled).contains(folded(block)));
    }

    @Test
    void theYamlConfiguresTheClientOfTheJava() throws IOException {
        MockRouter github = MockRouter.create("https://api.github.com");
        github.get("/repos/{owner}/{name}")
            .answer((request) -> Reply.ok()
                .json(Map.of("name", request.path(), "url", String.valueOf(request.header("Authorization")))));
        start(github, ReadmeSnippets.Repos.class)
            .run((context) -> assertThat(context.getBean(ReadmeSnippets.Repos.class).repo("a", "b"))
                .isEqualTo(new ReadmeSnippets.Repo("/repos/a/b", "Bearer t0k")));
        github.verify();
    }

    @Test
    void theFacesOfTheJavaAreTheSameClient() throws IOException {
        MockRouter github = MockRouter.create("https://api.github.com");
        github.get("/users/{login}")
            .header("Authorization", "Bearer t0k")
            .reply((reply) -> reply.json(Map.of("login", "ada")));
        ReadmeSnippets.User ada = new ReadmeSnippets.User("ada");
        start(github, ReadmeSnippets.Faces.class).run((context) -> {
            ReadmeSnippets.Report report = context.getBean(ReadmeSnippets.Report.class);
            assertThat(report.users().user("ada")).isEqualTo(ada);
            assertThat(report.rest().get().uri("/users/ada").retrieve().body(ReadmeSnippets.User.class)).isEqualTo(ada);
            assertThat(report.web()
                .get()
                .uri("/users/ada")
                .retrieve()
                .bodyToMono(ReadmeSnippets.User.class)
                .block(Duration.ofSeconds(5))).isEqualTo(ada);
        });
        github.verify();
    }

    private static ApplicationContextRunner start(MockRouter github, Class<?> configuration) throws IOException {
        String yaml = blocks("yaml").get(0);
        List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("readme",
                new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
        return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withUserConfiguration(configuration)
            .withBean(Transports.class, github::transports)
            .withInitializer((context) -> sources.forEach(context.getEnvironment().getPropertySources()::addLast))
            .withPropertyValues("GITHUB_TOKEN=t0k");
    }

}
