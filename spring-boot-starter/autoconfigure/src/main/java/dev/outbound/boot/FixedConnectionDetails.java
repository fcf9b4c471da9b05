package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.auth.Auth;

/** Details that are known from the start. */
record FixedConnectionDetails(String clientName, String getBaseUrl,
        @Nullable Auth getAuth) implements OutboundConnectionDetails {

    @Override
    public boolean isFor(String clientName) {
        return this.clientName.equals(clientName);
    }

}
