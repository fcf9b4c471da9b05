package dev.outbound.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;

import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TransportException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.ProxyServer;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Certificates in files are renewed while the application runs. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class SslBundleReloadTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestCertificates known = TestCertificates.of("ip:127.0.0.1");

    private final TestCertificates other = TestCertificates.of("ip:127.0.0.1,dns:other.test");

    @TempDir
    Path directory;

    private RawServer server(ServerTls tls) {
        return RawServer.start(tls,
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
    }

    private ApplicationContextRunner runner(RawServer server) {
        return new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, OutboundAutoConfiguration.class))
            .withPropertyValues("outbound.clients.shop.base-url=" + server.url(),
                    "outbound.clients.shop.ssl.bundle=shop", "spring.ssl.bundle.watch.file.quiet-period=50ms",
                    "spring.ssl.bundle.pem.shop.reload-on-update=true",
                    "spring.ssl.bundle.pem.shop.truststore.certificate=file:" + this.directory.resolve("trust.pem"));
    }

    private void write(String file, String pem) {
        try {
            Path written = Files.writeString(this.directory.resolve(file + ".tmp"), pem);
            Files.move(written, this.directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static String call(Lane lane, Clients clients) {
        return (lane == Lane.BLOCKING) ? clients.client("shop").get("/").text()
                : String.valueOf(clients.reactiveClient("shop").get("/").map(Response::text).block(PATIENCE));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void newTrustHoldsFromTheNextConnectionOn(Lane lane) {
        write("trust.pem", this.known.certificatePem());
        try (RawServer server = server(ServerTls.of(this.known.server()))) {
            runner(server).run((context) -> {
                Clients clients = context.getBean(Clients.class);
                assertThat(call(lane, clients)).isEqualTo("served");
                assertThat(call(lane, clients)).isEqualTo("served");
                assertThat(server.connections()).isEqualTo(1);
                write("trust.pem", this.other.certificatePem());
                await("the idle connection is closed", () -> server.open() == 0);
                assertThatExceptionOfType(CertificateRejectedException.class).isThrownBy(() -> call(lane, clients));
                write("trust.pem", this.known.certificatePem());
                await("trusted again", () -> isServed(lane, clients));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void newTrustInAProxyHoldsFromTheNextConnectionOn(Lane lane) {
        write("trust.pem", this.known.certificatePem());
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                ProxyServer proxy = ProxyServer.https(ServerTls.of(this.known.server()), server.port())) {
            runner(server)
                .withPropertyValues("outbound.clients.shop.ssl.bundle=none",
                        "outbound.clients.shop.proxy.url=https://127.0.0.1:" + proxy.port(),
                        "outbound.clients.shop.proxy.ssl.bundle=shop")
                .run((context) -> {
                    Clients clients = context.getBean(Clients.class);
                    assertThat(call(lane, clients)).isEqualTo("served");
                    write("trust.pem", this.other.certificatePem());
                    await("the new trust holds", () -> !isServed(lane, clients));
                    proxy.awaitOpen(0);
                    write("trust.pem", this.known.certificatePem());
                    await("trusted again", () -> isServed(lane, clients));
                });
        }
    }

    private static boolean isServed(Lane lane, Clients clients) {
        try {
            return call(lane, clients).equals("served");
        }
        catch (TransportException ex) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNewKeyIsShownFromTheNextConnectionOn(Lane lane) {
        write("trust.pem", this.known.certificatePem());
        write("cert.pem", this.known.certificatePem());
        write("key.pem", this.known.privateKeyPem());
        ServerTls tls = ServerTls.of(this.known.serverTrusting(this.other)).demandingCertificates();
        try (RawServer server = server(tls)) {
            runner(server)
                .withPropertyValues(
                        "spring.ssl.bundle.pem.shop.keystore.certificate=file:" + this.directory.resolve("cert.pem"),
                        "spring.ssl.bundle.pem.shop.keystore.private-key=file:" + this.directory.resolve("key.pem"))
                .run((context) -> {
                    Clients clients = context.getBean(Clients.class);
                    assertThatExceptionOfType(TransportException.class).isThrownBy(() -> call(lane, clients));
                    write("cert.pem", this.other.certificatePem());
                    write("key.pem", this.other.privateKeyPem());
                    await("the new key is accepted", () -> isServed(lane, clients));
                });
        }
    }

    /** Row S68 of the security matrix. */
    @ParameterizedTest
    @EnumSource
    void whatCannotBeLoadedIsToldAndTheOldOneStays(Lane lane, CapturedOutput output) {
        write("trust.pem", this.known.certificatePem());
        try (RawServer server = server(ServerTls.of(this.known.server()))) {
            runner(server).run((context) -> {
                Clients clients = context.getBean(Clients.class);
                SimpleMeterRegistry meters = new SimpleMeterRegistry();
                context.getBean(MeterBinder.class).bindTo(meters);
                FunctionCounter failed = meters.get("outbound.client.ssl.failed.reloads")
                    .tag("client.name", "shop")
                    .functionCounter();
                assertThat(call(lane, clients)).isEqualTo("served");
                assertThat(failed.count()).isZero();
                write("trust.pem", "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n");
                await("told", () -> output.getAll().contains("SSL bundle 'shop' has changed and cannot be loaded"));
                assertThat(output.getAll().lines())
                    .anyMatch((line) -> line.contains("ERROR") && line.contains("'shop'"));
                assertThat(failed.count()).isPositive();
                assertThat(call(lane, clients)).isEqualTo("served");
                assertThat(server.connections()).isEqualTo(1);
                write("trust.pem", this.other.certificatePem());
                await("a later one counts", () -> !isServed(lane, clients));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChangedSettingMayNameAnotherBundle(Lane lane) {
        write("trust.pem", this.other.certificatePem());
        write("next.pem", this.known.certificatePem());
        try (RawServer server = server(ServerTls.of(this.known.server()))) {
            runner(server)
                .withPropertyValues("spring.ssl.bundle.pem.next.reload-on-update=true",
                        "spring.ssl.bundle.pem.next.truststore.certificate=file:" + this.directory.resolve("next.pem"))
                .run((context) -> {
                    Clients clients = context.getBean(Clients.class);
                    assertThat(isServed(lane, clients)).isFalse();
                    TestPropertyValues.of("outbound.clients.shop.ssl.bundle=next").applyTo(context);
                    assertThat(clients.refresh()).containsExactly("shop");
                    assertThat(call(lane, clients)).isEqualTo("served");
                    write("next.pem", this.other.certificatePem());
                    await("it is watched", () -> !isServed(lane, clients));
                });
        }
    }

}
