package dev.outbound.boot;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.Session;
import dev.outbound.client.lab.FakeUpstream;

import static org.assertj.core.api.Assertions.assertThat;

/** The ways in which a client finds its way into a component. */
class ClientInjectionTests {

    private final ApplicationContextRunner one = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withPropertyValues("outbound.clients.my-api.base-url=https://api.example.com");

    private final ApplicationContextRunner two = this.one
        .withPropertyValues("outbound.clients.github.base-url=https://api.github.com");

    @Test
    void theOnlyClientNeedsNoName() {
        this.one.withUserConfiguration(Unnamed.class).run((context) -> {
            Unnamed unnamed = context.getBean(Unnamed.class);
            assertThat(unnamed.whatever).isSameAs(context.getBean("myApiClient"));
            assertThat(unnamed.other).isSameAs(context.getBean("myApiReactiveClient"));
        });
    }

    @Test
    void qualifierChoosesForBothKinds() {
        this.two.withUserConfiguration(Qualified.class).run((context) -> {
            Qualified qualified = context.getBean(Qualified.class);
            assertThat(qualified.blocking).isSameAs(context.getBean("myApiClient"));
            assertThat(qualified.reactive).isSameAs(context.getBean("myApiReactiveClient"));
        });
    }

    @Test
    void parameterNameChoosesForBothKinds() {
        this.two.withUserConfiguration(ByName.class, ByNameReactive.class).run((context) -> {
            assertThat(context.getBean(ByName.class).github).isSameAs(context.getBean("githubClient"));
            assertThat(context.getBean(ByName.class).myApi).isSameAs(context.getBean("myApiClient"));
            assertThat(context.getBean(ByNameReactive.class).github).isSameAs(context.getBean("githubReactiveClient"));
            assertThat(context.getBean(ByNameReactive.class).myApi).isSameAs(context.getBean("myApiReactiveClient"));
        });
    }

    @Test
    void parameterNameChoosesThoughAnotherBeanHasIt() {
        this.two.withBean("github", StringBuilder.class).withBean("myApi", Runnable.class, () -> () -> {
        })
            .withUserConfiguration(ByName.class, ByNameReactive.class)
            .run((context) -> assertThat(context.getBean(ByName.class).github)
                .isSameAs(context.getBean("githubClient")));
    }

    @Test
    void beanNameChooses() {
        this.two.withUserConfiguration(ByBeanName.class).run((context) -> {
            assertThat(context.getBean(ByBeanName.class).blocking).isSameAs(context.getBean("myApiClient"));
            assertThat(context.getBean(ByBeanName.class).reactive).isSameAs(context.getBean("myApiReactiveClient"));
        });
    }

    @Test
    void fieldAndProviderAndMapWork() {
        this.two.withUserConfiguration(Others.class).run((context) -> {
            Others others = context.getBean(Others.class);
            assertThat(others.github).isSameAs(context.getBean("githubClient"));
            assertThat(others.provided).isSameAs(context.getBean("myApiClient"));
            assertThat(others.all).containsOnlyKeys("githubClient", "myApiClient");
        });
    }

    @Test
    void primaryClientNeedsNoName() {
        this.two.withPropertyValues("outbound.clients.github.primary=true")
            .withUserConfiguration(Unnamed.class)
            .run((context) -> assertThat(context.getBean(Unnamed.class).whatever)
                .isSameAs(context.getBean("githubClient")));
    }

    @Test
    void beanOfTheApplicationReplacesByQualifier() {
        this.two.withUserConfiguration(OwnByQualifier.class, ByName.class).run((context) -> {
            assertThat(context).doesNotHaveBean("githubClient").hasBean("githubReactiveClient");
            assertThat(context.getBean(ByName.class).github).isSameAs(context.getBean("own"));
            assertThat(context.getBean(Clients.class).client("github")).isSameAs(context.getBean("own"));
        });
    }

    @Test
    void beanOfTheApplicationReplacesByNameAndAnswersTheQualifier() {
        this.two.withUserConfiguration(OwnByName.class, Qualified.class).run((context) -> {
            Client own = context.getBean(OwnByName.class).client;
            assertThat(context.getBean("myApiClient")).isSameAs(own);
            assertThat(context.getBean(Qualified.class).blocking).isSameAs(own);
            assertThat(context.getBean(Clients.class).client("my-api")).isSameAs(own);
        });
    }

    @Test
    void clientOfTheApplicationStandsBesideOurs() {
        this.one.withUserConfiguration(Another.class, Qualified.class)
            .run((context) -> assertThat(context.getBean(Qualified.class).blocking)
                .isSameAs(context.getBean("myApiClient")));
    }

    @Test
    void nameTakenByAnotherTypeFails() {
        this.one.withUserConfiguration(NameTaken.class)
            .run((context) -> assertThat(context).getFailure()
                .isInstanceOfSatisfying(InvalidClientConfigurationException.class,
                        (failure) -> assertThat(failure.problems()).singleElement().satisfies((problem) -> {
                            assertThat(problem.reason()).startsWith(
                                    "Client 'my-api' would register bean \"myApiClient\", but a bean with this name "
                                            + "exists already (" + NameTaken.class.getName() + ".myApiClient()");
                            assertThat(problem.action()).isEqualTo(
                                    "Rename the bean or the client, or set `outbound.clients.my-api.enabled: false` "
                                            + "to keep only your own bean.");
                        })));
    }

    @Test
    void disabledClientHasNoBean() {
        this.two.withPropertyValues("outbound.clients.github.enabled=false")
            .run((context) -> assertThat(context).hasSingleBean(Client.class).hasSingleBean(ReactiveClient.class));
    }

    @Test
    void closingAnInjectedClientDoesNotCloseItsSession() {
        FakeEngines engines = FakeEngines.answering(FakeUpstream.status(200));
        this.one.withBean(FakeEngines.class, () -> engines).run((context) -> {
            Client client = context.getBean(Client.class);
            client.get("/a");
            client.close();
            assertThat(client.get("/b").status().value()).isEqualTo(200);
            assertThat(engines.closed()).isZero();
            Session session = context.getBean(Clients.class).session("my-api");
            context.close();
            assertThat(engines.closed()).isEqualTo(1);
            assertThat(session.statistics().calls()).isEqualTo(2);
        });
    }

    static class Unnamed {

        final Client whatever;

        final ReactiveClient other;

        Unnamed(Client whatever, ReactiveClient other) {
            this.whatever = whatever;
            this.other = other;
        }

    }

    static class Qualified {

        final Client blocking;

        final ReactiveClient reactive;

        Qualified(@Qualifier("my-api") Client blocking, @Qualifier("my-api") ReactiveClient reactive) {
            this.blocking = blocking;
            this.reactive = reactive;
        }

    }

    static class ByName {

        final Client github;

        final Client myApi;

        ByName(Client github, Client myApi) {
            this.github = github;
            this.myApi = myApi;
        }

    }

    static class ByNameReactive {

        final ReactiveClient github;

        final ReactiveClient myApi;

        ByNameReactive(ReactiveClient github, ReactiveClient myApi) {
            this.github = github;
            this.myApi = myApi;
        }

    }

    static class ByBeanName {

        final Client blocking;

        final ReactiveClient reactive;

        ByBeanName(Client myApiClient, ReactiveClient myApiReactiveClient) {
            this.blocking = myApiClient;
            this.reactive = myApiReactiveClient;
        }

    }

    static class Others {

        @Autowired
        Client github;

        final Client provided;

        final Map<String, Client> all;

        Others(ObjectProvider<Client> myApi, Map<String, Client> all) {
            this.provided = myApi.getObject();
            this.all = all;
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class OwnByQualifier {

        @Bean
        @Qualifier("github")
        Client own() {
            return Client.builder().build();
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class OwnByName {

        final Client client = Client.builder().build();

        @Bean
        Client myApiClient() {
            return this.client;
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class Another {

        @Bean
        Client another() {
            return Client.builder().build();
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class NameTaken {

        @Bean
        String myApiClient() {
            return "taken";
        }

    }

}
