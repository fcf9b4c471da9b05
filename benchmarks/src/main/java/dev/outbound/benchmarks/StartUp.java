package dev.outbound.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;

/**
 * A Spring Boot application with many named clients: how long it takes to start and have
 * all of them injected, blocking and reactive, and what they hold before the first call.
 */
final class StartUp {

    private static final String CLIENT = """
                upstream<n>:
                  base-url: https://upstream<n>.test/api
                  headers: { Accept: application/json }
                  auth: { type: basic, username: user<n>, password: password<n> }
                  retry: { max-retries: 3 }
                  timeouts: { read: 10s }
            """;

    private StartUp() {
    }

    /** The number of clients. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        int clients = Integer.parseInt(args[0]);
        Path configuration = configuration(clients);
        long begin = System.nanoTime();
        try (ConfigurableApplicationContext context = start(Application.class, configuration)) {
            int injected = context.getBeansOfType(Client.class).size()
                    + context.getBeansOfType(ReactiveClient.class).size();
            long nanos = System.nanoTime() - begin;
            if (injected != 2 * clients) {
                throw new IllegalStateException(injected + " beans for " + clients + " clients");
            }
            out.println(outcome(clients, nanos));
        }
        finally {
            Files.delete(configuration);
        }
    }

    private static Path configuration(int clients) throws IOException {
        StringBuilder yaml = new StringBuilder((clients > 0) ? "outbound:\n  clients:\n" : "");
        for (int i = 0; i < clients; i++) {
            yaml.append(CLIENT.replace("<n>", Integer.toString(i)));
        }
        Path file = Files.createTempFile("clients", ".yaml");
        return Files.writeString(file, yaml);
    }

    static ConfigurableApplicationContext start(Class<?> application, Path configuration) {
        return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .properties("spring.config.location=" + configuration.toUri())
            .run();
    }

    /** What the started application holds now. */
    static Outcome outcome(int clients, long nanos) {
        return new Outcome(clients, nanos, heap(), Thread.activeCount(), sockets());
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Return how many sockets are open, as Linux tells; elsewhere none. */
    private static long sockets() {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.filter(StartUp::isSocket).count();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        }
        catch (IOException ex) {
            // The one that lists them is closed by now.
            return false;
        }
    }

    /**
     * What an application with so many clients came to.
     *
     * @param clients the number
     * @param nanos how long it took
     * @param heap what of the heap lives
     * @param threads those that run
     * @param sockets those that are open
     */
    record Outcome(int clients, long nanos, long heap, int threads, long sockets) {

        static Outcome parse(String line) {
            String[] parts = line.split(" ");
            return new Outcome(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]),
                    Integer.parseInt(parts[3]), Long.parseLong(parts[4]));
        }

        double millis() {
            return this.nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
        }

        @Override
        public String toString() {
            return this.clients + " " + this.nanos + " " + this.heap + " " + this.threads + " " + this.sockets;
        }

    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

    }

}
