package dev.outbound.boot;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Changes the {@code WebClient} of configured clients, its builder and the one behind
 * {@code @HttpExchange} interfaces of the client's name. Beans of this type are called in
 * their order, after everything else; one whose name or qualifier is that of a client is
 * called for this client only.
 *
 * @since 0.1
 * @see ClientCustomizer
 */
@FunctionalInterface
public interface WebClientFaceCustomizer {

    /**
     * Customize a builder.
     * @param clientName the name of the client, the one below {@code outbound.clients}
     * @param builder sends through the client
     */
    void customize(String clientName, WebClient.Builder builder);

}
