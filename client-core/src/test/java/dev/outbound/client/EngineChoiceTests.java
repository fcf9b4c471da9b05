package dev.outbound.client;

import java.net.InetAddress;

import org.junit.jupiter.api.Test;

import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.httpcomponents.HttpComponentsTransport;
import dev.outbound.client.transport.jdk.JdkReactiveTransport;
import dev.outbound.client.transport.jdk.JdkTransport;
import dev.outbound.client.transport.reactor.ReactorTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Which engine a client is built on, and that one which cannot honour a setting is told
 * when the client is built.
 */
class EngineChoiceTests {

    private static TransportSettings settings(ClientBuilder builder) {
        try (Session session = builder.session()) {
            return session.settings().transport();
        }
    }

    @Test
    void enginesAreMadeByTheSettings() {
        TransportSettings usual = settings(Client.builder());
        TransportSettings jdk = settings(Client.builder().engine(Engine.JDK));
        TransportSettings mixed = settings(Client.builder().engine(Engine.JDK, Engine.REACTOR));
        try (Transport blocking = Engines.transports().blocking(usual)) {
            assertThat(blocking).isInstanceOf(HttpComponentsTransport.class);
        }
        try (Transport blocking = Engines.transports().blocking(jdk)) {
            assertThat(blocking).isInstanceOf(JdkTransport.class);
        }
        try (var reactive = Engines.transports().reactive(usual)) {
            assertThat(reactive).isInstanceOf(ReactorTransport.class);
        }
        try (var reactive = Engines.transports().reactive(jdk)) {
            assertThat(reactive).isInstanceOf(JdkReactiveTransport.class);
        }
        assertThat(mixed.blockingEngine()).isEqualTo(Engine.JDK);
        assertThat(mixed.reactiveEngine()).isEqualTo(Engine.REACTOR);
    }

    @Test
    void blockingHttp2NeedsTheJdk() {
        ClientBuilder builder = Client.builder().name("shop").http2(Http2.NEGOTIATED);
        assertThatIllegalStateException().isThrownBy(builder::build)
            .withMessage("Client 'shop' has http2 negotiated, which engine http-components cannot honour;"
                    + " use engine jdk, or take the setting away");
        assertThatIllegalStateException().isThrownBy(builder::session);
        builder.engine(Engine.JDK).build().close();
        builder.session().close();
    }

    @Test
    void aSettingThatTheJdkCannotHonourFailsTheBuildOfEitherKind() {
        ClientBuilder builder = Client.builder()
            .name("shop")
            .engine(Engine.JDK)
            .localAddress(InetAddress.getLoopbackAddress());
        assertThatIllegalStateException().isThrownBy(builder::build)
            .withMessageContaining("use engine http-components");
        assertThatIllegalStateException().isThrownBy(builder::buildReactive)
            .withMessageContaining("use engine reactor");
        builder.engine(Engine.HTTP_COMPONENTS).build().close();
        assertThatIllegalStateException().isThrownBy(builder::session).withMessageContaining("use engine reactor");
    }

    @Test
    void aDerivedClientKeepsItsEngine() {
        try (Client client = Client.builder().build()) {
            assertThatIllegalStateException().isThrownBy(() -> client.with((it) -> it.engine(Engine.JDK)))
                .withMessageContaining("engine cannot be changed");
        }
    }

}
