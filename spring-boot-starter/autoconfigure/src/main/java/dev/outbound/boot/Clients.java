package dev.outbound.boot;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.Session;

/**
 * The configured clients by name, for where a name is known only at run time.
 * Thread-safe.
 *
 * <pre class="code">
 * Client client = clients.client(tenant.region());
 * </pre>
 *
 * Owns what the clients share, their connections above all, and closes it with the
 * application context.
 *
 * @since 0.1
 */
public final class Clients implements DisposableBean {

    private final ConfiguredClients configured;

    private final BiFunction<String, ClientProperties, Session> factory;

    private final BeanFactory beanFactory;

    private final Map<String, Session> sessions = new HashMap<>();

    private boolean closed;

    Clients(ConfiguredClients configured, BiFunction<String, ClientProperties, Session> factory,
            BeanFactory beanFactory) {
        this.configured = configured;
        this.factory = factory;
        this.beanFactory = beanFactory;
    }

    /**
     * Return the names of all clients, in alphabetical order.
     * @return the names below {@code outbound.clients} that are enabled
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(this.configured.properties().keySet());
    }

    /**
     * Return a blocking client: the one that is injected for this name.
     * @param name the name
     * @return the client
     * @throws IllegalArgumentException if no client has the name
     */
    public Client client(String name) {
        return bean(name, Client.class);
    }

    /**
     * Return a reactive client: the one that is injected for this name.
     * @param name the name
     * @return the client
     * @throws IllegalArgumentException if no client has the name
     */
    public ReactiveClient reactiveClient(String name) {
        return bean(name, ReactiveClient.class);
    }

    private <T> T bean(String name, Class<T> type) {
        properties(name);
        String beanName = this.configured.beanName(name, type);
        if (beanName == null) {
            throw new IllegalStateException("Client '" + name + "' has no bean of " + type);
        }
        return this.beanFactory.getBean(beanName, type);
    }

    /**
     * Return what the clients of a name share: settings and statistics. Made when it is
     * first asked for; do not close it.
     * @param name the name
     * @return the session
     * @throws IllegalArgumentException if no client has the name
     */
    public synchronized Session session(String name) {
        ClientProperties properties = properties(name);
        if (this.closed) {
            throw new IllegalStateException("Client '" + name + "' was closed with the application context");
        }
        Session session = this.sessions.get(name);
        if (session == null) {
            session = this.factory.apply(name, properties);
            this.sessions.put(name, session);
        }
        return session;
    }

    /**
     * Return the settings of a client as they are configured, inheritance applied.
     * @param name the name
     * @return the settings; changing them has no effect
     * @throws IllegalArgumentException if no client has the name
     */
    public ClientProperties properties(String name) {
        ClientProperties properties = this.configured.properties().get(name);
        if (properties == null) {
            throw new IllegalArgumentException(unknown(name, names()));
        }
        return properties;
    }

    static String unknown(String name, Set<String> names) {
        String nearest = Nearest.to(name, names);
        return "No HTTP client named " + ValueParser.quoted(name) + " is configured. Configured clients: "
                + (names.isEmpty() ? "none" : String.join(", ", names)) + "."
                + ((nearest != null) ? " (Did you mean \"" + nearest + "\"?)" : "");
    }

    /**
     * Close all clients. Calls that are running fail.
     */
    @Override
    public synchronized void destroy() {
        this.closed = true;
        this.sessions.values().forEach(Session::close);
        this.sessions.clear();
    }

}
