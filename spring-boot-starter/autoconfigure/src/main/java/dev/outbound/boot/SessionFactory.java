package dev.outbound.boot;

import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundle;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientClock;
import dev.outbound.client.ClientSettings;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Transports;

/**
 * Puts the settings of a client together with what all clients have in common.
 */
record SessionFactory(Transports transports, JsonConversion json, ObjectProvider<ObservationRegistry> observations,
        ObjectProvider<ClientClock> clock, Customizers customizers, References references,
        Authentications authentications, ConnectionOverrides overrides, SuppressedRetries suppressed,
        MockReport mocks) {

    /**
     * Return all settings of a client.
     * @param before what it went by until now, or {@code null}
     */
    ClientBuilder builder(String name, ClientProperties properties, @Nullable ClientSettings before) {
        ClientBuilder builder = Client.builder()
            .name(name)
            .transports(this.transports)
            .json(this.json)
            .cookies(CookieJar.none());
        this.observations.ifAvailable(builder::observations);
        this.clock.ifAvailable(builder::clock);
        ClientAssembly.apply(properties, builder, this.suppressed.listener(name), this.references);
        if (properties.getLogging().getLevel() != LoggingLevel.OFF) {
            RequestLog log = new RequestLog(name, properties.getLogging(),
                    properties.getRedirects().getCredentialHeaders());
            builder.hook(log);
            if (properties.getLogging().getLevel() == LoggingLevel.BODY) {
                builder.interceptor(log);
            }
        }
        SslBundle bundle = this.overrides.sslBundle(name);
        if (bundle != null) {
            builder.tls(SslContexts.settings(properties.getSsl(), bundle));
        }
        if (before != null && properties.isCookies() && isSameOrigin(before.baseUrl(), properties.getBaseUrl())) {
            builder.cookies(before.cookies());
        }
        builder.auth(this.overrides.has(name) ? this.overrides.auth(name)
                : this.authentications.auth(name, properties.getAuth()));
        this.customizers.of(ClientCustomizer.class, name).forEach((customizer) -> customizer.customize(name, builder));
        return builder;
    }

    private static boolean isSameOrigin(@Nullable Url before, @Nullable Url now) {
        return (before != null && now != null) ? before.hasSameOrigin(now) : before == now;
    }

}
