package dev.outbound.boot;

import org.springframework.web.client.RestClient;

/**
 * Changes the {@code RestClient} of configured clients, its builder and the one behind
 * {@code @HttpExchange} interfaces of the client's name. Beans of this type are called in
 * their order, after everything else; one whose name or qualifier is that of a client is
 * called for this client only.
 *
 * <pre class="code">
 * &#64;Bean
 * &#64;Qualifier("github")
 * RestClientFaceCustomizer errors() {
 *     return (clientName, builder) -&gt; builder.defaultStatusHandler(new GithubErrors());
 * }
 * </pre>
 *
 * @since 0.1
 * @see ClientCustomizer
 */
@FunctionalInterface
public interface RestClientFaceCustomizer {

    /**
     * Customize a builder.
     * @param clientName the name of the client, the one below {@code outbound.clients}
     * @param builder sends through the client
     */
    void customize(String clientName, RestClient.Builder builder);

}
