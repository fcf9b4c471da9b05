package dev.outbound.client.httpx;

import java.time.Duration;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

class A25DisplayTests extends AbstractFeatureTests {

    @ParameterizedTest
    @EnumSource
    @DisplayName("A25 repr: each thing has a short form, and none of them a secret")
    void display(Lane lane) {
        this.upstream = FakeUpstream.answering(ok("s3cr3t", "Set-Cookie: session=s3cr3t"));
        CookieJar jar = CookieJar.create().set("a", "s3cr3t");
        LaneClient client = client(lane,
                (builder) -> builder.name("shop")
                    .baseUrl("http://shop.test")
                    .auth(Auth.bearer("s3cr3t"))
                    .header("X-Api-Key", "s3cr3t")
                    .query("api_key", "s3cr3t")
                    .cookies(jar));
        Response response = client.get("/a", (spec) -> spec.query("token", "s3cr3t"));
        assertThat(response.request()).hasToString("GET http://shop.test/a");
        assertThat(Timeouts.none().withRead(Duration.ofSeconds(1)).toString()).contains("read=PT1S");
        for (Object shown : new Object[] { response, response.request(), response.fields(), response.request().fields(),
                response.cookies(), jar, jar.cookies(), client.settings(), response.context(), Auth.bearer("s3cr3t"),
                RequestBody.text("s3cr3t") }) {
            assertThat(shown.toString()).as(shown.getClass().getSimpleName()).isNotBlank().doesNotContain("s3cr3t");
        }
    }

}
