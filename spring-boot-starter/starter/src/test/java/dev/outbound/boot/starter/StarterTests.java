package dev.outbound.boot.starter;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import dev.outbound.boot.Clients;
import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What the starter brings, and what an application with nothing else becomes by it. */
class StarterTests {

    /** Libraries of these tests. */
    private static final List<String> OWN = List.of("junit-", "opentest4j", "apiguardian", "assertj-", "byte-buddy",
            "surefire", "common-java5");

    @Test
    void bringsWhatIsReviewedAndNoMore() throws IOException {
        Path reviewed = Path.of("src/test/resources/brings.txt");
        String brought = brought().stream().map((name) -> name + "\n").collect(Collectors.joining());
        if (Boolean.getBoolean("brings.update")) {
            Files.writeString(reviewed, brought);
        }
        assertThat(brought).as("-Dbrings.update=true writes the list").isEqualTo(Files.readString(reviewed));
        assertThat(brought).doesNotContain("native-quic", "spring-boot-starter-web", "tomcat", "actuator", "security",
                "tracing", "resilience4j", "brotli", "zstd", "testcontainers", "spring-cloud");
    }

    private static Set<String> brought() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(classPath.split(File.pathSeparator))
            .map((entry) -> Path.of(entry).getFileName().toString())
            .filter((name) -> name.endsWith(".jar") && !name.startsWith("outbound-")
                    && OWN.stream().noneMatch(name::startsWith))
            .map((name) -> name.replaceAll("-\\d[^/]*\\.jar$", "").replaceAll("\\.jar$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theApplicationStaysWithoutAWebServer() {
        SpringApplication application = new SpringApplication(Application.class);
        assertThat(application.getWebApplicationType()).isEqualTo(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run("--spring.main.banner-mode=off",
                "--outbound.clients.shop.base-url=https://shop.test")) {
            assertThat(context.getBean(Clients.class).names()).containsExactly("shop");
            assertThat(context.getBean(Client.class)).isNotNull();
            assertThat(context.getBean(ReactiveClient.class)).isNotNull();
            assertThat(context.getBeansOfType(RestClient.class)).containsOnlyKeys("shopRestClient");
            assertThat(context.getClass().getName()).doesNotContain("Web");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

    }

}
