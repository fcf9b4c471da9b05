package dev.outbound.client.spring;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.Assert;
import org.springframework.web.client.RestClient;

import dev.outbound.client.Client;
import dev.outbound.client.http.Url;

/**
 * Sends what Spring's {@code RestClient} and {@code RestTemplate} ask for through a
 * {@link Client}, with all that it does: its headers and parameters, authentication,
 * redirects, retries, cookies, content codings, time limits, statistics.
 *
 * <pre class="code">
 * RestClient restClient = ClientRequestFactory.of(github).applyTo(RestClient.builder()).build();
 * </pre>
 *
 * Nothing is buffered here, unless a {@code ClientHttpRequestInterceptor} makes Spring
 * buffer the request. A request is sent again only where its body says that it can be
 * written again. A response is a streamed one: the client's limit of bodies in memory is
 * not kept, and {@code total} ends with its head, {@code stream-total} with its body.
 * <p>
 * A failed call is an {@link java.io.IOException} with the
 * {@link dev.outbound.client.http.ClientException} as its cause, which {@code RestClient}
 * makes a {@code ResourceAccessException} of. Thread-safe.
 *
 * @since 0.1
 */
public final class ClientRequestFactory implements ClientHttpRequestFactory {

    private final Client client;

    private final @Nullable Url baseUrl;

    private ClientRequestFactory(Client client) {
        this.client = client;
        this.baseUrl = client.settings().baseUrl();
    }

    /**
     * Create a factory over a client, which stays its owner's.
     * @param client sends the requests
     * @return the factory
     */
    public static ClientRequestFactory of(Client client) {
        Assert.notNull(client, "client must not be null");
        return new ClientRequestFactory(client);
    }

    /**
     * Let a builder make faces of the client: sets this factory, the client's base URL,
     * and an observation convention with the client's name. Headers and parameters are
     * put to each request by the client and not by the builder. What it builds follows
     * when the client's settings are changed, its base URL included.
     * @param builder the builder
     * @return the builder
     */
    public RestClient.Builder applyTo(RestClient.Builder builder) {
        Assert.notNull(builder, "builder must not be null");
        if (this.baseUrl != null) {
            builder.baseUrl(this.baseUrl.text());
        }
        return builder.requestFactory(this).observationConvention(new ClientRequestConvention(this.client.settings()));
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod httpMethod) {
        Assert.notNull(uri, "uri must not be null");
        Assert.notNull(httpMethod, "httpMethod must not be null");
        return new StreamingRequest(this.client, this.baseUrl, uri, httpMethod);
    }

    @Override
    public String toString() {
        return "ClientRequestFactory[" + this.client + "]";
    }

}
