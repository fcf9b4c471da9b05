package dev.outbound.boot.testcontainers;

import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

import dev.outbound.boot.OutboundConnectionDetails;

/**
 * Connects a client to a container with
 * {@code @ServiceConnection(name = "<client>", type = OutboundConnectionDetails.class)},
 * at the first port that it exposes: by https where Spring Boot's annotations give it a
 * bundle, otherwise by plain HTTP. A container that does not name the type is none of
 * ours.
 */
final class UpstreamContainerConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<Container<?>, OutboundConnectionDetails> {

    @Override
    protected boolean sourceAccepts(ContainerConnectionSource<Container<?>> source, Class<?> requiredContainerType,
            Class<?> requiredConnectionDetailsType) {
        return source.getConnectionDetailsTypes().contains(OutboundConnectionDetails.class)
                && super.sourceAccepts(source, requiredContainerType, requiredConnectionDetailsType);
    }

    @Override
    protected @Nullable OutboundConnectionDetails getContainerConnectionDetails(
            ContainerConnectionSource<Container<?>> source) {
        return new UpstreamContainerConnectionDetails(source);
    }

    private static final class UpstreamContainerConnectionDetails extends ContainerConnectionDetails<Container<?>>
            implements OutboundConnectionDetails {

        private final ContainerConnectionSource<Container<?>> source;

        UpstreamContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
            super(source);
            this.source = source;
        }

        @Override
        public boolean isFor(String clientName) {
            return this.source.accepts(clientName, Container.class, OutboundConnectionDetails.class);
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return super.getSslBundle();
        }

        @Override
        public String getBaseUrl() {
            return ((getSslBundle() != null) ? "https://" : "http://") + getContainer().getHost() + ":"
                    + getContainer().getFirstMappedPort();
        }

    }

}
