package dev.outbound.client.http;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RequestMethodTests {

    private static final Url URL = Url.parse("http://h/");

    @Test
    void methodIsAToken() {
        for (int c = 0; c <= 0x17f; c++) {
            boolean token = c < 0x80 && FieldLines.isTokenCharacter((char) c);
            for (String name : new String[] { (char) c + "GET", "G" + (char) c + "ET", "GET" + (char) c }) {
                HttpMethod method = HttpMethod.valueOf(name);
                if (token) {
                    assertThat(Request.of(method, URL).method()).isEqualTo(method);
                    assertThat(Request.of(HttpMethod.GET, URL).withMethod(method).method()).isEqualTo(method);
                }
                else {
                    assertThatIllegalArgumentException().as("S3 U+%04X", c)
                        .isThrownBy(() -> Request.of(method, URL))
                        .satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\r", "\n", "\u0000"));
                    assertThatIllegalArgumentException()
                        .isThrownBy(() -> Request.of(HttpMethod.GET, URL).withMethod(method));
                }
            }
        }
    }

    @Test
    void emptyMethodIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Request.of(HttpMethod.valueOf(""), URL));
    }

    @Test
    void methodKeepsItsCase() {
        assertThat(Request.of(HttpMethod.valueOf("get"), URL).method().name()).isEqualTo("get");
    }

}
