package dev.outbound.sample.store;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;

import dev.outbound.client.ReactiveClient;

/**
 * Asks {@code pricing}, without blocking. Token and currency are in the configuration,
 * and so is what happens when an answer takes too long.
 */
@Service
public class Pricing {

    private final ReactiveClient client;

    Pricing(@Qualifier("pricing") ReactiveClient client) {
        this.client = client;
    }

    public Mono<Price> price(String id) {
        return this.client.get("/prices/{id}", id).map((response) -> response.raiseForStatus().json(Price.class));
    }

}
