package dev.outbound.client.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class AddressGuardTests {

    private static final Url URL = Url.parse("http://example.com/");

    private final AddressGuard publicOnly = AddressGuard.publicOnly();

    @ParameterizedTest
    @ValueSource(strings = { "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
            "127.0.0.1", "127.255.255.254", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255",
            "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1",
            "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
            "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a00:1",
            "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", "64:ff9b:1::1", "64:ff9b:1:fffe::a9fe:a9fe",
            "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1",
            "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:808:808::1", "3fff::1", "3fff:fff::1", "5f00::1",
            "fc00::1", "fd00::1", "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
            "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a9fe:a9fe", "4000::1", "::ffff:0:7f00:1" })
    void specialAddressesAreNotPublic(String address) throws UnknownHostException {
        assertThat(SpecialAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = { "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
            "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
            "192.0.1.1", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
            "2001:200::1", "2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8",
            "64:ff9b::808:808", "2606:4700::5efe:808:808" })
    void othersArePublic(String address) throws UnknownHostException {
        assertThat(SpecialAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void onlyThePublicAddressesOfAHostAreLeft() throws UnknownHostException {
        InetAddress internal = InetAddress.getByName("10.1.2.3");
        InetAddress external = InetAddress.getByName("8.8.8.8");
        assertThat(this.publicOnly.allowed(URL, List.of(internal, external))).containsExactly(external);
    }

    @Test
    void aHostWithoutAPublicAddressIsBlockedWithoutSayingWhereItLeads() throws UnknownHostException {
        List<InetAddress> internal = List.of(InetAddress.getByName("10.1.2.3"));
        assertThatExceptionOfType(BlockedAddressException.class)
            .isThrownBy(() -> this.publicOnly.allowed(URL, internal))
            .satisfies((ex) -> assertThat(ex.getMessage()).contains("'example.com'").doesNotContain("10.1.2.3"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/",
            "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/" })
    void anAddressInTheUrlIsJudgedAtOnce(String url) {
        assertThatExceptionOfType(BlockedAddressException.class)
            .isThrownBy(() -> this.publicOnly.check(Url.parse(url)));
    }

    @Test
    void namedHostsPassThePublicGuardWhateverTheirAddress() throws UnknownHostException {
        AddressGuard guard = this.publicOnly.withHosts(Set.of("ledger.internal"));
        List<InetAddress> internal = List.of(InetAddress.getByName("10.1.2.3"));
        assertThat(guard.allowed(Url.parse("http://ledger.internal/"), internal)).isEqualTo(internal);
        assertThatExceptionOfType(BlockedAddressException.class).isThrownBy(() -> guard.allowed(URL, internal));
    }

    @Test
    void onlyAllowedHostsPass() {
        AddressGuard guard = AddressGuard.allowedHosts(List.of("example.com", ".internal", "192.168.0.0/16"));
        guard.check(URL);
        guard.check(Url.parse("https://api.EXAMPLE.com./"));
        guard.check(Url.parse("http://a.internal/"));
        guard.check(Url.parse("http://192.168.7.7/"));
        for (String other : List.of("http://internal/", "http://badexample.com/", "http://example.com.evil.test/",
                "http://10.0.0.1/", "http://192.168.7.7.evil.test/")) {
            assertThatExceptionOfType(BlockedAddressException.class).as(other)
                .isThrownBy(() -> guard.check(Url.parse(other)));
        }
    }

    @Test
    void onlyNamedPortsPass() {
        AddressGuard guard = this.publicOnly.withPorts(Set.of(80, 443));
        guard.check(URL);
        assertThatExceptionOfType(BlockedAddressException.class)
            .isThrownBy(() -> guard.check(Url.parse("http://example.com:6379/")))
            .withMessageContaining("example.com:6379")
            .withMessageContaining("[80, 443]");
    }

    @Test
    void aProxyThatNobodyTrustsMakesThePublicGuardBlind() {
        TransportSettings settings = TransportSettings.defaults("shop")
            .withProxies(Proxies.all(Proxy.of("http://proxy:3128")));
        assertThatIllegalStateException().isThrownBy(settings.withGuard(this.publicOnly)::check)
            .withMessageContaining("'shop'")
            .withMessageContaining("allowed hosts");
        settings.withGuard(this.publicOnly.withTrustedProxies()).check();
        settings.withGuard(AddressGuard.allowedHosts(Set.of("example.com"))).check();
    }

    @Test
    void aStarIsNotAHost() {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressGuard.allowedHosts(List.of("*")));
        assertThatIllegalArgumentException().isThrownBy(() -> AddressGuard.allowedHosts(List.of()));
    }

    @Test
    void offLetsEverythingPass() throws UnknownHostException {
        AddressGuard guard = AddressGuard.off();
        guard.check(Url.parse("http://127.0.0.1:1/"));
        assertThat(guard.allowed(URL, List.of(InetAddress.getLoopbackAddress()))).hasSize(1);
        assertThat(guard.isOn()).isFalse();
    }

}
