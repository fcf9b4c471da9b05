package dev.outbound.sample.store;

import java.util.List;

import reactor.core.publisher.Flux;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.registry.ImportHttpServices;

/**
 * Asks {@code reviews} with the types of Spring: each of them is the configured client,
 * with its retries, its pool and its metrics.
 */
@Service
@ImportHttpServices(group = "reviews", types = ReviewsApi.class)
public class Reviews {

    private final ReviewsApi api;

    private final RestClient restClient;

    private final WebClient webClient;

    Reviews(ReviewsApi api, @Qualifier("reviews") RestClient restClient, @Qualifier("reviews") WebClient webClient) {
        this.api = api;
        this.restClient = restClient;
        this.webClient = webClient;
    }

    public List<Review> of(String product) {
        return this.api.of(product);
    }

    public void add(Review review) {
        this.restClient.post().uri("/reviews/{product}", review.product()).body(review).retrieve().toBodilessEntity();
    }

    /**
     * Return the newest reviews of all products, the newest first.
     */
    public Flux<Review> newest() {
        return this.webClient.get().uri("/reviews").retrieve().bodyToFlux(Review.class);
    }

}
