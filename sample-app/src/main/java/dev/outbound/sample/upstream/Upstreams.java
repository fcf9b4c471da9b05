package dev.outbound.sample.upstream;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The embedded upstreams, by the names of the clients that call them.
 */
public final class Upstreams implements AutoCloseable {

    private static final Duration SLOW = Duration.ofSeconds(2);

    private final Map<String, UpstreamServer> servers = new LinkedHashMap<>();

    /**
     * Create the upstreams; none is started.
     * @param token the token that {@code pricing} asks for
     */
    Upstreams(String token) {
        this.servers.put("catalog", new UpstreamServer(CatalogScript.routes()));
        this.servers.put("pricing", new UpstreamServer(PricingScript.routes(token, SLOW)));
        this.servers.put("reports", new UpstreamServer(ReportsScript.routes(256)));
        this.servers.put("reviews", new UpstreamServer(ReviewsScript.routes()));
    }

    void startAll() {
        this.servers.values().forEach(UpstreamServer::start);
    }

    /**
     * Return the ports.
     * @return a port for each name; 0 for what was never started
     */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        this.servers.forEach((name, server) -> ports.put(name, server.port()));
        return ports;
    }

    /**
     * Return which upstreams are running.
     * @return whether it runs, for each name
     */
    public Map<String, Boolean> running() {
        Map<String, Boolean> running = new LinkedHashMap<>();
        this.servers.forEach((name, server) -> running.put(name, server.isRunning()));
        return Collections.unmodifiableMap(running);
    }

    /**
     * Start an upstream, on the port that it had.
     * @param name its name
     */
    public void start(String name) {
        server(name).start();
    }

    /**
     * Stop an upstream. Calls that are under way break.
     * @param name its name
     */
    public void stop(String name) {
        server(name).stop();
    }

    private UpstreamServer server(String name) {
        UpstreamServer server = this.servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException("no upstream '" + name + "'; there are " + this.servers.keySet());
        }
        return server;
    }

    @Override
    public void close() {
        this.servers.values().forEach(UpstreamServer::stop);
    }

}
