package dev.outbound.client.transport.httpcomponents;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.outbound.client.Client;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A resolver that hangs holds nobody up. */
@Timeout(20)
class LookupTests {

    private static final Duration LIMIT = Duration.ofMillis(200);

    private final CountDownLatch healed = new CountDownLatch(1);

    private final HttpComponentsTransport transport = HttpComponentsTransport
        .of(TransportSettings.defaults("lab").withMaxConnections(1).withResolver((host) -> {
            try {
                this.healed.await(10, TimeUnit.SECONDS);
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            return List.of(InetAddress.getLoopbackAddress());
        }));

    private final Client client = Client.builder().transport(this.transport).build();

    @AfterEach
    void close() {
        this.healed.countDown();
        assertThat(this.transport.leased()).isZero();
        this.client.close();
    }

    @Test
    void theConnectLimitCoversTheLookup() {
        assertThatExceptionOfType(ConnectTimeoutException.class)
            .isThrownBy(() -> this.client.get("http://shop.test/", (spec) -> spec.timeout(LIMIT)))
            .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.LOOKUP));
    }

    @Test
    void theTotalLimitCoversTheLookup() {
        assertThatExceptionOfType(TotalTimeoutException.class)
            .isThrownBy(() -> this.client.get("http://shop.test/", (spec) -> spec.total(LIMIT)))
            .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.LOOKUP));
    }

    @Test
    void anInterruptEndsTheLookup() throws InterruptedException {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                this.client.get("http://shop.test/");
            }
            catch (CancelledException ex) {
                ended.complete(Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        caller.join(5000);
        assertThat(ended).isCompletedWithValue(true);
    }

    @Test
    void theNameIsServedWhenTheResolverAnswers() {
        this.healed.countDown();
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "ok")))) {
            assertThat(this.client.get("http://shop.test:" + server.port() + "/").text()).isEqualTo("ok");
            assertThat(server.requests().get(0)).contains("Host: shop.test:" + server.port());
        }
    }

}
