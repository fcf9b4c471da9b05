package dev.outbound.client.httpx;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpStatus;

import dev.outbound.client.http.Response;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;

import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;

class A24StatusCodesTests extends AbstractFeatureTests {

    @ParameterizedTest
    @EnumSource
    @DisplayName("A24 codes: Spring's HttpStatus where the code is registered, and any other number")
    void codes(Lane lane) {
        this.upstream = FakeUpstream.answering(status(404), status(299));
        Response notFound = client(lane).get("http://shop.test/");
        assertThat(notFound.status()).isEqualTo(HttpStatus.NOT_FOUND);
        assertThat(notFound.statusCode()).isEqualTo(404);
        assertThat(notFound.isClientError()).isTrue();
        Response unknown = client(lane).get("http://shop.test/");
        assertThat(unknown.status().value()).isEqualTo(299);
        assertThat(unknown.status()).isNotInstanceOf(HttpStatus.class);
        assertThat(unknown.isSuccess()).isTrue();
        assertThat(unknown.reasonPhrase()).isEmpty();
    }

}
