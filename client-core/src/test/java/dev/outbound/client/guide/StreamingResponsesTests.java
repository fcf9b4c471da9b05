package dev.outbound.client.guide;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import dev.outbound.client.Outbound;
import dev.outbound.client.http.StreamedResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;

/** Chapter 4. */
class StreamingResponsesTests extends AbstractGuideTests {

    private long processed;

    private void process(byte[] chunk) {
        this.processed += chunk.length;
    }

    @Test
    void blocking() {
        // tag::blocking[]
        try (StreamedResponse response = Outbound.stream(GET, API + "/large-file")) {
            response.bytes().forEach(this::process);
        }
        // end::blocking[]
        assertThat(this.processed).isEqualTo(100_000);
    }

    // tag::reactive[]
    Mono<Void> streamData() {
        return Outbound.reactive()
            .stream(GET, API + "/large-file", (response) -> response.bytes().doOnNext(this::process))
            .then();
    }
    // end::reactive[]

    @Test
    void reactive() {
        streamData().block();
        assertThat(this.processed).isEqualTo(100_000);
    }

}
