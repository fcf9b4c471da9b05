package dev.outbound.mock;

import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.client.MockMvcClientHttpRequestFactory;
import org.springframework.test.web.servlet.client.MockMvcHttpConnector;
import org.springframework.util.Assert;

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
        return Upstream.of("a MockMvc", RequestFactoryTransport.of(new MockMvcClientHttpRequestFactory(mockMvc)),
                ConnectorTransport.of(new MockMvcHttpConnector(mockMvc)));
    }

}
