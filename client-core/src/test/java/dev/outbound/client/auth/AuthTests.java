package dev.outbound.client.auth;

import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Features A8, Basic, bearer, URL user info; security matrix S10, S11.
 */
class AuthTests {

    private static final List<Function<String, Object>> SECRETS = List.of((secret) -> Auth.basic("u", secret),
            (secret) -> Auth.basic(secret, "p"), Auth::bearer, (secret) -> Auth.apiKey("X-Api-Key", secret),
            (secret) -> Auth.apiKeyInQuery("key", secret), (secret) -> Auth.digest("u", secret),
            (secret) -> Auth.clientCredentials("http://id.test/token", "c", secret),
            (secret) -> new ClientCredentials("http://id.test/token", secret, "s", List.of()),
            (secret) -> new Token(secret, null),
            (secret) -> Auth.basic(secret.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), new byte[0]));

    @ParameterizedTest
    @ValueSource(strings = { "s3cr3t\n", "\rs3cr3t", "s3cr\u0000t", "s3cr\u007ft" })
    void noSchemeTakesControlCharactersOrShowsThem(String secret) {
        for (Function<String, Object> scheme : SECRETS) {
            assertThatIllegalArgumentException().isThrownBy(() -> scheme.apply(secret))
                .withMessageNotContaining("s3cr");
        }
    }

    @Test
    void noSchemeShowsItsSecret() {
        for (Function<String, Object> scheme : SECRETS) {
            Object made = scheme.apply("s3cr3t");
            assertThat(made.toString()).doesNotContain("s3cr3t").doesNotContain("czNjcjN0");
            if (made instanceof Auth auth) {
                AuthFlow flow = auth.begin(Script.NOW);
                assertThat(flow.toString() + flow.start(Script.get("http://a.test/"))).doesNotContain("s3cr3t");
            }
        }
    }

    @Test
    void aBearerTokenIsAskedForEachCall() {
        List<String> tokens = new java.util.ArrayList<>(List.of("t1", "t2", "s3cr3t\n"));
        Auth auth = Auth.bearer(() -> tokens.remove(0));
        assertThat(Script.start(auth, Script.get("http://a.test/")).authorization()).isEqualTo("Bearer t1");
        assertThat(Script.start(auth, Script.get("http://a.test/")).authorization()).isEqualTo("Bearer t2");
        assertThatIllegalArgumentException().isThrownBy(() -> Script.start(auth, Script.get("http://a.test/")))
            .withMessage("token contains a line feed at position 6 of 7, which is not allowed");
    }

    @Test
    void anApiKeyIsAHeader() {
        Script call = Script.start(Auth.apiKey("X-Api-Key", "k3y"), Script.get("http://a.test/"));
        assertThat(call.sent().fields().first("X-Api-Key")).isEqualTo("k3y");
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.apiKey("X Api", "k"));
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.apiKey("X-Api-Key", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.apiKey("X-Api-Key", "two words"));
    }

    @ParameterizedTest
    @CsvSource({ "http://a.test/b,http://a.test/b?api+key=k%26%3D+%C3%A4",
            "http://a.test/b?c=d%20e#f,http://a.test/b?c=d%20e&api+key=k%26%3D+%C3%A4#f" })
    void anApiKeyIsAQueryParameter(String url, String expected) {
        Script call = Script.start(Auth.apiKeyInQuery("api key", "k&= ä"), Script.get(url));
        assertThat(call.sent().url().text()).isEqualTo(expected);
        assertThat(call.sent().toString()).doesNotContain("k%26");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-",
            value = { "http://u:p@a.test/,Basic dTpw", "http://u@a.test/,Basic dTo=", "http://:p@a.test/,Basic OnA=",
                    "http://a%40b:c%3Ad+e@a.test/,Basic YUBiOmM6ZCtl", "http://a.test/,-", "http://@a.test/,-" })
    void userInformationIsBasicAuthentication(String url, String expected) {
        Auth auth = Auth.userInfo(Url.parse(url));
        assertThat((auth != null) ? Script.start(auth, Script.get("http://a.test/")).authorization() : null)
            .isEqualTo(expected);
    }

    @Test
    void aUserNameWithAColonIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.basic("a:b", "p"));
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.userInfo(Url.parse("http://a%3Ab:p@a.test/")));
    }

    @ParameterizedTest
    @ValueSource(strings = { "/token", "ftp://id.test/", "http://u:pw@id.test/token", "id.test/token" })
    void aTokenUrlMustBeAbsoluteAndPlain(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.clientCredentials(url, "c", "s"))
            .withMessageNotContaining("pw");
    }

}
