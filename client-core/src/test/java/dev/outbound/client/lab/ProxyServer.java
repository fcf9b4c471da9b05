package dev.outbound.client.lab;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * A proxy on 127.0.0.1 that does its work: HTTP ({@code CONNECT} and absolute URLs) or
 * SOCKS 5 (RFC 1928, RFC 1929). It leads every host to one port of 127.0.0.1, so that
 * tests can ask for names that do not exist, and records what it was asked for.
 * <p>
 * A proxy that misbehaves is a {@link RawServer} with a script.
 */
public final class ProxyServer implements AutoCloseable {

    private static final String AUTHORIZATION = "Proxy-Authorization:";

    private static final byte SOCKS = 5;

    private static final byte PASSWORD_METHOD = 2;

    private static final byte NO_METHOD = (byte) 0xff;

    private final int target;

    private final @Nullable String credentials;

    private final RawServer server;

    private final List<String> targets = new CopyOnWriteArrayList<>();

    private ProxyServer(int target, @Nullable String credentials, @Nullable ServerTls tls, boolean socks) {
        this.target = target;
        this.credentials = credentials;
        this.server = RawServer.start(tls, socks ? this::socks : this::http);
    }

    /**
     * Start an HTTP proxy.
     * @param target the port of 127.0.0.1 that every host leads to
     * @return a proxy for everybody
     */
    public static ProxyServer http(int target) {
        return new ProxyServer(target, null, null, false);
    }

    /**
     * Start an HTTP proxy that asks for Basic credentials.
     * @param target the port of 127.0.0.1 that every host leads to
     * @param user who may use it
     * @param password the user's password
     * @return a proxy that answers 407 to everybody else
     */
    public static ProxyServer http(int target, String user, String password) {
        return new ProxyServer(target, user + ":" + password, null, false);
    }

    /**
     * Start an HTTP proxy that is spoken to over TLS.
     * @param tls its certificate
     * @param target the port of 127.0.0.1 that every host leads to
     * @return a proxy for everybody
     */
    public static ProxyServer https(ServerTls tls, int target) {
        return new ProxyServer(target, null, tls, false);
    }

    /**
     * Start a SOCKS 5 proxy.
     * @param target the port of 127.0.0.1 that every host leads to
     * @return a proxy for everybody
     */
    public static ProxyServer socks(int target) {
        return new ProxyServer(target, null, null, true);
    }

    /**
     * Start a SOCKS 5 proxy that asks for a password.
     * @param target the port of 127.0.0.1 that every host leads to
     * @param user who may use it
     * @param password the user's password
     * @return a proxy that refuses everybody else
     */
    public static ProxyServer socks(int target, String user, String password) {
        return new ProxyServer(target, user + ":" + password, null, true);
    }

    private void http(Connection connection) throws Exception {
        for (String request = connection.readRequest(); request != null; request = connection.readRequest()) {
            String line = request.substring(0, request.indexOf('\r'));
            if (!isAllowed(request)) {
                connection.respond(407, "", "Proxy-Authenticate: Basic realm=\"lab\"");
                continue;
            }
            String[] parts = line.split(" ");
            if (parts[0].equals("CONNECT")) {
                this.targets.add(parts[1]);
                Socket socket = connect();
                connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
                connection.join(socket);
                return;
            }
            if (!parts[1].startsWith("http://")) {
                connection.respond(400, "a proxy wants an absolute URL");
                continue;
            }
            forward(connection, request, parts[1].substring("http://".length()));
            return;
        }
    }

    /** The rest of the connection goes to the same place: enough for a test. */
    private void forward(Connection connection, String request, String url) throws IOException {
        int slash = url.indexOf('/');
        String authority = (slash >= 0) ? url.substring(0, slash) : url;
        this.targets.add((authority.indexOf(':') >= 0) ? authority : authority + ":80");
        Socket socket = connect();
        String path = (slash >= 0) ? url.substring(slash) : "/";
        String sent = request.replace(" http://" + url + " ", " " + path + " ")
            .replaceAll("(?im)^proxy-[a-z]+:.*\r\n", "")
            .replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
        connection.join(socket);
    }

    private boolean isAllowed(String request) {
        if (this.credentials == null) {
            return true;
        }
        String expected = "Basic "
                + Base64.getEncoder().encodeToString(this.credentials.getBytes(StandardCharsets.UTF_8));
        return request.lines()
            .filter((line) -> line.regionMatches(true, 0, AUTHORIZATION, 0, AUTHORIZATION.length()))
            .anyMatch((line) -> line.substring(AUTHORIZATION.length()).strip().equals(expected));
    }

    private void socks(Connection connection) throws Exception {
        byte[] greeting = connection.readBody(2);
        byte[] methods = connection.readBody(greeting[1]);
        byte method = (this.credentials != null) ? PASSWORD_METHOD : 0;
        if (greeting[0] != SOCKS || new String(methods, StandardCharsets.ISO_8859_1).indexOf(method) < 0) {
            connection.write(new byte[] { SOCKS, NO_METHOD });
            return;
        }
        connection.write(new byte[] { SOCKS, method });
        if (this.credentials != null) {
            connection.readBody(1);
            String user = text(connection);
            boolean known = (user + ":" + text(connection)).equals(this.credentials);
            connection.write(new byte[] { 1, (byte) (known ? 0 : 1) });
            if (!known) {
                return;
            }
        }
        byte[] request = connection.readBody(4);
        String host = switch (request[3]) {
            case 1 -> InetAddress.getByAddress(connection.readBody(4)).getHostAddress();
            case 4 -> "[" + InetAddress.getByAddress(connection.readBody(16)).getHostAddress() + "]";
            case 3 -> text(connection);
            default -> throw new EOFException("address type " + request[3]);
        };
        byte[] port = connection.readBody(2);
        this.targets.add(host + ":" + (((port[0] & 0xff) << 8) | (port[1] & 0xff)));
        Socket socket = connect();
        connection.write(new byte[] { SOCKS, 0, 0, 1, 127, 0, 0, 1, port[0], port[1] });
        connection.join(socket);
    }

    private static String text(Connection connection) throws IOException {
        int length = connection.readBody(1)[0] & 0xff;
        return new String(connection.readBody(length), StandardCharsets.UTF_8);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", this.target), 1000);
        return socket;
    }

    public int port() {
        return this.server.port();
    }

    /**
     * Return where clients wanted to go.
     * @return hosts with ports, as they were named: names that the client did not look up
     */
    public List<String> targets() {
        return List.copyOf(this.targets);
    }

    /**
     * Return the heads of the requests that an HTTP proxy has seen, those inside of
     * tunnels not.
     * @return the heads, each with its empty line
     */
    public List<String> requests() {
        return this.server.requests();
    }

    /**
     * Return how many connections were accepted so far.
     * @return the number of connections
     */
    public int connections() {
        return this.server.connections();
    }

    /**
     * Return what it could not do.
     * @return the exceptions
     */
    public List<Throwable> failures() {
        return this.server.failures();
    }

    /**
     * Wait until that many connections are open.
     * @param expected the number of connections
     */
    public void awaitOpen(int expected) {
        this.server.awaitOpen(expected);
    }

    @Override
    public void close() {
        this.server.close();
    }

}
