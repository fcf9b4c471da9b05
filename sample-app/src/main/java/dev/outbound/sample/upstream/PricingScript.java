package dev.outbound.sample.upstream;

import java.math.BigDecimal;
import java.time.Duration;
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
 * The script of {@code pricing}: only who has the token is answered, and every fifth
 * answer takes its time.
 */
public final class PricingScript {

    private static final Map<String, String> PRICES = Map.of("teapot", "34.50", "kettle", "49.00", "cosy", "12.90");

    private final String authorization;

    private final Duration slow;

    private final AtomicInteger calls = new AtomicInteger();

    private PricingScript(String token, Duration slow) {
        this.authorization = "Bearer " + token;
        this.slow = slow;
    }

    public static RouterFunction<ServerResponse> routes(String token, Duration slow) {
        PricingScript script = new PricingScript(token, slow);
        return RouterFunctions.route()
            .GET("/prices/{id}", script::price)
            .filter(script::authenticate)
            .filter(script::delayFifth)
            .build();
    }

    private Mono<ServerResponse> authenticate(ServerRequest request, HandlerFunction<ServerResponse> next) {
        if (this.authorization.equals(request.headers().firstHeader(HttpHeaders.AUTHORIZATION))) {
            return next.handle(request);
        }
        return ServerResponse.status(HttpStatus.UNAUTHORIZED).header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").build();
    }

    private Mono<ServerResponse> delayFifth(ServerRequest request, HandlerFunction<ServerResponse> next) {
        Mono<ServerResponse> response = next.handle(request);
        return (this.calls.incrementAndGet() % 5 != 0) ? response : response.delaySubscription(this.slow);
    }

    private Mono<ServerResponse> price(ServerRequest request) {
        String amount = PRICES.get(request.pathVariable("id"));
        if (amount == null) {
            return ServerResponse.notFound().build();
        }
        return ServerResponse.ok()
            .bodyValue(
                    Map.of("amount", new BigDecimal(amount), "currency", request.queryParam("currency").orElse("XXX")));
    }

}
