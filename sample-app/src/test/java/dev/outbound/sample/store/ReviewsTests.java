package dev.outbound.sample.store;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.client.ResourceAccessException;

import dev.outbound.boot.test.ClientTest;
import dev.outbound.boot.test.MockUpstream;
import dev.outbound.mock.Fault;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The interface, {@code RestClient} and {@code WebClient} are one client with one mock.
 */
@ClientTest(Reviews.class)
class ReviewsTests {

    private static final Review REVIEW = new Review("teapot", 5, "Pours well.");

    @MockUpstream
    private MockRouter reviews;

    @Autowired
    private Reviews service;

    @Test
    void interfaceReadsTheReviewsOfAProduct() {
        this.reviews.get("/reviews/teapot").reply((r) -> r.json(List.of(REVIEW)));
        assertThat(this.service.of("teapot")).containsExactly(REVIEW);
        assertThat(this.reviews).call(0).hasHeader("User-Agent", "storefront/1.0");
    }

    @Test
    void restClientAddsAReview() {
        this.reviews.post("/reviews/teapot").jsonContaining("{\"stars\": 5}").reply(201);
        this.service.add(REVIEW);
        assertThat(this.reviews).attempts(1).call(0).hasJson("$.text", "Pours well.");
    }

    @Test
    void webClientReadsTheNewest() {
        this.reviews.get("/reviews")
            .reply((r) -> r.status(503).header("Retry-After", "3"))
            .then((r) -> r.json(List.of(REVIEW, REVIEW)));
        assertThat(this.service.newest().collectList().block()).containsExactly(REVIEW, REVIEW);
        assertThat(this.reviews).waitedBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
    }

    @Test
    void reviewIsNotAddedTwice() {
        this.reviews.post("/reviews/teapot").reply(Fault.reset());
        assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> this.service.add(REVIEW));
        assertThat(this.reviews).attempts(1);
    }

}
