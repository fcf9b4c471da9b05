package dev.outbound.boot.endpoint;

import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of {@link OutboundEndpoint}.
 *
 * @since 0.1
 */
@ConfigurationProperties("management.endpoint.outbound")
public class OutboundEndpointProperties {

    /**
     * When values of properties are shown. Secrets are masked in any case.
     */
    private Show showValues = Show.ALWAYS;

    /**
     * Roles that may see values when they are shown to authorized users; when empty, all
     * authenticated users may.
     */
    private final Set<String> roles = new LinkedHashSet<>();

    public Show getShowValues() {
        return this.showValues;
    }

    public void setShowValues(Show showValues) {
        this.showValues = showValues;
    }

    public Set<String> getRoles() {
        return this.roles;
    }

}
