package dev.outbound.boot;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.Assert;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.Url;

/**
 * Puts what {@link OutboundConnectionDetails} say in the place of properties.
 */
final class ConnectionOverrides {

    private final ListableBeanFactory beanFactory;

    ConnectionOverrides(ListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** Change clients that have details. */
    void apply(ConfiguredClients clients, Problems problems) {
        Map<String, String> beans = new LinkedHashMap<>();
        this.beanFactory.getBeansOfType(OutboundConnectionDetails.class)
            .forEach((bean, details) -> apply(bean, details, clients, beans, problems));
    }

    private static void apply(String bean, OutboundConnectionDetails details, ConfiguredClients clients,
            Map<String, String> beans, Problems problems) {
        boolean used = false;
        for (String name : clients.properties().keySet()) {
            if (details.isFor(name)) {
                used = true;
                String other = beans.putIfAbsent(name, bean);
                if (other != null) {
                    problems.fail("outbound.clients." + name, null, "Both bean \"" + other + "\" and bean \"" + bean
                            + "\" tell where the upstream of client '" + name + "' is.", "Keep one of them.");
                }
                else {
                    connect(bean, details, name, clients, problems);
                }
            }
        }
        if (!used) {
            problems.fail("outbound.clients", null,
                    "Bean \"" + bean + "\" tells where an upstream is, but of no client: "
                            + (clients.properties().isEmpty() ? "none is configured"
                                    : String.join(", ", clients.properties().keySet()))
                            + ".",
                    "Give it the name of a client, for a container by @ServiceConnection(name = …).");
        }
    }

    private static void connect(String bean, OutboundConnectionDetails details, String name, ConfiguredClients clients,
            Problems problems) {
        Origin origin = Origin.from(details);
        String url = details.getBaseUrl();
        try {
            clients.connect(name, BaseUrlText.parse(url, "outbound.clients." + name), details.getSslBundle() != null,
                    (origin != null) ? origin : new BeanOrigin(bean));
        }
        catch (InvalidValueException ex) {
            problems.fail("outbound.clients." + name + ".base-url", new BeanOrigin(bean),
                    "Bean \"" + bean + "\" gives " + ValueParser.quoted(ShownValue.url(url)) + ". " + ex.reason(),
                    ex.action());
        }
    }

    /** Return how a client that has details is authenticated, if it has. */
    @Nullable Auth auth(String clientName) {
        OutboundConnectionDetails details = details(clientName);
        Assert.state(details != null, () -> "No details of '" + clientName + "'");
        return details.getAuth();
    }

    /** The bundle of a client's details, or {@code null}. */
    @Nullable SslBundle sslBundle(String clientName) {
        OutboundConnectionDetails details = details(clientName);
        return (details != null) ? details.getSslBundle() : null;
    }

    boolean has(String clientName) {
        return details(clientName) != null;
    }

    private @Nullable OutboundConnectionDetails details(String clientName) {
        return this.beanFactory.getBeanProvider(OutboundConnectionDetails.class)
            .stream()
            .filter((details) -> details.isFor(clientName))
            .findFirst()
            .orElse(null);
    }

    /**
     * Where a value comes from.
     *
     * @param name the name of the bean
     */
    private record BeanOrigin(String name) implements Origin {

        @Override
        public String toString() {
            return "bean \"" + this.name + "\"";
        }

    }

}
