package dev.outbound.client.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a client can be built on, and what each of them cannot honour: the one table of
 * that.
 *
 * @since 0.1
 */
public enum Engine {

    /** Apache HttpComponents 5, for blocking calls; the default for them. */
    HTTP_COMPONENTS("http-components", "org.apache.hc.client5.http.impl.classic.HttpClients",
            "org.apache.httpcomponents.client5:httpclient5", true, false,
            EnumSet.of(EngineSetting.HTTP_2, EngineSetting.HTTP_2_PRIOR_KNOWLEDGE)),

    /** Reactor Netty, for reactive calls; the default for them. */
    REACTOR("reactor", "reactor.netty.http.client.HttpClient", "io.projectreactor.netty:reactor-netty-http", false,
            true, EnumSet.noneOf(EngineSetting.class)),

    /** The client of the JDK, for both kinds of calls; needs no library. */
    JDK("jdk", "java.net.http.HttpClient", "java.net.http", true, true,
            EnumSet.of(EngineSetting.HTTP_2_PRIOR_KNOWLEDGE, EngineSetting.HTTP_PROXY, EngineSetting.HTTPS_PROXY,
                    EngineSetting.SOCKS_PROXY, EngineSetting.RESOLVER, EngineSetting.ADDRESSES,
                    EngineSetting.LOCAL_ADDRESS, EngineSetting.ADDRESS_GUARD));

    private final String id;

    private final String className;

    private final String artifact;

    private final boolean blocking;

    private final boolean reactive;

    private final Set<EngineSetting> refused;

    Engine(String id, String className, String artifact, boolean blocking, boolean reactive,
            Set<EngineSetting> refused) {
        this.id = id;
        this.className = className;
        this.artifact = artifact;
        this.blocking = blocking;
        this.reactive = reactive;
        this.refused = refused;
    }

    /**
     * Return the engine of a name as it is written in configuration.
     * @param id for example {@code http-components}
     * @return the engine
     * @throws IllegalArgumentException if there is none; the message names all
     */
    public static Engine of(String id) {
        return Arrays.stream(values())
            .filter((engine) -> engine.id.equals(id))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("There is no engine " + Failures.quote(id) + "; use one of "
                    + Arrays.stream(values()).map(Engine::toString).collect(Collectors.joining(", "))));
    }

    /**
     * Return the class that this engine cannot do without.
     * @return its full name
     */
    public String className() {
        return this.className;
    }

    /**
     * Return what brings that class.
     * @return group and name of the library, or the module of the JDK
     */
    public String artifact() {
        return this.artifact;
    }

    public boolean isBlocking() {
        return this.blocking;
    }

    public boolean isReactive() {
        return this.reactive;
    }

    /**
     * Return whether this engine can do what a setting asks for.
     * @param setting the setting
     * @return whether it honours it
     */
    public boolean honours(EngineSetting setting) {
        return !this.refused.contains(setting);
    }

    /**
     * Return what of some settings this engine cannot honour.
     * @param settings the settings
     * @return what it would ignore; empty if it can do all
     */
    public List<EngineSetting> refused(TransportSettings settings) {
        return EngineSetting.askedBy(settings).stream().filter((setting) -> !honours(setting)).toList();
    }

    /**
     * Check that this engine can do for blocking calls what settings ask for.
     * @param settings the settings
     * @throws IllegalStateException if it cannot; the message names an engine that can
     */
    public void checkBlocking(TransportSettings settings) {
        check(settings, Arrays.stream(values()).filter(Engine::isBlocking).toList());
    }

    /**
     * Check that this engine can do for reactive calls what settings ask for.
     * @param settings the settings
     * @throws IllegalStateException if it cannot; the message names an engine that can
     */
    public void checkReactive(TransportSettings settings) {
        check(settings, Arrays.stream(values()).filter(Engine::isReactive).toList());
    }

    private void check(TransportSettings settings, List<Engine> ofThatKind) {
        for (EngineSetting setting : refused(settings)) {
            List<String> others = new ArrayList<>();
            for (Engine other : ofThatKind) {
                if (other.honours(setting)) {
                    others.add("use engine " + other);
                }
            }
            others.add("take the setting away");
            throw new IllegalStateException("Client '" + settings.clientName() + "' has " + setting.describe(settings)
                    + ", which engine " + this + " cannot honour; " + String.join(", or ", others));
        }
    }

    /**
     * Return the name as it is written in configuration.
     */
    @Override
    public String toString() {
        return this.id;
    }

}
