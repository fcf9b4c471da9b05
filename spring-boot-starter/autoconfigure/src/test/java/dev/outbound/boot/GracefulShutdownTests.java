package dev.outbound.boot;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.outbound.client.Client;
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
