package dev.outbound.mock;

import java.nio.charset.StandardCharsets;

import reactor.core.publisher.Mono;

import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.client.MockMvcClientHttpRequestFactory;
import org.springframework.test.web.servlet.client.MockMvcHttpConnector;
import org.springframework.util.Assert;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.spring.ConnectorTransport;
import dev.outbound.client.transport.spring.RequestFactoryTransport;

/**
 * Upstreams that are applications of Spring MVC in this process, behind a
 * {@link MockMvc}. Bodies are buffered. Needs spring-test and spring-webmvc.
 *
 * @since 0.1
 */
public final class MockMvcUpstream {

    private MockMvcUpstream() {
    }

    /**
     * Return an application.
     * @param mockMvc the application
     * @return the upstream
     */
    public static Upstream of(MockMvc mockMvc) {
        Assert.notNull(mockMvc, "mockMvc must not be null");
        ReactiveTransport reactive = ConnectorTransport.of(new MockMvcHttpConnector(mockMvc));
        return Upstream.of("a MockMvc", RequestFactoryTransport.of(new MockMvcClientHttpRequestFactory(mockMvc)),
                (request, cancellation) -> reactive.send(request, cancellation)
                    .onErrorResume(RequestException.class, MockMvcUpstream::failed));
    }

    /** As the request factory has it, and a container would: the connector just fails. */
    private static Mono<ReactiveTransportResponse> failed(RequestException failure) {
        return Mono.just(ReactiveTransportResponse.of(500, FieldLines.empty(),
                failure.detail().getBytes(StandardCharsets.UTF_8)));
    }

}
