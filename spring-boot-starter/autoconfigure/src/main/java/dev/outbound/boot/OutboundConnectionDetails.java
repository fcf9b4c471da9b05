package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.Assert;

import dev.outbound.client.auth.Auth;

/**
 * Where the upstream of a client is, and how to authenticate there, in place of what the
 * properties say: a bean of this type overrides base URL and authentication. To another
 * origin than that of the properties, their credentials in headers and parameters are not
 * sent either.
 *
 * <pre class="code">
 * &#64;Bean
 * OutboundConnectionDetails billing(MockServer server) {
 *     return OutboundConnectionDetails.of("billing", server.url());
 * }
 * </pre>
 *
 * Or by Testcontainers, with the client's name:
 *
 * <pre class="code">
 * &#64;Container
 * &#64;ServiceConnection(name = "billing", type = OutboundConnectionDetails.class)
 * static GenericContainer&lt;?&gt; billing = new GenericContainer&lt;&gt;("acme/billing").withExposedPorts(8080);
 * </pre>
 *
 * That is plain HTTP, or https where the container is annotated with Spring Boot's
 * {@code @Ssl}, {@code @PemTrustStore}, {@code @PemKeyStore}, {@code @JksTrustStore} or
 * {@code @JksKeyStore}, too.
 *
 * @since 0.1
 */
public interface OutboundConnectionDetails extends ConnectionDetails {

    /**
     * Return whether these details are those of a client.
     * @param clientName the name, the one below {@code outbound.clients}
     * @return whether the client connects there
     */
    boolean isFor(String clientName);

    /**
     * Return the base URL of the upstream.
     * @return an absolute http or https URL
     */
    String getBaseUrl();

    /**
     * Return how requests are authenticated.
     * @return the scheme, or {@code null} for none
     */
    default @Nullable Auth getAuth() {
        return null;
    }

    /**
     * Return the certificates to trust there, and the key to show if it asks for one. The
     * base URL is one of https then. Takes the place of {@code ssl.bundle}; what else is
     * said of {@code ssl} stays.
     * @return the bundle, or {@code null} for what the properties say
     */
    default @Nullable SslBundle getSslBundle() {
        return null;
    }

    /**
     * Return details of an upstream that wants no authentication.
     * @param clientName the name of the client
     * @param baseUrl an absolute http or https URL
     * @return the details
     */
    static OutboundConnectionDetails of(String clientName, String baseUrl) {
        return of(clientName, baseUrl, null);
    }

    /**
     * Return details of an upstream.
     * @param clientName the name of the client
     * @param baseUrl an absolute http or https URL
     * @param auth how requests are authenticated, or {@code null}
     * @return the details
     */
    static OutboundConnectionDetails of(String clientName, String baseUrl, @Nullable Auth auth) {
        Assert.hasText(clientName, "clientName must not be empty");
        Assert.hasText(baseUrl, "baseUrl must not be empty");
        return new FixedConnectionDetails(clientName, baseUrl, auth);
    }

}
