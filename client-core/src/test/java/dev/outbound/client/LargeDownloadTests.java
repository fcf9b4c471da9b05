package dev.outbound.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams 1 GB through a JVM whose heap and direct memory are 64 MB each.
 */
class LargeDownloadTests {

    private static final long SIZE = 1_000_000_000;

    @ParameterizedTest
    @EnumSource
    void streamsAGigabyteThroughASmallHeap(EngineLane lane) throws IOException, InterruptedException {
        byte[] chunk = new byte[64 * 1024];
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
            for (long left = SIZE; left > 0; left -= chunk.length) {
                connection.write((left >= chunk.length) ? chunk : new byte[(int) left]);
            }
        })) {
            Process process = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx64m",
                    "-XX:MaxDirectMemorySize=64m", "-cp", System.getProperty("java.class.path"),
                    Downloader.class.getName(), lane.name(), server.url("/")))
                .redirectErrorStream(true)
                .start();
            String output;
            try (InputStream out = process.getInputStream()) {
                output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains("read " + SIZE);
        }
    }

    /** Runs in the small JVM. */
    static final class Downloader {

        private Downloader() {
        }

        public static void main(String[] args) {
            try (LaneClient client = EngineLane.valueOf(args[0])
                .client((builder) -> builder.total(Duration.ofMinutes(1))); OutputStream out = System.out) {
                long read = client.stream(args[1], (response) -> {
                });
                out.write(("read " + read + " of client " + args[0]).getBytes(StandardCharsets.UTF_8));
            }
            catch (IOException ex) {
                throw new java.io.UncheckedIOException(ex);
            }
        }

    }

}
