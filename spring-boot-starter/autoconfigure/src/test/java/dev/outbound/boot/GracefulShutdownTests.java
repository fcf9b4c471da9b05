package dev.outbound.boot;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.HttpMethod;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.outbound.client.Client;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests that are being served may call to their end before the clients are closed. */
@Tag("slow")
@Timeout(60)
class GracefulShutdownTests {

    @Test
    void callsOfRunningWebRequestsEndBeforeTheClientsClose() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (RawServer upstream = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /first")) {
                asked.countDown();
                answer.await();
            }
            connection.respond(200, "served");
        })); Client caller = Client.builder().build()) {
            ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).run(
                    "--server.address=127.0.0.1", "--server.port=0", "--spring.main.banner-mode=off",
                    "--server.shutdown=graceful", "--outbound.clients.shop.base-url=" + upstream.url());
            String url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/both";
            Future<String> served = threads.submit(() -> caller.get(url).text());
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            CountDownLatch stopping = new CountDownLatch(1);
            context.addApplicationListener((event) -> {
                if (event instanceof ContextClosedEvent) {
                    stopping.countDown();
                }
            });
            Future<?> closing = threads.submit(context::close);
            assertThat(stopping.await(10, TimeUnit.SECONDS)).isTrue();
            answer.countDown();
            assertThat(served.get(20, TimeUnit.SECONDS)).isEqualTo("served, served");
            closing.get(20, TimeUnit.SECONDS);
            upstream.awaitOpen(0);
        }
        finally {
            answer.countDown();
            threads.shutdownNow();
        }
    }

    /** Runs an application without a web server until its context is closed. */
    private void closeWith(RawServer upstream, String property, Consumer<ApplicationContext> before) {
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class, OutboundAutoConfiguration.class))
            .withPropertyValues("outbound.clients.shop.base-url=" + upstream.url(), property)
            .run(before::accept);
    }

    @ParameterizedTest
    @ValueSource(strings = { "default", "jdk" })
    void callsThatNobodyWaitsForEndBeforeTheClientsClose(String engine) throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CompletableFuture<String> reactive = new CompletableFuture<>();
        CompletableFuture<String> blocking = new CompletableFuture<>();
        try (RawServer upstream = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            closing.await();
            connection.pause(Duration.ofMillis(150));
            connection.respond(200, "served");
        }))) {
            String property = engine.equals("jdk") ? "outbound.clients.shop.engine=jdk" : "outbound.strict=false";
            closeWith(upstream, property, (context) -> {
                Clients clients = context.getBean(Clients.class);
                clients.reactiveClient("shop")
                    .get("/")
                    .map(Response::text)
                    .subscribe(reactive::complete, reactive::completeExceptionally);
                new Thread(() -> {
                    try {
                        blocking.complete(clients.client("shop").get("/").text());
                    }
                    catch (Throwable ex) {
                        blocking.completeExceptionally(ex);
                    }
                }).start();
                await(() -> upstream.requests().size() == 2);
                ((ConfigurableApplicationContext) context)
                    .addApplicationListener((ContextClosedEvent event) -> closing.countDown());
            });
            assertThat(reactive).isCompletedWithValue("served");
            assertThat(blocking.get(10, TimeUnit.SECONDS)).isEqualTo("served");
        }
        finally {
            closing.countDown();
        }
    }

    @Test
    void aCallThatDoesNotEndIsEndedWhenTheTimeOfThePhaseIsOver() {
        CompletableFuture<String> call = new CompletableFuture<>();
        long[] closing = new long[1];
        try (RawServer upstream = RawServer.start(Connection::hold)) {
            closeWith(upstream, "spring.lifecycle.timeout-per-shutdown-phase=200ms", (context) -> {
                context.getBean(Clients.class)
                    .reactiveClient("shop")
                    .get("/", (spec) -> spec.timeout(null))
                    .map(Response::text)
                    .subscribe(call::complete, call::completeExceptionally);
                upstream.awaitOpen(1);
                closing[0] = System.nanoTime();
            });
            assertThat(Duration.ofNanos(System.nanoTime() - closing[0])).isBetween(Duration.ofMillis(200),
                    Duration.ofSeconds(5));
            assertThat(call).failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(CancelledException.class);
        }
    }

    @Test
    void anOpenStreamHoldsNothingUp() throws Exception {
        long[] closing = new long[1];
        CountDownLatch streaming = new CountDownLatch(1);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        try (RawServer upstream = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n");
            connection.hold();
        })) {
            closeWith(upstream, "spring.lifecycle.timeout-per-shutdown-phase=30s", (context) -> {
                context.getBean(Clients.class)
                    .reactiveClient("shop")
                    .stream(HttpMethod.GET, "/", (response) -> response.lines())
                    .subscribe((line) -> streaming.countDown(), ended::complete);
                await(() -> streaming.getCount() == 0);
                assertThat(context.getBean(Clients.class).waitingCalls()).isZero();
                closing[0] = System.nanoTime();
            });
            assertThat(Duration.ofNanos(System.nanoTime() - closing[0])).isLessThan(Duration.ofSeconds(10));
            assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void clientsStopAfterWhatUsesThem() {
        assertThat(ClientsLifecycle.PHASE).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
            .isLessThan(ExecutorConfigurationSupport.DEFAULT_PHASE)
            .isPositive();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).isNegative();
            Thread.onSpinWait();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
        }

        @Bean
        Controller controller(@Qualifier("shop") Client shop) {
            return new Controller(shop);
        }

    }

    /** Calls twice: the second time when the application is on its way down. */
    @RestController
    static class Controller {

        private final Client shop;

        Controller(Client shop) {
            this.shop = shop;
        }

        @GetMapping("/both")
        String both() {
            return this.shop.get("/first").text() + ", " + this.shop.get("/second").text();
        }

    }

}
