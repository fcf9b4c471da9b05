package dev.outbound.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.outbound.client.transport.Engine;

/**
 * The contenders by name. Those called complete have a base URL, a default header, basic
 * authentication, retries, a deadline or the nearest thing to it, an observation with a
 * timer, and a limit where the library has one.
 */
final class Contenders {

    private static final Map<String, Function<String, Contender>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("raw socket", RawContender::open);
        ALL.put("HttpClient 5", HttpComponentsContender::open);
        ALL.put("JDK", JdkContender::open);
        ALL.put("Reactor Netty", ReactorNettyContender::open);
        ALL.put("OkHttp", OkHttpContender::bare);
        ALL.put("Outbound bare", (url) -> OutboundContender.bare(url, Engine.HTTP_COMPONENTS));
        ALL.put("Outbound unobserved", (url) -> OutboundContender.unobserved(url, Engine.HTTP_COMPONENTS));
        ALL.put("Outbound", (url) -> OutboundContender.complete(url, Engine.HTTP_COMPONENTS));
        ALL.put("Outbound on JDK bare", (url) -> OutboundContender.bare(url, Engine.JDK));
        ALL.put("Outbound on JDK unobserved", (url) -> OutboundContender.unobserved(url, Engine.JDK));
        ALL.put("Outbound on JDK", (url) -> OutboundContender.complete(url, Engine.JDK));
        ALL.put("RestClient", RestClientContender::bare);
        ALL.put("RestClient complete", RestClientContender::complete);
        ALL.put("OpenFeign complete", FeignContender::complete);
        ALL.put("OkHttp complete", OkHttpContender::complete);
        ALL.put("Outbound reactive bare", (url) -> OutboundReactiveContender.bare(url, Engine.REACTOR));
        ALL.put("Outbound reactive unobserved", (url) -> OutboundReactiveContender.unobserved(url, Engine.REACTOR));
        ALL.put("Outbound reactive", (url) -> OutboundReactiveContender.complete(url, Engine.REACTOR));
        ALL.put("Outbound reactive, a timer alone", OutboundReactiveContender::withTimerAlone);
        ALL.put("Outbound reactive on JDK bare", (url) -> OutboundReactiveContender.bare(url, Engine.JDK));
        ALL.put("Outbound reactive on JDK unobserved", (url) -> OutboundReactiveContender.unobserved(url, Engine.JDK));
        ALL.put("Outbound reactive on JDK", (url) -> OutboundReactiveContender.complete(url, Engine.JDK));
        ALL.put("WebClient", WebClientContender::bare);
        ALL.put("WebClient complete", WebClientContender::complete);
        for (int depth : new int[] { 2, 6, 10 }) {
            ALL.put(deep(depth), (url) -> OutboundContender.deep(url, depth));
        }
        ALL.put("mocked", (url) -> MockedContender.open());
        ALL.put("mocked reactive", (url) -> MockedContender.reactive());
    }

    private Contenders() {
    }

    /** The name of a client with so many tenths of the deep settings. */
    static String deep(int tenths) {
        return "Outbound, settings x" + tenths;
    }

    static Set<String> names() {
        return ALL.keySet();
    }

    static Contender open(String name, int port) {
        Function<String, Contender> contender = ALL.get(name);
        if (contender == null) {
            throw new IllegalArgumentException("There is no contender '" + name + "', but " + ALL.keySet());
        }
        return contender.apply("http://127.0.0.1:" + port);
    }

}
