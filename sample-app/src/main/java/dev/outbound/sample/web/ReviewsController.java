package dev.outbound.sample.web;

import java.util.List;

import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import dev.outbound.sample.store.Review;
import dev.outbound.sample.store.Reviews;

/**
 * Serves what customers say, as JSON.
 */
@RestController
@RequestMapping("/api")
class ReviewsController {

    private final Reviews reviews;

    ReviewsController(Reviews reviews) {
        this.reviews = reviews;
    }

    @GetMapping("/reviews")
    Flux<Review> newest() {
        return this.reviews.newest();
    }

    @GetMapping("/products/{id}/reviews")
    List<Review> of(@PathVariable String id) {
        return this.reviews.of(id);
    }

    @PostMapping("/products/{id}/reviews")
    @ResponseStatus(HttpStatus.CREATED)
    void add(@PathVariable String id, @RequestBody Opinion opinion) {
        this.reviews.add(new Review(id, opinion.stars(), opinion.text()));
    }

    record Opinion(int stars, String text) {
    }

}
