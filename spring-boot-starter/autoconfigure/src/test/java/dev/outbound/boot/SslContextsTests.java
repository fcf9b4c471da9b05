package dev.outbound.boot;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.outbound.client.Client;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows C71 and C73 of the catalogue: the bundle of a client is there, and can be loaded.
 */
class SslContextsTests {

    private final FakeEngines engines = FakeEngines.answering(FakeUpstream.status(200));

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, OutboundAutoConfiguration.class))
        .withBean(FakeEngines.class, () -> this.engines)
        .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com",
                "outbound.clients.billing.ssl.bundle=partner", "outbound.clients.billing.ssl.server-name=internal");

    @Test
    void theBundleIsThatOfTheConnections() {
        this.runner
            .withPropertyValues("spring.ssl.bundle.jks.partner.options.enabled-protocols=TLSv1.3",
                    "spring.ssl.bundle.jks.partner.options.ciphers=TLS_AES_128_GCM_SHA256")
            .run((context) -> {
                context.getBean(Client.class).get("/");
                TransportSettings settings = this.engines.opened().get("billing");
                TlsSettings tls = settings.tls();
                assertThat(tls.context()).isNotNull();
                assertThat(tls.protocols()).containsExactly("TLSv1.3");
                assertThat(tls.ciphers()).containsExactly("TLS_AES_128_GCM_SHA256");
                assertThat(tls.serverName()).isEqualTo("internal");
            });
    }

    @Test
    void pinsAreThoseOfTheConnections() {
        String one = "sha256/" + "A".repeat(43) + "=";
        String two = "sha256/" + "B".repeat(43) + "=";
        ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com");
        runner.withPropertyValues("outbound.clients.billing.ssl.pins=" + one + "," + two).run((context) -> {
            context.getBean(Client.class).get("/");
            assertThat(this.engines.opened().get("billing").tls().pins()).containsExactly(one, two);
        });
        runner.withPropertyValues("outbound.clients.billing.ssl.pins=" + one)
            .run((context) -> assertThat(problem(context).reason()).contains("must have a backup"));
    }

    @Test
    void aBundleThatDoesNotExistIsToldAtTheStart() {
        this.runner.withPropertyValues("spring.ssl.bundle.jks.partners.options.ciphers=a")
            .run((context) -> assertThat(problem(context).reason()).isEqualTo(
                    "SSL bundle \"partner\" does not exist. Defined bundles: partners. Did you mean \"partners\"?"));
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com",
                    "outbound.clients.billing.ssl.bundle=partner")
            .run((context) -> assertThat(problem(context).reason())
                .isEqualTo("SSL bundle \"partner\" does not exist. Defined bundles: none."));
    }

    @Test
    void aBundleThatCannotBeLoadedIsToldAtTheStart() {
        this.runner.withPropertyValues("spring.ssl.bundle.jks.partner.keystore.location=file:/not/there.p12")
            .run((context) -> {
                assertThat(problem(context).reason()).startsWith("SSL bundle \"partner\" cannot be loaded: ")
                    .contains("/not/there.p12");
                assertThat(problem(context).property()).isEqualTo("outbound.clients.billing.ssl.bundle");
            });
    }

    @Test
    void anExpiredClientCertificateIsWarnedOf() {
        TestCertificates expired = TestCertificates.expired("dns:client");
        this.runner.withPropertyValues("outbound.strict=true", certificate(expired), key(expired))
            .run((context) -> assertThat(problem(context).reason())
                .startsWith("The client certificate of SSL bundle \"partner\" expired on 2"));
        TestCertificates good = TestCertificates.of("dns:client");
        this.runner.withPropertyValues("outbound.strict=true", certificate(good), key(good))
            .run((context) -> assertThat(context).hasNotFailed());
    }

    @Test
    void aKeyIsNotInheritedByAnotherOrigin() {
        TestCertificates own = TestCertificates.of("dns:client");
        ApplicationContextRunner child = this.runner.withPropertyValues(certificate(own), key(own),
                "outbound.clients.ledger.extends=billing",
                "outbound.clients.ledger.base-url=https://ledger.example.com");
        child.run((context) -> {
            assertThat(problem(context).property()).isEqualTo("outbound.clients.billing.ssl.bundle");
            assertThat(problem(context).reason())
                .isEqualTo("Client 'ledger' would inherit the key in SSL bundle \"partner\" from 'billing' "
                        + "and send it to https://ledger.example.com.");
        });
        child.withPropertyValues("outbound.clients.ledger.ssl.bundle=none").run((context) -> {
            context.getBean("ledgerClient", Client.class).get("/");
            assertThat(this.engines.opened().get("ledger").tls().context()).isNull();
        });
        child.withPropertyValues("outbound.clients.ledger.base-url=https://api.example.com/v2")
            .run((context) -> assertThat(context).hasNotFailed());
        child.withPropertyValues("outbound.clients.billing.auth.share=true")
            .run((context) -> assertThat(context).hasNotFailed());
    }

    @Test
    void trustIsInheritedByEveryOrigin() {
        this.runner
            .withPropertyValues(
                    "spring.ssl.bundle.pem.partner.truststore.certificate="
                            + TestCertificates.of("dns:authority").certificatePem(),
                    "outbound.clients.ledger.extends=billing",
                    "outbound.clients.ledger.base-url=https://ledger.example.com")
            .run((context) -> assertThat(context).hasNotFailed());
    }

    @Test
    void whatIsSaidBesideTheBundleWins() {
        this.runner
            .withPropertyValues("spring.ssl.bundle.jks.partner.options.enabled-protocols=TLSv1.2",
                    "outbound.clients.billing.ssl.protocols=TLSv1.3",
                    "outbound.clients.billing.ssl.ciphers=TLS_AES_256_GCM_SHA384")
            .run((context) -> {
                context.getBean(Client.class).get("/");
                TlsSettings tls = this.engines.opened().get("billing").tls();
                assertThat(tls.context()).isNotNull();
                assertThat(tls.protocols()).containsExactly("TLSv1.3");
                assertThat(tls.ciphers()).containsExactly("TLS_AES_256_GCM_SHA384");
            });
    }

    private static String certificate(TestCertificates of) {
        return "spring.ssl.bundle.pem.partner.keystore.certificate=" + of.certificatePem();
    }

    private static String key(TestCertificates of) {
        return "spring.ssl.bundle.pem.partner.keystore.private-key=" + of.privateKeyPem();
    }

    private static Problem problem(AssertableApplicationContext context) {
        Throwable failure = context.getStartupFailure();
        while (failure != null && !(failure instanceof InvalidClientConfigurationException)) {
            failure = failure.getCause();
        }
        assertThat(failure).isInstanceOf(InvalidClientConfigurationException.class);
        return ((InvalidClientConfigurationException) failure).problems().get(0);
    }

    @Test
    void theWayToTheServerIsGivenToTheEngine() {
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com",
                    "outbound.clients.billing.http2=negotiated", "outbound.clients.billing.proxy.url=http://proxy:3128",
                    "outbound.clients.billing.proxy.exclude=internal.example.com",
                    "outbound.clients.billing.ssrf.mode=allowed-hosts",
                    "outbound.clients.billing.ssrf.allowed-hosts=api.example.com",
                    "outbound.clients.billing.limits.response-headers=8KB")
            .run((context) -> {
                context.getBean(Client.class).get("/", (spec) -> spec.total(Duration.ofSeconds(5)));
                TransportSettings settings = this.engines.opened().get("billing");
                assertThat(settings.http2()).hasToString("NEGOTIATED");
                assertThat(settings.proxies().isEmpty()).isFalse();
                assertThat(settings.guard().isOn()).isTrue();
                assertThat(settings.limits().head()).isEqualTo(8192);
                assertThat(settings.tls().context()).isNull();
            });
    }

}
