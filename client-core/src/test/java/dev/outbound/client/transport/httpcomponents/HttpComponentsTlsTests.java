package dev.outbound.client.transport.httpcomponents;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;

class HttpComponentsTlsTests extends HttpComponentsFixture {

    private static final Script HELLO = (c) -> c.forEachRequest((request) -> c.respond(200, "hello"));

    private final TestCertificates local = TestCertificates.of("dns:localhost,ip:127.0.0.1");

    private final TestCertificates other = TestCertificates.of("dns:other.test");

    @BeforeEach
    void trustLocal() {
        use(TransportSettings.defaults("test").withSslContext(this.local.client()));
    }

    private static Request https(RawServer server) {
        return get(server).withUrl(Url.parse("https://127.0.0.1:" + server.port() + "/?secret=1"));
    }

    @Test
    void trustedCertificate() {
        RawServer server = manage(RawServer.start(this.local.server(), HELLO));
        for (int i = 0; i < 3; i++) {
            assertThat(fetch(https(server))).isEqualTo("hello");
        }
        assertThat(server.connections()).isOne();
    }

    @Test
    void closedWhileIdle() throws Exception {
        RawServer server = manage(RawServer.start(this.local.server(), (c) -> {
            c.readRequest();
            c.respond(200, "hello");
        }, HELLO));
        assertThat(fetch(https(server))).isEqualTo("hello");
        server.awaitOpen(0);
        Thread.sleep(Wire.TRUSTED_MILLIS + 10);
        assertThat(fetch(https(server))).isEqualTo("hello");
    }

    @Test
    void untrustedCertificate() {
        RawServer server = manage(RawServer.start(this.other.server(), HELLO));
        for (int i = 0; i < 3; i++) {
            assertThat(failure(CertificateRejectedException.class, https(server)))
                .hasMessageContaining("127.0.0.1:" + server.port())
                .hasMessageContaining("not trusted");
        }
        RawServer good = manage(RawServer.start(this.local.server(), HELLO));
        assertThat(fetch(https(good))).isEqualTo("hello");
    }

    @Test
    void defaultTrustDoesNotKnowIt() {
        use(TransportSettings.defaults("test"));
        RawServer server = manage(RawServer.start(this.local.server(), HELLO));
        failure(CertificateRejectedException.class, https(server));
    }

    @Test
    void certificateOfAnotherHost() {
        use(TransportSettings.defaults("test").withSslContext(this.other.client()));
        RawServer server = manage(RawServer.start(this.other.server(), HELLO));
        failure(HostnameMismatchException.class, https(server));
        server.awaitOpen(0);
    }

    @Test
    void plainServer() {
        RawServer server = serve((c) -> {
            c.write("HTTP/1.1 400 Bad Request\r\n\r\n");
            c.hold();
        });
        assertThat(failure(TlsException.class, https(server))).hasMessageContaining("plain HTTP?");
    }

    @Test
    void closedInTheHandshake() {
        RawServer server = serve((c) -> c.readBody(1), (c) -> {
            c.readBody(1);
            c.rst();
        });
        failure(TlsException.class, https(server));
        failure(TlsException.class, https(server));
    }

    @Test
    void cutBody() {
        RawServer server = manage(RawServer.start(this.local.server(), (c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
            c.fin();
            c.hold();
        }));
        failure(TruncatedBodyException.class, https(server));
    }

}
