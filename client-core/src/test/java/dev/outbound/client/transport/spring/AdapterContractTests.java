package dev.outbound.client.transport.spring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.outbound.client.lab.GeneratedPage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The contract of the lanes on other engines of Spring's, behind the adapters. Each
 * promise is kept, or listed here with what happens instead; the list is the page
 * {@code docs/adapters.md}.
 */
@Timeout(30)
class AdapterContractTests {

    /** How a race ends is not promised either way. */
    private static final String AT_TIMES = "at times ";

    /** What newer JDKs have mended. */
    private static final String ON_JDK_17 = "on JDK 17 ";

    private static final Path PAGE = Path.of("../docs/adapters.md");

    private static final Map<Promise, Map<Adapter, String>> EXCEPTIONS = new EnumMap<>(Promise.class);

    static {
        except(Promise.PATCH, "no: `HttpURLConnection` does not know it", Adapter.SIMPLE_FACTORY);
        except(Promise.ERROR_STATUS, "the body of a 401 is lost", Adapter.SIMPLE_FACTORY);
        except(Promise.REASON, "reads as usual for the status", Adapter.JDK_FACTORY);
        except(Promise.REASON, "reads empty", Adapter.JDK_CONNECTOR, Adapter.HTTP_COMPONENTS_CONNECTOR,
                Adapter.JETTY_CONNECTOR, Adapter.REACTOR_CONNECTOR);
        except(Promise.INTERIM, ON_JDK_17 + "the final response is waited for in vain", Adapter.SIMPLE_FACTORY);
        except(Promise.INTERIM, "no: the first is taken for the response", Adapter.REACTOR_FACTORY,
                Adapter.REACTOR_CONNECTOR);
        except(Promise.LOST, "a `GET` is sent again", Adapter.SIMPLE_FACTORY, Adapter.JDK_FACTORY,
                Adapter.JDK_CONNECTOR);
        except(Promise.TRUNCATED, "no: what has come is taken for all", Adapter.SIMPLE_FACTORY);
        except(Promise.TRUNCATED, "it is a `ConnectionLostException`", Adapter.REACTOR_FACTORY);
        except(Promise.TRUNCATED, AT_TIMES + "it is a `ConnectionLostException`", Adapter.HTTP_COMPONENTS_CONNECTOR);
        except(Promise.TOTAL, "when the engine returns", Adapter.SIMPLE_FACTORY, Adapter.JDK_FACTORY,
                Adapter.HTTP_COMPONENTS_FACTORY, Adapter.JETTY_FACTORY, Adapter.REACTOR_FACTORY);
        except(Promise.CANCEL, "when the engine returns", Adapter.SIMPLE_FACTORY, Adapter.HTTP_COMPONENTS_FACTORY);
        except(Promise.CANCEL, AT_TIMES + "the connection stays open, the caller is free", Adapter.JETTY_FACTORY,
                Adapter.HTTP_COMPONENTS_CONNECTOR, Adapter.JETTY_CONNECTOR);
        except(Promise.LEAVE, AT_TIMES + "the connection stays open", Adapter.HTTP_COMPONENTS_FACTORY,
                Adapter.JDK_CONNECTOR, Adapter.HTTP_COMPONENTS_CONNECTOR, Adapter.JETTY_CONNECTOR);
    }

    private static void except(Promise promise, String what, Adapter... adapters) {
        Map<Adapter, String> exceptions = EXCEPTIONS.computeIfAbsent(promise, (key) -> new EnumMap<>(Adapter.class));
        for (Adapter adapter : adapters) {
            exceptions.put(adapter, what);
        }
    }

    private static @Nullable String exception(Promise promise, Adapter adapter) {
        return EXCEPTIONS.getOrDefault(promise, Map.of()).get(adapter);
    }

    static Stream<Arguments> cells() {
        return Arrays.stream(Adapter.values())
            .flatMap((adapter) -> Arrays.stream(Promise.values()).map((promise) -> Arguments.of(adapter, promise)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aPromiseIsKeptOrListedAsAnException(Adapter adapter, Promise promise) throws Throwable {
        Throwable broken;
        try (Adapter.Running engine = adapter.start()) {
            broken = catchThrowable(() -> promise.check(engine));
        }
        String exception = exception(promise, adapter);
        if (exception != null && (exception.startsWith(AT_TIMES)
                || (exception.startsWith(ON_JDK_17) && Runtime.version().feature() > 17))) {
            return;
        }
        if (exception != null) {
            assertThat(broken).as("An exception that is none: take it off the list").isNotNull();
        }
        else if (broken != null) {
            throw broken;
        }
    }

    @Test
    void thePageHasTheExceptions() throws IOException {
        GeneratedPage.assertUpToDate(PAGE, page(), "adapters.update");
    }

    private static String page() {
        StringBuilder page = new StringBuilder(
                """
                        # Other engines of Spring's

                        `RequestFactoryTransport.of(factory)` and `ConnectorTransport.of(connector)` send by any
                        `ClientHttpRequestFactory` and any `ClientHttpConnector`. They do what these interfaces allow, which is less
                        than the [four lanes](faults.md) promise; prefer an engine of the client's own where there is one. Switch off in
                        the engine what belongs to the client: redirects, cookies, retries, decompression.

                        A test runs these promises over each of them, and fails when this page is wrong.
                        Time limits of connect, TLS, read, write and pool, and all settings for engines, are the engine's own: a client
                        that sets them beside an adapter is not built (a connector keeps `read`, up to the head of the response).

                        """);
        page.append("| Promise |");
        for (Adapter adapter : Adapter.values()) {
            page.append(" ").append(adapter).append(" |");
        }
        page.append("\n|---|").append("---|".repeat(Adapter.values().length)).append("\n");
        for (Promise promise : Promise.values()) {
            page.append("| ").append(promise).append(" |");
            for (Adapter adapter : Adapter.values()) {
                String exception = exception(promise, adapter);
                page.append(" ").append((exception != null) ? exception : "yes").append(" |");
            }
            page.append("\n");
        }
        return page.toString();
    }

}
