package dev.outbound.client.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.Outbound;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.Response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.MediaType.TEXT_PLAIN;

/** Chapter 3. */
class AdvancedRequestOptionsTests extends AbstractGuideTests {

    @Test
    void query() {
        // tag::query[]
        Response response = Outbound.get(API + "/search", (r) -> r.query("q", "python").query("page", 2));
        String url = response.url().text(); // https://api.example.com/search?q=python&page=2
        // end::query[]
        assertThat(url).isEqualTo(API + "/search?q=python&page=2");
        assertThat(asked()).startsWith("GET /search?q=python&page=2 HTTP/1.1\r\n");
    }

    @Test
    void queryReactive() {
        // tag::query-reactive[]
        Mono<String> url = Outbound.reactive()
            .get(API + "/search", (r) -> r.query(Map.of("q", "python")).query("page", 2))
            .map((response) -> response.url().text());
        // end::query-reactive[]
        assertThat(get(url)).isEqualTo(API + "/search?q=python&page=2");
    }

    @Test
    void headers() {
        // tag::headers[]
        Map<String, String> headers = Map.of("User-Agent", "MyApp/1.0", "Authorization", "Bearer token");
        String text = Outbound.get(API + "/data", (r) -> r.headers(headers)).text();
        // end::headers[]
        assertThat(text).isEqualTo("{\"key\":\"value\"}");
        assertThat(asked()).contains("User-Agent: MyApp/1.0\r\n", "Authorization: Bearer token\r\n");
    }

    @Test
    void headersReactive() {
        // tag::headers-reactive[]
        Mono<String> text = Outbound.reactive()
            .get(API + "/data", (r) -> r.header("User-Agent", "MyApp/1.0").header("Authorization", "Bearer token"))
            .map(Response::text);
        // end::headers-reactive[]
        assertThat(get(text)).isEqualTo("{\"key\":\"value\"}");
        assertThat(asked()).contains("User-Agent: MyApp/1.0\r\n", "Authorization: Bearer token\r\n");
    }

    // tag::files[]
    JsonNode upload(Path file) { // example.txt
        return Outbound.post(API + "/upload", (r) -> r.multipart((parts) -> parts.file("file", file, TEXT_PLAIN)))
            .json();
    }
    // end::files[]

    // tag::files-reactive[]
    Mono<JsonNode> uploadReactive(Path file) {
        return Outbound.reactive()
            .post(API + "/upload", (r) -> r.multipart((parts) -> parts.file("file", file, TEXT_PLAIN)))
            .map(Response::json);
    }
    // end::files-reactive[]

    @Test
    void files(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("example.txt"), "example");
        assertValue(upload(file));
        String blocking = asked();
        assertValue(get(uploadReactive(file)));
        String reactive = asked();
        for (String request : new String[] { blocking, reactive }) {
            assertThat(request).startsWith("POST /upload ")
                .contains("Content-Disposition: form-data; name=\"file\"; filename=\"example.txt\"\r\n"
                        + "Content-Type: text/plain\r\n\r\nexample\r\n--");
        }
    }

    // tag::timeout[]
    String fetch(Duration timeout) { // Duration.ofSeconds(5)
        try {
            return Outbound.get(API + "/data", (r) -> r.timeout(timeout)).text();
        }
        catch (ClientTimeoutException ex) {
            return "Request timed out";
        }
    }
    // end::timeout[]

    // tag::timeout-reactive[]
    Mono<String> fetchReactive(Duration timeout) {
        return Outbound.reactive()
            .get(API + "/data", (r) -> r.timeout(timeout))
            .map(Response::text)
            .onErrorReturn(ClientTimeoutException.class, "Request timed out");
    }
    // end::timeout-reactive[]

    @Test
    void timeout() {
        assertThat(fetch(Duration.ofSeconds(5))).isEqualTo("{\"key\":\"value\"}");
        assertThat(get(fetchReactive(Duration.ofSeconds(5)))).isEqualTo("{\"key\":\"value\"}");
        server.next((connection) -> connection.hold(), (connection) -> connection.hold());
        assertThat(fetch(Duration.ofMillis(100))).isEqualTo("Request timed out");
        assertThat(get(fetchReactive(Duration.ofMillis(100)))).isEqualTo("Request timed out");
    }

}
