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

import org.jspecify.annotations.Nullable;

import dev.outbound.mock.MockScope;

/**
 * Keeps clients that the starter has not made from leaving the machine during a test with
 * mocks: each is asked for here that looks for the proxy of the system before it
 * connects, as the JDK's clients do, HttpClient 5 and what is built on them
 * ({@code RestClient.create()}, {@code RestTemplate}, Feign). Reactor Netty does not.
 * <p>
 * The machine itself can be reached, and so can everything by threads that belong to no
 * test. Stays to the end of the process: clients keep the selector that they have found.
 */
final class NetworkGuard extends ProxySelector {

    /** What stands between a component and the network; not the one to blame. */
    private static final List<String> LIBRARIES = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.",
            "org.springframework.", "org.apache.", "feign.", "okhttp3.", "io.micrometer.", "org.eclipse.jetty.",
            "dev.outbound.client.", NetworkGuard.class.getName());

    private static final String OUR_ENGINES = "dev.outbound.client.transport.";

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
    }

    static void watch(MockScope scope, TestRouters test) {
        TESTS.put(scope, test);
    }

    static void unwatch(MockScope scope) {
        TESTS.remove(scope);
    }

    @Override
    public List<Proxy> select(URI uri) {
        MockScope scope = MockScope.current();
        if (scope != null && !isHere(uri)) {
            TESTS.forEach((watched, test) -> {
                if (scope.isWithin(watched) && !isOurs()) {
                    throw test.escaped(message(uri));
                }
            });
        }
        return (this.system != null) ? this.system.select(uri) : List.of(Proxy.NO_PROXY);
    }

    private static boolean isHere(URI uri) {
        String host = uri.getHost();
        return host == null || host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** Recording, or passing through. */
    private static boolean isOurs() {
        return StackWalker.getInstance()
            .walk((frames) -> frames.anyMatch((frame) -> frame.getClassName().startsWith(OUR_ENGINES)));
    }

    private static String message(URI uri) {
        Optional<StackTraceElement> culprit = StackWalker.getInstance()
            .walk((frames) -> frames.filter((frame) -> LIBRARIES.stream().noneMatch(frame.getClassName()::startsWith))
                .findFirst()
                .map(StackWalker.StackFrame::toStackTraceElement));
        return culprit.map(NetworkGuard::shown).orElse("A component") + " would have left the machine: "
                + uri.getScheme() + "://" + uri.getHost() + ((uri.getPort() >= 0) ? ":" + uri.getPort() : "")
                + ", by a client that was not made by the starter, and that no mock answers for. "
                + "Inject the named client instead, or set passThrough of @AutoConfigureMockUpstreams.";
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
