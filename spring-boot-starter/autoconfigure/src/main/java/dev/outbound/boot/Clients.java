package dev.outbound.boot;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientSettings;
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

    private static final Log logger = LogFactory.getLog(Clients.class);

    private final ConfiguredClients configured;

    private final Supplier<ConfiguredClients> configuration;

    private final SessionFactory factory;

    private final BeanFactory beanFactory;

    private final Map<String, Session> sessions = new HashMap<>();

    private final Map<String, LongAdder> failedReloads = new ConcurrentHashMap<>();

    private final List<BiConsumer<String, ClientSettings>> listeners = new CopyOnWriteArrayList<>();

    private boolean closed;

    /**
     * Create the registry.
     * @param configured the clients as they are
     * @param configuration reads what they would be now, or fails with all that is wrong
     */
    Clients(ConfiguredClients configured, Supplier<ConfiguredClients> configuration, SessionFactory factory,
            BeanFactory beanFactory) {
        this.configured = configured;
        this.configuration = configuration;
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
    public Session session(String name) {
        ClientProperties properties = properties(name);
        Session made;
        synchronized (this) {
            checkOpen(name);
            Session session = this.sessions.get(name);
            if (session != null) {
                return session;
            }
            made = this.factory.builder(name, properties, null).session();
            this.sessions.put(name, made);
            this.factory.mocks().opened(name, made);
        }
        applied(name, made);
        return made;
    }

    /**
     * What the clients of a name share if it was made, closed or not, and else
     * {@code null}: for those who look on, and must neither make it nor fail with it.
     */
    synchronized @Nullable Session made(String name) {
        return this.sessions.get(name);
    }

    /**
     * Tell somebody of the settings that clients go by, customizers included: now, and
     * whenever others are applied. A client that nobody has used yet has none.
     */
    void onApplied(BiConsumer<String, ClientSettings> listener) {
        this.listeners.add(listener);
        Map<String, Session> made;
        synchronized (this) {
            made = Map.copyOf(this.sessions);
        }
        made.forEach((name, session) -> listener.accept(name, session.settings()));
    }

    /** Not in the lock: listeners ask for sessions, maybe on other threads. */
    private void applied(String name, Session session) {
        this.listeners.forEach((listener) -> listener.accept(name, session.settings()));
    }

    private void checkOpen(String name) {
        if (this.closed) {
            throw new IllegalStateException("Client '" + name + "' was closed with the application context");
        }
    }

    /**
     * Read the settings of a client again and go by them from now on, behind all beans of
     * the client and the copies made of them. No call fails for it: those that are
     * running end as they began, on connections that are closed after them. Customizers
     * are called again.
     * @param name the name
     * @throws IllegalArgumentException if no client has the name
     * @throws InvalidClientConfigurationException if the configuration has mistakes, with
     * those that would be told at a start; all clients stay as they are
     * @throws IllegalStateException if the client is no longer configured, or asks for
     * what its engine cannot do; it stays as it is
     */
    public void refresh(String name) {
        properties(name);
        Map<String, Session> refreshed;
        synchronized (this) {
            checkOpen(name);
            ConfiguredClients now = this.configuration.get();
            if (!now.properties().containsKey(name)) {
                throw new IllegalStateException("HTTP client '" + name + "' is no longer configured, or is disabled; "
                        + "a client goes with a restart only, and keeps its settings until then");
            }
            refreshed = refresh(Set.of(name), now);
        }
        refreshed.forEach(this::applied);
    }

    /**
     * Read the settings of all clients again, and go by those that have changed as
     * {@link #refresh(String)} does. Clients that were added or removed need a restart.
     * @return the names of the clients that have changed
     * @throws InvalidClientConfigurationException if the configuration has mistakes, with
     * those that would be told at a start; all clients stay as they are
     * @throws IllegalStateException if a client asks for what its engine cannot do; all
     * clients stay as they are
     */
    public Set<String> refresh() {
        Set<String> changed = new TreeSet<>(names());
        Map<String, Session> refreshed;
        synchronized (this) {
            ConfiguredClients now = this.configuration.get();
            changed.removeIf((name) -> this.configured.hasSameValues(name, now));
            changed.retainAll(now.properties().keySet());
            Set<String> different = new TreeSet<>(names());
            different.removeAll(now.properties().keySet());
            now.properties().keySet().stream().filter((name) -> !names().contains(name)).forEach(different::add);
            if (!different.isEmpty()) {
                logger.warn("HTTP clients were added or removed, which needs a restart: " + different);
            }
            refreshed = refresh(changed, now);
        }
        refreshed.forEach(this::applied);
        return changed;
    }

    private Map<String, Session> refresh(Set<String> names, ConfiguredClients now) {
        Map<String, Session> refreshed = new TreeMap<>();
        Map<String, ClientBuilder> settings = new TreeMap<>();
        for (String name : names) {
            Session session = this.sessions.get(name);
            ClientBuilder builder = this.factory.builder(name, now.properties(name),
                    (session != null) ? session.settings() : null);
            // All are checked before one is changed
            builder.session().close();
            settings.put(name, builder);
        }
        settings.forEach((name, builder) -> {
            this.configured.take(name, now);
            Session session = this.sessions.get(name);
            if (session != null) {
                session.refresh(builder);
                refreshed.put(name, session);
            }
            logger.info("The settings of HTTP client '" + name + "' were read again");
        });
        return refreshed;
    }

    /**
     * Speak TLS by what a bundle holds now, in all clients that name it. Those that
     * cannot keep what they have.
     * @throws RuntimeException if one could not, when all have been told
     */
    synchronized void reload(String bundle) {
        if (this.closed) {
            return;
        }
        RuntimeException failure = null;
        for (String name : this.sessions.keySet()) {
            try {
                reload(bundle, name);
            }
            catch (RuntimeException ex) {
                this.failedReloads.computeIfAbsent(name, (client) -> new LongAdder()).increment();
                failure = ex;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void reload(String bundle, String name) {
        Session session = session(name);
        ClientProperties properties = properties(name);
        ProxyProperties proxy = properties.getProxy();
        boolean ofProxy = proxy != null && bundle.equals(proxy.getSsl().getBundle());
        boolean ofServer = bundle.equals(properties.getSsl().getBundle());
        if (ofProxy) {
            session.refresh(this.factory.builder(name, properties, session.settings()));
        }
        else if (ofServer) {
            session.reload(this.factory.references().tls(properties.getSsl()));
        }
        if (ofProxy || ofServer) {
            logger.info("SSL bundle '" + bundle + "' of HTTP client '" + name + "' was loaded again");
        }
    }

    /** Return how often a client could not take what its bundle was changed to. */
    long failedReloads(String name) {
        LongAdder failed = this.failedReloads.get(name);
        return (failed != null) ? failed.sum() : 0;
    }

    /**
     * Return the settings of a client as they are configured, inheritance applied.
     * @param name the name
     * @return the settings; changing them has no effect
     * @throws IllegalArgumentException if no client has the name
     */
    public ClientProperties properties(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException(unknown(name, names()));
        }
        return this.configured.properties(name);
    }

    /**
     * Return every property that holds for a client, with the place where it is written.
     * What customizers change in code is not seen here, but in the
     * {@linkplain Session#settings() settings} of its session.
     * @param name the name
     * @return the properties with secrets masked, in the order of the reference
     * @throws IllegalArgumentException if no client has the name
     */
    public List<ClientSetting> settings(String name) {
        properties(name);
        return this.configured.settings(name);
    }

    static String unknown(String name, Set<String> names) {
        String nearest = Nearest.to(name, names);
        return "No HTTP client named " + ValueParser.quoted(name) + " is configured. Configured clients: "
                + (names.isEmpty() ? "none" : String.join(", ", names)) + "."
                + ((nearest != null) ? " (Did you mean \"" + nearest + "\"?)" : "");
    }

    /** How many calls of all clients wait for their response; 0 once they are closed. */
    synchronized int waitingCalls() {
        return this.closed ? 0 : this.sessions.values().stream().mapToInt(Session::waitingCalls).sum();
    }

    /**
     * Close all clients. Calls that are running fail.
     */
    @Override
    public synchronized void destroy() {
        this.closed = true;
        this.sessions.values().forEach(Session::close);
    }

}
