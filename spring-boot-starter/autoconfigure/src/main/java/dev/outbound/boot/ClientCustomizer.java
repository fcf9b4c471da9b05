package dev.outbound.boot;

import dev.outbound.client.ClientBuilder;

/**
 * Changes the settings of the configured clients in code. Beans of this type are called
 * in their order, after the properties have been applied; one whose name or qualifier is
 * that of a client is called for this client only.
 *
 * <pre class="code">
 * &#64;Bean
 * ClientCustomizer correlation() {
 *     return (clientName, builder) -&gt; builder.header("X-Caller", "orders");
 * }
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ClientCustomizer {

    /**
     * Customize a client before its first use, and again whenever its settings are
     * {@linkplain Clients#refresh(String) read again}. Transports must be others each
     * time, for the client closes them.
     * @param clientName the name, the one below {@code outbound.clients}
     * @param builder has the settings of the client
     */
    void customize(String clientName, ClientBuilder builder);

}
