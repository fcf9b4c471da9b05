package dev.outbound.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.outbound.benchmarks.Streaming.Way;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All contenders do what they are measured at.
 */
class ContendersTests {

    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        server = Server.open();
        Thread thread = new Thread(() -> {
            try {
                server.run();
            }
            catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    static Stream<String> names() {
        return Contenders.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachFetchesTheItem(String name) throws Exception {
        try (Contender contender = Contenders.open(name, server.port())) {
            for (int i = 0; i < 2; i++) {
                assertThat(contender.call().name()).isEqualTo("Kettle");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachMovesAllBytes(Way way) throws IOException {
        long size = 1 << 20;
        assertThat(way.move("http://127.0.0.1:" + server.port(), size)).isEqualTo(size);
    }

    @Test
    void aGoalIsMetAtItsLimit() {
        assertThat(Set.of(Goal.atMost("a", 1, 1), Goal.atLeast("b", 0.9, 0.9))).allMatch(Goal::isMet);
        assertThat(Set.of(Goal.atMost("c", 1.01, 1), Goal.atLeast("d", 0.89, 0.9))).noneMatch(Goal::isMet);
        assertThat(Goal.atMost("bytes", 0.5, 1)).hasToString("goal bytes: ratio 0.500 (limit 1.00)");
    }

}
