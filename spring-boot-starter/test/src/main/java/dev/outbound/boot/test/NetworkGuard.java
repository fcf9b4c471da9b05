package dev.outbound.boot.test;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.outbound.mock.MockScope;

/**
 * Keeps clients that the starter has not made from leaving the machine during a test with
 * mocks: each is asked for here that looks for the proxy of the system before it
 * connects, as the JDK's clients do, HttpClient 5 and what is built on them
 * ({@code RestClient.create()}, {@code RestTemplate}, Feign). Reactor Netty does not, and
 * is {@linkplain ReactorNettyGuard watched} by itself.
 * <p>
 * The machine itself can be reached, and so can everything that is not HTTP, such as a
 * database, or that threads do which belong to no test. Stays to the end of the process:
 * clients keep the selector that they have found.
 */
final class NetworkGuard extends ProxySelector {

    /** What stands between a component and the network; not the one to blame. */
    private static final List<String> LIBRARIES = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.",
            "org.springframework.", "org.apache.", "feign.", "okhttp3.", "io.micrometer.", "org.eclipse.jetty.",
            "dev.outbound.client.", "reactor.", "io.netty.", NetworkGuard.class.getName(),
            "dev.outbound.boot.test.ReactorNettyGuard");

    /** These ask for their sockets only, as does all that is not HTTP. */
    private static final List<String> SOCKET_CLIENTS = List.of("org.apache.hc.", "org.apache.http.", "okhttp3.");

    /** Literally: what a name stands for is not known before somebody asks. */
    private static final Pattern LOOPBACK = Pattern
        .compile("(.+\\.)?localhost\\.?|127(\\.\\d{1,3}){1,3}|\\[?(::1|0:0:0:0:0:0:0:1)]?", Pattern.CASE_INSENSITIVE);

    /** Without user information; a host with an underscore is none to {@link URI}. */
    private static final Pattern AUTHORITY = Pattern.compile("(?:.*@)?(\\[.*]|[^:]*)(?::(\\d*))?");

    /** Recording, or passing through. */
    private static final List<String> OUR_ENGINES = List.of("dev.outbound.client.transport.");

    private static final boolean REACTOR_NETTY = ClassUtils.isPresent("reactor.netty.http.HttpResources",
            NetworkGuard.class.getClassLoader());

    private static final Map<MockScope, TestRouters> TESTS = new ConcurrentHashMap<>();

    private static boolean installed;

    private final @Nullable ProxySelector system;

    private NetworkGuard(@Nullable ProxySelector system) {
        this.system = system;
    }

    static synchronized void install() {
        if (!installed) {
            ProxySelector.setDefault(new NetworkGuard(ProxySelector.getDefault()));
            installed = true;
        }
        if (REACTOR_NETTY) {
            ReactorNettyGuard.install();
        }
    }

    static void watch(MockScope scope, TestRouters test) {
        if (REACTOR_NETTY) {
            ReactorNettyGuard.install();
        }
        TESTS.put(scope, test);
    }

    static void unwatch(MockScope scope) {
        TESTS.remove(scope);
    }

    @Override
    public List<Proxy> select(URI uri) {
        Matcher authority = AUTHORITY.matcher((uri.getAuthority() != null) ? uri.getAuthority() : "");
        boolean isHttp = !"socket".equalsIgnoreCase(uri.getScheme()) || isOnStack(SOCKET_CLIENTS);
        if (authority.matches() && isHttp) {
            String port = authority.group(2);
            check(uri.getScheme(), authority.group(1), (port == null || port.isEmpty()) ? -1 : Integer.parseInt(port));
        }
        return (this.system != null) ? this.system.select(uri) : List.of(Proxy.NO_PROXY);
    }

    /**
     * Fail if a test is running on this thread whose requests must stay on the machine.
     * @param port the port, or -1 for that of the scheme
     */
    static void check(String scheme, String host, int port) {
        MockScope scope = MockScope.current();
        if (scope != null && !host.isEmpty() && !LOOPBACK.matcher(host).matches()) {
            TESTS.forEach((watched, test) -> {
                if (scope.isWithin(watched) && !isOnStack(OUR_ENGINES)) {
                    throw test.escaped(message(scheme + "://" + host + ((port >= 0) ? ":" + port : "")));
                }
            });
        }
    }

    private static boolean isOnStack(List<String> packages) {
        return StackWalker.getInstance()
            .walk((frames) -> frames.anyMatch((frame) -> packages.stream().anyMatch(frame.getClassName()::startsWith)));
    }

    private static String message(String target) {
        Optional<StackTraceElement> culprit = StackWalker.getInstance()
            .walk((frames) -> frames.filter(NetworkGuard::isOfTheApplication)
                .findFirst()
                .map(StackWalker.StackFrame::toStackTraceElement));
        return culprit.map(NetworkGuard::shown).orElse("A component") + " would have left the machine: " + target
                + ", by a client that was not made by the starter, and that no mock answers for. "
                + "Inject the named client instead, or set passThrough of @AutoConfigureMockUpstreams.";
    }

    /** Written, and not in a library: a proxy has no file, or none that there is. */
    private static boolean isOfTheApplication(StackWalker.StackFrame frame) {
        String file = frame.getFileName();
        return file != null && !file.startsWith("<") && LIBRARIES.stream().noneMatch(frame.getClassName()::startsWith);
    }

    private static String shown(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName() + " (" + frame.getFileName()
                + ":" + frame.getLineNumber() + ")";
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        if (this.system != null) {
            this.system.connectFailed(uri, address, failure);
        }
    }

}
