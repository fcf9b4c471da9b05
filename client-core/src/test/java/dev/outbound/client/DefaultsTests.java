package dev.outbound.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.GeneratedPage;
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page of all defaults. Its values are read from the code; a setting without a source
 * is a failure, so that a new one comes with its reason.
 */
class DefaultsTests {

    private static final Path PAGE = Path.of("../docs/defaults.md");

    private static final ClientSettings CLIENT = new ClientBuilder().settings();

    /** Accessors of settings that hold no default. */
    private static final Set<String> NO_SETTINGS = Set.of("TransportSettings.clientName", "TransportSettings.timeouts",
            "TransportSettings.limits", "TransportSettings.tls", "TransportSettings.sslContext",
            "TransportSettings.addresses");

    private final Map<String, String> rows = new LinkedHashMap<>();

    /** Names of accessors that have a row. */
    private final Set<String> shown = new TreeSet<>();

    private void row(String setting, @Nullable Object value, String source, String... accessors) {
        this.rows.put(setting, "| " + setting + " | " + text(value) + " | " + source + " |");
        this.shown.addAll(List.of(accessors));
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "none";
        }
        if (value instanceof Duration duration) {
            return duration.toMillis() % 60_000 == 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
        }
        if (value instanceof Boolean on) {
            return on ? "yes" : "no";
        }
        return (value instanceof Enum<?> constant && !(value instanceof Engine))
                ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-') : value.toString();
    }

    private static String bytes(long bytes) {
        return (bytes % (1024 * 1024) == 0) ? bytes / (1024 * 1024) + " MiB" : bytes / 1024 + " KiB";
    }

    private void timeouts() {
        Timeouts timeouts = CLIENT.timeouts();
        row("timeout `connect`, with lookup and proxy", timeouts.connect(), "HTTPX: 5 s", "Timeouts.connect");
        row("timeout `tls`", timeouts.tls(), "HTTPX gives the handshake its connect timeout again: 5 s",
                "Timeouts.tls");
        row("timeout `read`, between two bytes", timeouts.read(), "HTTPX: 5 s", "Timeouts.read");
        row("timeout `write`, of one write", timeouts.write(), "HTTPX: 5 s", "Timeouts.write");
        row("timeout `pool`", timeouts.pool(), "HTTPX: 5 s", "Timeouts.pool");
        row("timeout `total`, retries and waits included", timeouts.total(),
                "ours: no engine has one, so a server that trickles holds a call for ever (fault matrix C7, D10)",
                "Timeouts.total");
        row("timeout `stream-total`", timeouts.streamTotal(), "ours: who streams may take long; `read` guards it",
                "Timeouts.streamTotal");
        row("longest timeout", Timeouts.MAX, "what fits 32 bits of milliseconds; more overflows in engines (K11)");
    }

    private void limits() {
        Limits limits = CLIENT.limits();
        row("head of a response", bytes(limits.head()),
                "between Netty's 8 KiB, too few for some cookies, and the JDK's 384 KiB (C9)", "Limits.head");
        row("field lines of a response", limits.headLines(), "Apache httpd and others accept 100 of a client (C10)",
                "Limits.headLines");
        row("informational responses", limits.informational(), "the JDK's client: 8 (C23)", "Limits.informational");
        row("body read into memory", bytes(limits.body()), "ours: 16 MiB on both lanes (S81, D12)", "Limits.body");
        row("ratio of decoded to received bytes, beyond 1 MiB", limits.ratio(),
                "ours: gzip of text seldom reaches 20, of zeros 1000 (S79, D15)", "Limits.ratio");
        row("content codings of a body", limits.codings(), "ours: nobody needs a third (S80, D20); urllib3 and curl: 5",
                "Limits.codings");
        row("drained of a body that nobody reads", bytes(limits.drain()) + " within 50 ms",
                "ours: beyond that a new connection is cheaper (D13, H12)", "Limits.drain");
        row("field lines of a request", Limits.REQUEST_LINES, "ours (S13)");
        row("field lines of a request, together", bytes(Limits.REQUEST_HEAD), "ours (S13); servers take 8 to 64 KiB");
    }

    private void transport() {
        TransportSettings transport = CLIENT.transport();
        row("connections", transport.maxConnections(), "HTTPX: 100", "TransportSettings.maxConnections");
        row("idle time of a connection", transport.idle(),
                "ours: below the 30 and 60 s after which servers commonly close; HTTPX: 5 s", "TransportSettings.idle");
        row("life time of a connection", transport.lifetime(), "ours: changes in DNS are seen within it (A8)",
                "TransportSettings.lifetime");
        row("engine of blocking calls", transport.blockingEngine(), "no hand-off to another thread; see decision 5",
                "TransportSettings.blockingEngine");
        row("engine of reactive calls", transport.reactiveEngine(), "WebFlux: what `WebClient` uses first",
                "TransportSettings.reactiveEngine");
        row("HTTP/2", transport.http2(), "HTTPX: off", "TransportSettings.http2");
        row("proxies", transport.proxies().isEmpty() ? null : transport.proxies(),
                "ours: the environment is not looked at unasked (S49); HTTPX: looks", "TransportSettings.proxies");
        row("name resolver", transport.resolver(), "the engine's own", "TransportSettings.resolver");
        row("local address", transport.localAddress(), "HTTPX: none", "TransportSettings.localAddress");
        row("address guard", transport.guard(), "ours: a client without a base URL goes where its caller says (S28)",
                "TransportSettings.guard");
        TlsSettings tls = transport.tls();
        row("TLS trust and keys", (tls.context() != null) ? tls.context() : "the JVM's", "the JDK",
                "TlsSettings.context");
        row("TLS versions", String.join(", ", tls.protocols()), "S65: nothing older", "TlsSettings.protocols");
        row("TLS cipher suites", tls.ciphers().isEmpty() ? "the JVM's" : tls.ciphers(), "the JDK",
                "TlsSettings.ciphers");
        row("TLS server name", (tls.serverName() != null) ? tls.serverName() : "the URL's host", "RFC 6066",
                "TlsSettings.serverName");
        row("TLS pins", tls.pins().isEmpty() ? "none" : tls.pins(), "RFC 7469 (S66)", "TlsSettings.pins");
    }

    private void calls() {
        for (int i = 0; i < CLIENT.headers().size(); i++) {
            String name = CLIENT.headers().name(i);
            row("header `" + name + "`", "`" + CLIENT.headers().value(i) + "`",
                    name.equals("User-Agent") ? "ours, without a version (S59)" : "HTTPX");
        }
        row("redirects", CLIENT.redirects(), "HTTPX: not followed; 20 where they are", "ClientSettings.redirects");
        row("cookies", (CLIENT.cookies() == CookieJar.none()) ? "off" : "kept by each client",
                "HTTPX; off in clients of the starter (S95)", "ClientSettings.cookies");
        row("authentication", CLIENT.auth(), "HTTPX", "ClientSettings.auth");
        row("retries", CLIENT.retry(), "HTTPX", "ClientSettings.retry");
        row("retries, where there is a policy without a word", RetryPolicy.builder().build(),
                "Finagle and gRPC; see `RetryPolicy`");
        row("hedges of late answers", CLIENT.hedging(), "HTTPX", "ClientSettings.hedging");
        row("hedges, where there is a policy without a word", HedgePolicy.defaults(),
                "\"The Tail at Scale\": 5 % more requests; see `HedgePolicy` (G18)");
        row("URLs of other origins than the base URL's", CLIENT.allowAbsoluteUrls(),
                "ours: CVE-2025-27152 of axios (S14); HTTPX: yes", "ClientSettings.allowAbsoluteUrls");
        row("paths that climb out of the base URL", CLIENT.allowPathTraversal(), "ours (S16); HTTPX: yes",
                "ClientSettings.allowPathTraversal");
    }

    private String page() {
        timeouts();
        limits();
        transport();
        calls();
        return """
                # Defaults

                What holds in a client of `Client.builder()` where nothing else is said, and where the value comes from. Letters with numbers are rows of the project's fault matrix (A to K) and security matrix (S). Each is a setting of `ClientBuilder`; the keys of the starter are in the [reference](reference.md).

                This page is made from the code; a test compares them:

                ```
                ./mvnw test -Dtest=DefaultsTests -Ddefaults.update=true -Dsurefire.failIfNoSpecifiedTests=false
                ```

                | Setting | Default | Source |
                | --- | --- | --- |
                """
                + this.rows.values().stream().map((row) -> row + "\n").collect(Collectors.joining());
    }

    /**
     * With {@code -Ddefaults.update=true} the page is written instead, to be reviewed.
     */
    @Test
    void pageIsUpToDate() throws IOException {
        GeneratedPage.assertUpToDate(PAGE, page(), "defaults.update");
    }

    @Test
    void everySettingHasARow() {
        page();
        assertThat(Stream.of(Timeouts.class, Limits.class, TransportSettings.class, TlsSettings.class)
            .flatMap((type) -> Arrays.stream(type.getMethods())
                .filter((method) -> method.getDeclaringClass() == type && method.getParameterCount() == 0
                        && method.getReturnType() != void.class && !method.getName().equals("defaults")
                        && !method.getName().equals("none"))
                .map((method) -> type.getSimpleName() + "." + method.getName()))
            .filter((name) -> !NO_SETTINGS.contains(name) && !name.endsWith(".toString")
                    && !name.endsWith(".hashCode")))
            .isSubsetOf(this.shown);
    }

}
