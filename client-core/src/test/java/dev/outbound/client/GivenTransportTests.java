package dev.outbound.client;

import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;

import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;
import dev.outbound.client.transport.application.ApplicationTransport;
import dev.outbound.client.transport.spring.ConnectorTransport;
import dev.outbound.client.transport.spring.RequestFactoryTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * A transport that exists before its client was made without the client's settings: what
 * it would ignore is refused when the client is built.
 */
class GivenTransportTests {

    private static final Duration TIME = Duration.ofSeconds(7);

    private final FakeUpstream upstream = FakeUpstream.answering(FakeUpstream.ok("answer"));

    private static Arguments setting(String text, Consumer<ClientBuilder> setting) {
        return argumentSet(text, text, setting);
    }

    static Stream<Arguments> forEngines() throws NoSuchAlgorithmException {
        SSLContext context = SSLContext.getDefault();
        return Stream.of(setting("engine (jdk)", (builder) -> builder.engine(Engine.JDK)),
                setting("a number of connections (7)", (builder) -> builder.maxConnections(7)),
                setting("idle and life time of connections (PT7S and null)",
                        (builder) -> builder.keepAlive(TIME, null)),
                setting("TLS settings", (builder) -> builder.sslContext(context)),
                setting("TLS settings",
                        (builder) -> builder.tls(TlsSettings.defaults().withProtocols(List.of("TLSv1.3")))),
                setting("a TLS server name (x.test)",
                        (builder) -> builder.tls(TlsSettings.defaults().withServerName("x.test"))),
                setting("http2 prior-knowledge", (builder) -> builder.http2(Http2.PRIOR_KNOWLEDGE)),
                setting("an http proxy (", (builder) -> builder.proxy("http://127.0.0.1:3128")),
                setting("a name resolver", (builder) -> builder.resolver((host) -> List.of())),
                setting("pinned addresses ([x.test])",
                        (builder) -> builder.addresses(Map.of("x.test", List.of(InetAddress.getLoopbackAddress())))),
                setting("a local address (", (builder) -> builder.localAddress(InetAddress.getLoopbackAddress())),
                setting("an address guard (", (builder) -> builder.guard(AddressGuard.publicOnly())),
                setting("limits of heads, informational responses or draining (",
                        (builder) -> builder.limits(Limits.defaults().withDrain(0))));
    }

    private Consumer<ClientBuilder> given() {
        return (builder) -> builder.name("shop")
            .transport(this.upstream.transport())
            .reactiveTransport(this.upstream.reactiveTransport());
    }

    @ParameterizedTest
    @MethodSource("forEngines")
    void aSettingForEnginesIsRefused(String text, Consumer<ClientBuilder> setting) {
        for (Lane lane : Lane.values()) {
            assertThatIllegalStateException().isThrownBy(() -> lane.client(given().andThen(setting)))
                .withMessageContaining("Client 'shop' has ")
                .withMessageContaining(text)
                .withMessageEndingWith(", which the transport that it was given would ignore; set it where that"
                        + " transport is made and take it away here, or give the client transports(…),"
                        + " which make a transport by its settings");
            assertThatIllegalStateException().isThrownBy(() -> lane.client(setting.andThen(given())));
        }
    }

    @ParameterizedTest
    @MethodSource("forEngines")
    void whatMakesTransportsIsGivenTheSettings(String text, Consumer<ClientBuilder> setting) {
        Transports mock = new Transports() {

            @Override
            public Transport blocking(TransportSettings settings) {
                return GivenTransportTests.this.upstream.transport();
            }

            @Override
            public ReactiveTransport reactive(TransportSettings settings) {
                return GivenTransportTests.this.upstream.reactiveTransport();
            }

        };
        for (Lane lane : Lane.values()) {
            try (LaneClient client = lane.client(setting.andThen((builder) -> builder.transports(mock)))) {
                assertThat(client.get("http://shop.test/").text()).as(text).isEqualTo("answer");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheExchangeKeepsOrARequestBringsIsApplied(Lane lane) {
        try (LaneClient client = lane.client(given().andThen((builder) -> builder.timeouts(Timeouts.none())
            .timeout(TIME)
            .total(TIME)
            .limits(Limits.defaults().withBody(6).withRatio(3).withCodings(1))))) {
            assertThat(client.get("http://shop.test/").text()).isEqualTo("answer");
        }
    }

    @Test
    void theOtherKindOfClientKeepsItsEngine() {
        Client.builder().reactiveTransport(this.upstream.reactiveTransport()).maxConnections(7).build().close();
        Client.builder().transport(this.upstream.transport()).maxConnections(7).buildReactive().close();
        Client.builder()
            .transport(this.upstream.transport())
            .engine(Engine.HTTP_COMPONENTS, Engine.JDK)
            .session()
            .close();
        assertThatIllegalStateException()
            .isThrownBy(() -> Client.builder().transport(this.upstream.transport()).maxConnections(7).session());
    }

    @ParameterizedTest
    @EnumSource
    void aMountedTransportLeavesTheSettingsToTheClientsOwn(Lane lane) {
        lane.client((builder) -> builder.maxConnections(7)
            .mount("all://other.test", this.upstream.transport())
            .mountReactive("all://other.test", this.upstream.reactiveTransport())).close();
    }

    @Test
    void anAdapterRefusesTheTimeLimitsThatItCannotKeep() {
        Transport factory = RequestFactoryTransport.of(new SimpleClientHttpRequestFactory());
        ReactiveTransport connector = ConnectorTransport.of(new JdkClientHttpConnector());
        assertThatIllegalStateException()
            .isThrownBy(
                    () -> Client.builder().transport(factory).timeouts(Timeouts.defaults().withConnect(TIME)).build())
            .withMessageContaining("has a connect, tls, write or pool timeout, which the transport");
        assertThatIllegalStateException()
            .isThrownBy(() -> Client.builder().transport(factory).timeouts(Timeouts.defaults().withRead(TIME)).build())
            .withMessageContaining("has a read timeout (PT7S)");
        assertThatIllegalStateException().isThrownBy(() -> Client.builder()
            .reactiveTransport(connector)
            .timeouts(Timeouts.defaults().withPool(TIME))
            .buildReactive());
        Client.builder().transport(factory).total(TIME).build().close();
        Client.builder()
            .reactiveTransport(connector)
            .timeouts(Timeouts.defaults().withRead(TIME).withTotal(TIME))
            .buildReactive()
            .close();
    }

    @Test
    void anApplicationRefusesTheTimeLimitsThatItCannotKeep() {
        ApplicationTransport application = ApplicationTransport.of((request, response) -> Mono.empty());
        assertThatIllegalStateException()
            .isThrownBy(() -> Client.builder().transport(application.blocking()).timeout(TIME).build());
        assertThatIllegalStateException()
            .isThrownBy(() -> Client.builder().reactiveTransport(application).timeout(TIME).buildReactive());
        Client.builder().transport(application.blocking()).total(TIME).build().close();
    }

    @Test
    void aCopyIsHeldToTheSame() {
        try (Client client = Client.builder()
            .transport(RequestFactoryTransport.of(new SimpleClientHttpRequestFactory()))
            .build();
                ReactiveClient reactive = Client.builder()
                    .reactiveTransport(ConnectorTransport.of(new JdkClientHttpConnector()))
                    .buildReactive()) {
            assertThatIllegalStateException().isThrownBy(() -> client.with((it) -> it.timeout(TIME)));
            assertThatIllegalStateException().isThrownBy(() -> reactive.with((it) -> it.timeout(TIME)));
            assertThatCode(() -> client.with((it) -> it.total(TIME))).doesNotThrowAnyException();
        }
    }

}
