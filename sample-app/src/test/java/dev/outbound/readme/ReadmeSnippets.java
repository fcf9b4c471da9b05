package dev.outbound.readme;

import java.io.IOException;
import java.nio.file.Path;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import dev.outbound.client.Client;
import dev.outbound.client.http.StreamedResponse;

import static java.time.Duration.ofSeconds;
import static org.springframework.http.HttpMethod.GET;

/**
 * The Java of the README: what stands there must stand here, and so compile.
 */
final class ReadmeSnippets {

    private ReadmeSnippets() {
    }

    record Repo(String name, String url) {
    }

    record NewIssue(String title) {
    }

    record Issue(int number, String title) {
    }

    record User(String login) {
    }

    record Report(Users users, RestClient rest, WebClient web) {
    }

    // @formatter:off
@Service
static
class Repos {

    private final Client github;

    Repos(@Qualifier("github") Client github) { // or the parameter name, or the only client there is
        this.github = github;
    }

    Repo repo(String owner, String name) {
        return this.github.get("/repos/{owner}/{name}", owner, name).raiseForStatus().json(Repo.class);
    }

    Issue open(String owner, String name, NewIssue issue) {
        return this.github
            .post("/repos/{owner}/{name}/issues", (request) -> request.variable("owner", owner)
                .variable("name", name)
                .json(issue)
                .timeout(ofSeconds(5)))
            .raiseForStatus()
            .json(Issue.class);
    }

    void archive(Path file) throws IOException {
        try (StreamedResponse zip = this.github.stream(GET, "/zipball")) {
            zip.raiseForStatus().writeTo(file);
        }
    }

}

@HttpExchange("/users")
interface Users {

    @GetExchange("/{login}")
    User user(@PathVariable String login);

}

@Configuration(proxyBeanMethods = false)
@ImportHttpServices(group = "github", types = Users.class)
static
class Faces {

    @Bean
    Report report(Users users, @Qualifier("github") RestClient rest, @Qualifier("github") WebClient web) {
        return new Report(users, rest, web);
    }

}
    // @formatter:on

}
