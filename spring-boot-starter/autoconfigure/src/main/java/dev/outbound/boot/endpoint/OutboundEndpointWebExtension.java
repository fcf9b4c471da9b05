package dev.outbound.boot.endpoint;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

import dev.outbound.boot.endpoint.OutboundEndpoint.ClientDescriptor;
import dev.outbound.boot.endpoint.OutboundEndpoint.ClientsDescriptor;

/**
 * {@link EndpointWebExtension} that knows who asks for {@link OutboundEndpoint}, and
 * answers 404 for a client that is not there.
 *
 * @since 0.1
 */
@EndpointWebExtension(endpoint = OutboundEndpoint.class)
public final class OutboundEndpointWebExtension {

    private final OutboundEndpoint endpoint;

    private final Show showValues;

    private final Set<String> roles;

    OutboundEndpointWebExtension(OutboundEndpoint endpoint, Show showValues, Set<String> roles) {
        this.endpoint = endpoint;
        this.showValues = showValues;
        this.roles = roles;
    }

    @ReadOperation
    public ClientsDescriptor clients(SecurityContext securityContext) {
        return this.endpoint.describe(this.showValues.isShown(securityContext, this.roles));
    }

    @ReadOperation
    public WebEndpointResponse<ClientDescriptor> client(SecurityContext securityContext, @Selector String name) {
        boolean shown = this.showValues.isShown(securityContext, this.roles);
        return this.endpoint.knows(name) ? new WebEndpointResponse<>(this.endpoint.describe(name, shown))
                : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }

}
