package dev.outbound.client.lab;

/**
 * What a {@link RawServer} does on one connection:
 *
 * <pre class="code">
 * RawServer.start((c) -&gt; {
 *     c.readRequest();
 *     c.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
 *     c.rst();
 * });
 * </pre>
 */
@FunctionalInterface
public interface Script {

    /**
     * Serve a connection. It is closed when this method returns.
     * @param connection the connection, just accepted
     * @throws Exception is kept in {@link RawServer#failures()}, unless it only says that
     * the peer is gone
     */
    void run(Connection connection) throws Exception;

}
