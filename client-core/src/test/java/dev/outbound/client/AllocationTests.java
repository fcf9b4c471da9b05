package dev.outbound.client;

import java.io.IOException;
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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Guards what a blocking call costs: the bytes it allocates with everything on over those
 * of the bare engine, as its users write it. Bytes and not times: they are the same on
 * every machine, nearly.
 */
class AllocationTests {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String BODY = "{\"id\":7,\"name\":\"" + "n".repeat(200) + "\",\"tags\":[\"a\",\"b\",\"c\"],"
            + "\"price\":12.5,\"available\":true}";

    /** Measured on JDK 17 on 2026-11-22; may grow by 5 % before somebody has to look. */
    private static final long RECORDED = 5400;

    private static final long RECORDED_OBSERVED = 9500;

    private static final int WARM_UP = 4000;

    private static final int CALLS = 500;

    record Item(int id, String name, String[] tags, double price, boolean available) {
    }

    private interface Work {

        void run() throws IOException;

    }

    @Test
    void aCallCostsLittleMoreThanTheBareEngine() throws IOException {
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
                Client unobserved = complete(server).build()) {
            long bareBytes = bytesPerCall(() -> bare.execute(new HttpGet(server.url("/items/7")),
                    (answer) -> reader.readValue(EntityUtils.toByteArray(answer.getEntity()))));
            long observedBytes = bytesPerCall(() -> observed.get("/items/7").raiseForStatus().json(Item.class));
            long unobservedBytes = bytesPerCall(() -> unobserved.get("/items/7").raiseForStatus().json(Item.class));
            System.out.println("bytes per call: bare engine " + bareBytes + ", no registry listens " + unobservedBytes
                    + ", a meter registry listens " + observedBytes);
            assertThat(meters.get("http.client.requests").tag("client.name", "shop").timer().count())
                .isEqualTo(WARM_UP + 5 * CALLS);
            assertThat(unobservedBytes).as("no registry listens").isLessThanOrEqualTo(bareBytes + 1024);
            assertThat(observedBytes).as("a meter registry listens").isLessThanOrEqualTo(bareBytes + 4096);
            assertThat(unobservedBytes).as("recorded, no registry listens")
                .isLessThanOrEqualTo(RECORDED + RECORDED / 20);
            assertThat(observedBytes).as("recorded, a meter registry listens")
                .isLessThanOrEqualTo(RECORDED_OBSERVED + RECORDED_OBSERVED / 20);
        }
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

    private static long bytesPerCall(Work work) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            work.run();
        }
        long[] rounds = new long[5];
        for (int round = 0; round < rounds.length; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                work.run();
            }
            rounds[round] = (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
        }
        Arrays.sort(rounds);
        return rounds[rounds.length / 2];
    }

}
