package dev.outbound.client;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

/**
 * Says what calls allocate, in all threads but the server's: those of the bare blocking
 * engine, as its users write it, and ours with everything on. {@link AllocationTests}
 * runs it in a JVM of its own, whose compiler does not remove allocations: then the bytes
 * are the same in each run.
 */
final class CallAllocation {

    static final String BARE = "bare";

    static final String UNOBSERVED = "unobserved";

    static final String OBSERVED = "observed";

    static final String REACTIVE = "reactive";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String BODY = "{\"id\":7,\"name\":\"" + "n".repeat(200) + "\",\"tags\":[\"a\",\"b\",\"c\"],"
            + "\"price\":12.5,\"available\":true}";

    private static final int WARM_UP = 3000;

    private static final int CALLS = 500;

    record Item(int id, String name, String[] tags, double price, boolean available) {
    }

    private interface Work {

        void run() throws IOException;

    }

    private CallAllocation() {
    }

    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        byte[] response = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\n"
                + "Server: lab\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);
        ObjectReader reader = JsonMapper.builder().build().readerFor(Item.class);
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.write(response)));
                CloseableHttpClient bare = HttpClients.createDefault();
                Client observed = complete(server).observations(observations).build();
                Client unobserved = complete(server).build();
                ReactiveClient reactive = complete(server).observations(observations).buildReactive()) {
            measure(out, BARE, () -> bare.execute(new HttpGet(server.url("/items/7")),
                    (answer) -> reader.readValue(EntityUtils.toByteArray(answer.getEntity()))));
            measure(out, UNOBSERVED, () -> unobserved.get("/items/7").raiseForStatus().json(Item.class));
            measure(out, OBSERVED, () -> observed.get("/items/7").raiseForStatus().json(Item.class));
            measure(out, REACTIVE,
                    () -> reactive.get("/items/7").map((answer) -> answer.raiseForStatus().json(Item.class)).block());
        }
        double counted = meters.get("http.client.requests").tag("client.name", "shop").timer().count();
        if (counted != 2 * (WARM_UP + 5 * CALLS)) {
            throw new IllegalStateException("The timer counted " + counted + " calls");
        }
        System.exit(0);
    }

    private static ClientBuilder complete(RawServer server) {
        return Client.builder()
            .name("shop")
            .baseUrl(server.url())
            .header("Accept", "application/json")
            .auth(Auth.basic("user", "password"))
            .retry(RetryPolicy.defaults())
            .total(Duration.ofSeconds(30));
    }

    private static void measure(PrintStream out, String name, Work work) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            work.run();
        }
        long[] rounds = new long[5];
        for (int round = 0; round < rounds.length; round++) {
            long before = allocated();
            for (int i = 0; i < CALLS; i++) {
                work.run();
            }
            rounds[round] = (allocated() - before) / CALLS;
        }
        Arrays.sort(rounds);
        out.println(name + " " + rounds[rounds.length / 2]);
    }

    /** By this thread and the event loops. */
    private static long allocated() {
        long[] loops = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
            .filter((thread) -> thread != null && thread.getThreadName().startsWith("reactor-http"))
            .mapToLong((thread) -> thread.getThreadId())
            .toArray();
        return THREADS.getCurrentThreadAllocatedBytes()
                + Arrays.stream(THREADS.getThreadAllocatedBytes(loops)).filter((bytes) -> bytes > 0).sum();
    }

}
