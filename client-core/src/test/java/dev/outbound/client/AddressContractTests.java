package dev.outbound.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.TlsSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which addresses are connected to, and which not, blocking and reactive from one body.
 */
@Timeout(30)
class AddressContractTests {

    private static final Script SERVING = (connection) -> connection
        .forEachRequest((request) -> connection.respond(200, "served"));

    private static final InetAddress LOCAL = address("127.0.0.1");

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        }
        catch (UnknownHostException ex) {
            throw new IllegalArgumentException(ex);
        }
    }

    private static LaneClient client(Lane lane, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.name("lab").maxConnections(1);
            settings.accept(builder);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aResolverIsAskedInsteadOfTheEngine(Lane lane) {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        try (RawServer server = RawServer.start(SERVING); LaneClient client = client(lane, (b) -> b.resolver((host) -> {
            asked.add(host + " on " + Thread.currentThread().getName());
            return List.of(LOCAL);
        }))) {
            assertThat(client.get("http://Shop.TEST:" + server.port()).text()).isEqualTo("served");
            assertThat(client.get("http://shop.test:" + server.port()).text()).isEqualTo("served");
            assertThat(asked).as("once for a connection, on a thread that may block")
                .containsExactly("shop.test on outbound-lookup");
            assertThat(client.get(server.url()).text()).as("an address needs no lookup").isEqualTo("served");
            assertThat(asked).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResolverThatFailsIsAFailedLookup(Lane lane) {
        try (LaneClient client = client(lane, (b) -> b.resolver((host) -> {
            throw new UnknownHostException(host);
        })); LaneClient empty = client(lane, (b) -> b.resolver((host) -> List.of()))) {
            assertThatExceptionOfType(NameResolutionException.class).isThrownBy(() -> client.get("http://shop.test/"))
                .withMessageContaining("shop.test");
            assertThatExceptionOfType(NameResolutionException.class).isThrownBy(() -> empty.get("http://shop.test/"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResolverThatHangsIsLimitedLikeAConnection(Lane lane) {
        CountDownLatch healed = new CountDownLatch(1);
        try (LaneClient client = client(lane, (b) -> b.resolver((host) -> {
            try {
                healed.await(10, TimeUnit.SECONDS);
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            return List.of(LOCAL);
        }))) {
            assertThatExceptionOfType(ConnectTimeoutException.class)
                .isThrownBy(() -> client.get("http://shop.test/", (spec) -> spec.timeout(Duration.ofMillis(150))))
                .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.LOOKUP));
        }
        finally {
            healed.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextAddressIsTriedWhereOneIsDead(Lane lane) {
        try (RawServer server = RawServer.start(SERVING);
                LaneClient client = client(lane,
                        (b) -> b.addresses(Map.of("shop.test", List.of(address("127.0.0.7"), LOCAL))))) {
            assertThat(client.get("http://shop.test:" + server.port()).text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @EnumSource
    void pinnedAddressesAreNotLookedUpAndKeepTheNameForTls(Lane lane) {
        TestCertificates shop = TestCertificates.of("dns:shop.test");
        try (RawServer server = RawServer.start(ServerTls.of(shop.server()), SERVING);
                LaneClient client = client(lane,
                        (b) -> b.sslContext(shop.client())
                            .addresses(Map.of("SHOP.test", List.of(LOCAL)))
                            .resolver((host) -> {
                                throw new UnknownHostException(host);
                            }))) {
            assertThat(client.get("https://shop.test:" + server.port()).text()).isEqualTo("served");
            assertThatExceptionOfType(NameResolutionException.class)
                .isThrownBy(() -> client.get("https://other.test:" + server.port()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerNameIsAskedForAndVerifiedInsteadOfTheHost(Lane lane) {
        TestCertificates shop = TestCertificates.of("dns:shop.test");
        TestCertificates local = TestCertificates.of("ip:127.0.0.1");
        try (RawServer named = RawServer.start(ServerTls.of(shop.server()), SERVING);
                RawServer other = RawServer.start(ServerTls.of(local.server()), SERVING);
                LaneClient client = client(lane, (b) -> b.tls(settings(shop)));
                LaneClient strict = client(lane, (b) -> b.tls(settings(local)))) {
            assertThat(client.get(named.url()).text()).isEqualTo("served");
            assertThatExceptionOfType(HostnameMismatchException.class).as("for the host, and not for the name")
                .isThrownBy(() -> strict.get(other.url()));
        }
    }

    private static TlsSettings settings(TestCertificates trusted) {
        return TlsSettings.defaults().withContext(trusted.client()).withServerName("shop.test");
    }

    @ParameterizedTest
    @EnumSource
    void connectionsBeginAtTheLocalAddress(Lane lane) {
        try (RawServer server = RawServer.start(SERVING);
                LaneClient client = client(lane, (b) -> b.localAddress(address("127.0.0.5")))) {
            assertThat(client.get(server.url()).text()).isEqualTo("served");
            assertThat(server.peers()).containsExactly(address("127.0.0.5"));
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, http://shop.test", "BLOCKING, http://127.0.0.1", "BLOCKING, http://[::ffff:127.0.0.1]",
            "BLOCKING, http://localhost", "BLOCKING, http://127.1", "BLOCKING, http://2130706433",
            "REACTIVE, http://shop.test", "REACTIVE, http://127.0.0.1", "REACTIVE, http://[::ffff:127.0.0.1]",
            "REACTIVE, http://localhost", "REACTIVE, http://127.1", "REACTIVE, http://2130706433" })
    void addressesThatAreNotPublicAreNotConnectedTo(Lane lane, String url) {
        try (RawServer server = RawServer.start(SERVING);
                LaneClient client = client(lane, (b) -> b.guard(AddressGuard.publicOnly())
                    .addresses(Map.of("shop.test", List.of(LOCAL, address("10.0.0.1")))))) {
            assertThatExceptionOfType(ClientException.class).isThrownBy(() -> client.get(url + ":" + server.port()))
                // Netty does not know the forms of addresses that nobody should use.
                .isInstanceOfAny(BlockedAddressException.class, NameResolutionException.class)
                .withMessageNotContaining("10.0.0.1");
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNameThatLeadsElsewhereTheSecondTimeDoesNotGetAroundTheGuard(Lane lane) {
        List<InetAddress> answers = Collections.synchronizedList(
                new ArrayList<>(Arrays.asList(address("127.0.0.1"), address("8.8.8.8"), address("127.0.0.1"))));
        try (RawServer server = RawServer.start(SERVING);
                // From there no packet leaves this machine.
                LaneClient client = client(lane,
                        (b) -> b.localAddress(LOCAL)
                            .guard(AddressGuard.publicOnly())
                            .resolver((host) -> List.of(answers.remove(answers.size() - 1))))) {
            assertThatExceptionOfType(BlockedAddressException.class)
                .isThrownBy(() -> client.get("http://shop.test:" + server.port()))
                .withMessageContaining("shop.test")
                .withMessageNotContaining("127.0.0.1");
            assertThatExceptionOfType(ClientException.class).as("not to what the lookup before has said")
                .isThrownBy(() -> client.get("http://shop.test:" + server.port(),
                        (spec) -> spec.timeout(Duration.ofMillis(100))))
                .isNotInstanceOf(BlockedAddressException.class);
            assertThatExceptionOfType(BlockedAddressException.class)
                .isThrownBy(() -> client.get("http://shop.test:" + server.port()));
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theGuardJudgesEachHop(Lane lane) {
        try (RawServer target = RawServer.start(SERVING);
                RawServer server = RawServer.start((connection) -> connection.forEachRequest(
                        (request) -> connection.respond(302, "", "Location: http://other.test:" + target.port())));
                LaneClient client = client(lane,
                        (b) -> b.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5))
                            .guard(AddressGuard.publicOnly().withHosts(Set.of("shop.test")))
                            .addresses(Map.of("shop.test", List.of(LOCAL), "other.test", List.of(LOCAL))))) {
            assertThatExceptionOfType(BlockedAddressException.class)
                .isThrownBy(() -> client.get("http://shop.test:" + server.port()))
                .withMessageContaining("other.test");
            assertThat(server.requests()).hasSize(1);
            assertThat(target.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyAllowedHostsAreEvenLookedUp(Lane lane) {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        try (RawServer server = RawServer.start(SERVING);
                LaneClient client = client(lane,
                        (b) -> b.guard(AddressGuard.allowedHosts(Set.of("shop.test"))).resolver((host) -> {
                            asked.add(host);
                            return List.of(LOCAL);
                        }))) {
            assertThat(client.get("http://shop.test:" + server.port()).text()).isEqualTo("served");
            assertThatExceptionOfType(BlockedAddressException.class)
                .isThrownBy(() -> client.get("http://evil.test:" + server.port()))
                .withMessageContaining("evil.test");
            assertThat(asked).containsExactly("shop.test");
        }
    }

}
