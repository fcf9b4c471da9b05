package dev.outbound.boot;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.http.client.observation.ClientRequestObservationConvention;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;

import dev.outbound.client.spring.ClientRequestFactory;

/**
 * Makes the builders of {@code RestClient} that send through the configured clients, and
 * puts the clients behind the interfaces of groups with their names.
 */
final class RestClientFaces implements RestClientHttpServiceGroupConfigurer {

    /**
     * After Spring Boot's own, which set an engine and call customizers, and after a load
     * balancer of Spring Cloud's.
     */
    private static final int ORDER = 100;

    private final Clients clients;

    private final Defaults defaults;

    private final ObjectProvider<ObservationRegistry> observations;

    private final ObjectProvider<ClientRequestObservationConvention> convention;

    private final Customizers customizers;

    RestClientFaces(Clients clients, Defaults defaults, ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<ClientRequestObservationConvention> convention, Customizers customizers) {
        this.clients = clients;
        this.defaults = defaults;
        this.observations = observations;
        this.convention = convention;
        this.customizers = customizers;
    }

    RestClient.Builder builder(String clientName) {
        RestClient.Builder builder = RestClient.builder();
        this.defaults.applyTo(clientName, builder);
        return applyTo(clientName, builder);
    }

    private RestClient.Builder applyTo(String clientName, RestClient.Builder builder) {
        this.observations.ifAvailable(builder::observationRegistry);
        ClientRequestFactory.of(this.clients.client(clientName)).applyTo(builder);
        this.convention.ifAvailable(builder::observationConvention);
        this.customizers.of(RestClientFaceCustomizer.class, clientName)
            .forEach((customizer) -> customizer.customize(clientName, builder));
        return builder;
    }

    @Override
    public void configureGroups(Groups<RestClient.Builder> groups) {
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

        void applyTo(String clientName, RestClient.Builder builder);

        /** For a builder that Spring Boot may have configured already. */
        default void applyToGroup(String clientName, RestClient.Builder builder) {
            applyTo(clientName, builder);
        }

    }

}
