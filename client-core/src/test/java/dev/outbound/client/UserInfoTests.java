package dev.outbound.client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * User information in URLs: refused, or authentication where that is asked for.
 */
class UserInfoTests {

    private final FakeUpstream upstream = FakeUpstream.answering(ok(""));

    private LaneClient client(Lane lane, String baseUrl) {
        return lane.client(this.upstream, new TestClock(),
                (builder) -> builder.baseUrl(baseUrl).allowAbsoluteUrls(true).allowUserInfo(true));
    }

    @ParameterizedTest
    @EnumSource
    void ofTheBaseUrlIsTheClientsAuthenticationAndNoPartOfTheUrl(Lane lane) {
        client(lane, "http://u:p@shop.test/api").get("/a");
        assertThat(this.upstream.request(0).fields().first("Authorization")).isEqualTo("Basic dTpw");
        assertThat(this.upstream.request(0).url().text()).isEqualTo("http://shop.test/api/a");
    }

    @ParameterizedTest
    @EnumSource
    void ofAnotherOriginIsForThatCallAlone(Lane lane) {
        LaneClient client = client(lane, "http://u:p@shop.test");
        client.get("http://x:y@other.test/");
        client.get("http://other.test/");
        assertThat(this.upstream.requests()).extracting((request) -> request.fields().first("Authorization"))
            .containsExactly("Basic eDp5", null);
    }

    @ParameterizedTest
    @EnumSource
    void ofACallGivesWayToWhatTheCallSays(Lane lane) {
        LaneClient client = client(lane, "http://shop.test");
        client.get("http://x:y@shop.test/", (spec) -> spec.auth(Auth.bearer("t")));
        client.get("http://x:y@shop.test/", (spec) -> spec.auth(null));
        assertThat(this.upstream.requests()).extracting((request) -> request.fields().first("Authorization"))
            .containsExactly("Bearer t", null);
    }

    @ParameterizedTest
    @EnumSource
    void ofARequestThatWasMadeElsewhere(Lane lane) {
        Request request = Request.of(HttpMethod.GET, Url.parse("http://x:y@shop.test/"));
        client(lane, "http://shop.test").send(request);
        assertThat(this.upstream.request(0).fields().first("Authorization")).isEqualTo("Basic eDp5");
        assertThat(this.upstream.request(0).url().userInfo()).isNull();
    }

    @Test
    void isRefusedUnlessAllowed() {
        assertThatExceptionOfType(InvalidUrlException.class)
            .isThrownBy(() -> Client.builder().baseUrl("http://u:s3cret@shop.test").build())
            .withMessageContaining("use authentication instead")
            .satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cret"));
        try (Client client = Client.builder().transport(this.upstream.transport()).build()) {
            assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> client.get("http://u:p@shop.test/"));
        }
        assertThat(this.upstream.requests()).isEmpty();
    }

}
