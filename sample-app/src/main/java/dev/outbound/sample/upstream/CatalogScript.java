package dev.outbound.sample.upstream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The script of {@code catalog}: JSON, and every third call is refused with 503 and
 * {@code Retry-After}: one second the first time, none from then on.
 */
public final class CatalogScript {

    private record Item(String id, String name, String description, int stock) {
    }

    private final Map<String, Item> items = new LinkedHashMap<>();

    private final AtomicInteger calls = new AtomicInteger();

    private CatalogScript() {
        List.of(new Item("teapot", "Teapot", "Short and stout. Refuses to brew coffee.", 3),
                new Item("kettle", "Kettle", "Boils when asked, whistles when ignored.", 12),
                new Item("cosy", "Tea cosy", "Keeps things warm: sized for pots of <1 l & <2 l.", 0))
            .forEach((item) -> this.items.put(item.id(), item));
    }

    public static RouterFunction<ServerResponse> routes() {
        CatalogScript script = new CatalogScript();
        return RouterFunctions.route()
            .path("/products",
                    (products) -> products.GET("", script::products)
                        .GET("/{id}", script::product)
                        .filter(script::refuseThird))
            .build();
    }

    private Mono<ServerResponse> refuseThird(ServerRequest request, HandlerFunction<ServerResponse> next) {
        int call = this.calls.incrementAndGet();
        if (call % 3 != 0) {
            return next.handle(request);
        }
        return ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
            .header(HttpHeaders.RETRY_AFTER, (call == 3) ? "1" : "0")
            .build();
    }

    private Mono<ServerResponse> products(ServerRequest request) {
        return ServerResponse.ok().bodyValue(this.items.values());
    }

    private Mono<ServerResponse> product(ServerRequest request) {
        Item item = this.items.get(request.pathVariable("id"));
        return (item != null) ? ServerResponse.ok().bodyValue(item) : ServerResponse.notFound().build();
    }

}
