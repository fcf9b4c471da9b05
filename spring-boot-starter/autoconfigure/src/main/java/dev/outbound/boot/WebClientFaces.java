package dev.outbound.boot;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.function.client.ClientRequestObservationConvention;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;

import dev.outbound.client.spring.ReactiveClientConnector;

/**
 * Makes the builders of {@code WebClient} that send through the configured clients, and
 * puts the clients behind the interfaces of groups with their names.
 */
final class WebClientFaces implements WebClientHttpServiceGroupConfigurer {

    /**
     * After Spring Boot's own, which set a connector and call customizers, and after a
     * load balancer of Spring Cloud's.
     */
    private static final int ORDER = 100;

    private final Clients clients;

    private final Defaults defaults;

    private final ObjectProvider<ObservationRegistry> observations;

    private final ObjectProvider<ClientRequestObservationConvention> convention;

    private final Customizers customizers;

    WebClientFaces(Clients clients, Defaults defaults, ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<ClientRequestObservationConvention> convention, Customizers customizers) {
        this.clients = clients;
        this.defaults = defaults;
        this.observations = observations;
        this.convention = convention;
        this.customizers = customizers;
    }

    WebClient.Builder builder(String clientName) {
        WebClient.Builder builder = WebClient.builder();
        this.defaults.applyTo(clientName, builder);
        return applyTo(clientName, builder);
    }

    private WebClient.Builder applyTo(String clientName, WebClient.Builder builder) {
        this.observations.ifAvailable(builder::observationRegistry);
        ReactiveClientConnector.of(this.clients.reactiveClient(clientName)).applyTo(builder);
        this.convention.ifAvailable(builder::observationConvention);
        this.customizers.of(WebClientFaceCustomizer.class, clientName)
            .forEach((customizer) -> customizer.customize(clientName, builder));
        return builder;
    }

    @Override
    public void configureGroups(Groups<WebClient.Builder> groups) {
        groups.filter((group) -> this.clients.names().contains(group.name())).forEachClient((group, builder) -> {
            this.defaults.applyToGroup(group.name(), builder);
            applyTo(group.name(), builder);
        });
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    /** What is not the client's: above all, how bodies are converted. */
    @FunctionalInterface
    interface Defaults {

        void applyTo(String clientName, WebClient.Builder builder);

        /** For a builder that Spring Boot may have configured already. */
        default void applyToGroup(String clientName, WebClient.Builder builder) {
            applyTo(clientName, builder);
        }

    }

}
