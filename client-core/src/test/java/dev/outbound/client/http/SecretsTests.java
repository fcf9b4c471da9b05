package dev.outbound.client.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SecretsTests {

    @ParameterizedTest
    @ValueSource(strings = { "Authorization", "X-Api-Key", "Set-Cookie", "sig", "SIG", "pwd", "pass", "PassPhrase",
            "client_assertion", "X-Amz-Signature", "otp" })
    void namesOfSecretsAreKnown(String name) {
        assertThat(Secrets.isSecretHeader(name)).isTrue();
        assertThat(Secrets.maskQuery("a=b&" + name + "=c")).isEqualTo("a=b&" + name + "=******");
    }

    @ParameterizedTest
    @ValueSource(strings = { "page", "design", "passenger", "option", "Accept", "spin" })
    void othersAreShown(String name) {
        assertThat(Secrets.isSecretHeader(name)).isFalse();
    }

    @Test
    void fieldsOfFormsAndOfBodiesThatAreCutAreMasked() {
        assertThat(Secrets.maskFields("user=u&client_secret=canary&x=1")).isEqualTo("user=u&client_secret=******&x=1");
        assertThat(Secrets.maskFields("{\"token\": \"can")).isEqualTo("{\"token\": \"******\"");
        assertThat(Secrets.maskFields("{\"token\":12345,\"a\":[1]}")).isEqualTo("{\"token\":\"******\",\"a\":[1]}");
        assertThat(Secrets.maskFields("data: {\"token\": \"a\\\"b\"}\n")).isEqualTo("data: {\"token\": \"******\"}\n");
    }

    /** A pattern that goes back would need a frame of the stack for each character. */
    @Test
    void longValueIsMasked() {
        String value = "\\\"x".repeat(200_000);
        assertThat(Secrets.maskFields("{\"token\":\"" + value + "\",\"a\":\"" + value + "\"}"))
            .isEqualTo("{\"token\":\"******\",\"a\":\"" + value + "\"}");
    }

}
