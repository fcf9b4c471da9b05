package dev.outbound.client.http;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SecretsTests {

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
