package dev.outbound.sample.upstream;

import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The script of {@code reviews}: JSON, kept in memory, the newest first.
 */
public final class ReviewsScript {

    private record Entry(String product, int stars, String text) {
    }

    private final Deque<Entry> entries = new ConcurrentLinkedDeque<>(
            List.of(new Entry("teapot", 5, "Pours well."), new Entry("cosy", 3, "Warm, but <itchy>.")));

    private ReviewsScript() {
    }

    public static RouterFunction<ServerResponse> routes() {
        ReviewsScript script = new ReviewsScript();
        return RouterFunctions.route()
            .path("/reviews",
                    (reviews) -> reviews.GET("", (request) -> ServerResponse.ok().bodyValue(script.entries))
                        .GET("/{product}", script::of)
                        .POST("/{product}", script::add))
            .build();
    }

    private Mono<ServerResponse> of(ServerRequest request) {
        String product = request.pathVariable("product");
        return ServerResponse.ok()
            .bodyValue(this.entries.stream().filter((entry) -> entry.product().equals(product)).toList());
    }

    private Mono<ServerResponse> add(ServerRequest request) {
        return request.bodyToMono(Entry.class)
            .doOnNext(this.entries::addFirst)
            .then(ServerResponse.status(HttpStatus.CREATED).build());
    }

}
