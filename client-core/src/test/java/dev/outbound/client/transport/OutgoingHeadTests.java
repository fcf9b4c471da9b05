package dev.outbound.client.transport;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OutgoingHeadTests {

    private final Request post = Request.of(HttpMethod.POST, Url.parse("http://shop.test:8080/a"));

    private static List<String> lines(OutgoingHead head) {
        List<String> lines = new ArrayList<>();
        head.forEach((name, value) -> lines.add(name + ": " + value));
        return lines;
    }

    @Test
    void hostIsFirstAndTheBodyLast() {
        Request request = this.post.withHeader("x-Case", "kept").withBody(RequestBody.text("hello"));
        assertThat(lines(OutgoingHead.of(request))).containsExactly("Host: shop.test:8080", "x-Case: kept",
                "Content-Length: 5", "Content-Type: text/plain;charset=UTF-8");
        assertThat(OutgoingHead.of(request).bodyLength()).isEqualTo(5);
    }

    @Test
    void theRequestsOwnLinesStayWhereTheyAre() {
        Request request = this.post.withHeader("Content-Length", "5")
            .withHeader("Content-Type", "text/csv")
            .withHeader("Host", "other.test")
            .withBody(RequestBody.text("hello"));
        assertThat(lines(OutgoingHead.of(request))).containsExactly("Content-Length: 5", "Content-Type: text/csv",
                "Host: other.test");
    }

    @Test
    void aBodyOfUnknownLengthIsChunked() {
        Request request = this.post.withBody(RequestBody.text("hello"));
        OutgoingHead head = OutgoingHead.of(request, -1);
        assertThat(head.bodyLength()).isEqualTo(OutgoingHead.CHUNKED);
        assertThat(lines(head)).contains("Transfer-Encoding: chunked").noneMatch((line) -> line.contains("Length"));
        assertThat(lines(OutgoingHead.of(request.withHeader("Transfer-Encoding", "chunked"))))
            .containsOnlyOnce("Transfer-Encoding: chunked");
    }

    @Test
    void onlyMethodsThatMeanABodySayThatThereIsNone() {
        assertThat(lines(OutgoingHead.of(this.post))).containsExactly("Host: shop.test:8080", "Content-Length: 0");
        assertThat(lines(OutgoingHead.of(this.post.withMethod(HttpMethod.DELETE))))
            .containsExactly("Host: shop.test:8080");
    }

    @Test
    void linesThatContradictTheBodyAreRefused() {
        Request request = this.post.withBody(RequestBody.text("hello"));
        for (FieldLines lines : List.of(one("Content-Length", "4"), one("Content-Length", "+5"),
                one("Transfer-Encoding", "gzip"), one("Content-Length", "5").with("Transfer-Encoding", "chunked"),
                FieldLines.builder().add("Content-Length", "5").add("content-length", "5").build())) {
            assertThatExceptionOfType(LocalProtocolException.class).as("%s", lines)
                .isThrownBy(() -> OutgoingHead.of(request.withFields(lines)))
                .withMessageContaining("leave");
        }
        assertThatExceptionOfType(LocalProtocolException.class)
            .isThrownBy(() -> OutgoingHead.of(this.post.withHeader("Transfer-Encoding", "chunked")))
            .withMessageContaining("announces a body, and has none");
    }

    private static FieldLines one(String name, String value) {
        return FieldLines.builder().add(name, value).build();
    }

}
