package dev.outbound.boot;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.outbound.client.Client;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Blocking calls are made on the thread of the caller, of whatever kind it is. */
@Timeout(60)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadTests {

    @ParameterizedTest
    @ValueSource(strings = { "http-components", "jdk" })
    void manyVirtualThreadsShareAFewConnections(String engine) throws Exception {
        Method factory = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        ExecutorService threads = (ExecutorService) factory.invoke(null);
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")))) {
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
                .withPropertyValues("spring.threads.virtual.enabled=true",
                        "outbound.clients.shop.base-url=" + server.url(),
                        "outbound.clients.shop.engine.blocking=" + engine,
                        "outbound.clients.shop.pool.max-connections=8")
                .run((context) -> {
                    Client client = context.getBean("shopClient", Client.class);
                    List<Future<String>> calls = new ArrayList<>();
                    for (int i = 0; i < 500; i++) {
                        calls.add(threads.submit(() -> client.get("/").text()));
                    }
                    for (Future<String> call : calls) {
                        assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("served");
                    }
                    assertThat(server.connections()).isLessThanOrEqualTo(8);
                });
        }
        finally {
            threads.shutdownNow();
        }
    }

}
