package dev.outbound.boot;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Everything under {@code outbound}. The class is the list of known keys: their names,
 * types and defaults are read from it, at start and for the metadata.
 * <p>
 * It is not bound by Spring Boot, whose binder stops at the first mistake, but read by
 * {@link ConfigurationReader}.
 *
 * @since 0.1
 */
@ConfigurationProperties("outbound")
public class OutboundProperties {

    /**
     * Settings that every client inherits. Maps merge by key; credentials are handed to
     * no client unless they are marked with "auth.share".
     */
    @NestedConfigurationProperty
    private final ClientProperties defaults = new ClientProperties();

    /**
     * Clients by name: a-z, 0-9 and "-", starting with a letter, at most 63 characters.
     * Environment variables can override the settings of a client, but add none.
     */
    private final Map<String, ClientProperties> clients = new LinkedHashMap<>();

    /**
     * Whether unknown properties under "outbound" are logged instead of failing the
     * start.
     */
    private boolean ignoreUnknownProperties;

    /**
     * Whether settings that are only warned of fail the start.
     */
    private boolean strict;

    public ClientProperties getDefaults() {
        return this.defaults;
    }

    public Map<String, ClientProperties> getClients() {
        return this.clients;
    }

    public boolean isIgnoreUnknownProperties() {
        return this.ignoreUnknownProperties;
    }

    public void setIgnoreUnknownProperties(boolean ignoreUnknownProperties) {
        this.ignoreUnknownProperties = ignoreUnknownProperties;
    }

    public boolean isStrict() {
        return this.strict;
    }

    public void setStrict(boolean strict) {
        this.strict = strict;
    }

}
