package dev.outbound.sample.store;

import java.util.List;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Service;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.Response;

/**
 * Asks {@code catalog}, blocking and reactive. That every third call is refused is not to
 * be seen here: the client tries again, and waits as long as it was told to.
 */
@Service
public class Catalog {

    private static final ParameterizedTypeReference<List<Product>> PRODUCTS = new ParameterizedTypeReference<>() {
    };

    private final Client client;

    private final ReactiveClient reactiveClient;

    Catalog(@Qualifier("catalog") Client client, @Qualifier("catalog") ReactiveClient reactiveClient) {
        this.client = client;
        this.reactiveClient = reactiveClient;
    }

    public List<Product> products() {
        return this.client.get("/products").raiseForStatus().json(PRODUCTS);
    }

    public Mono<List<Product>> productsLater() {
        return this.reactiveClient.get("/products").map((response) -> response.raiseForStatus().json(PRODUCTS));
    }

    public Product product(String id) {
        return read(id, this.client.get("/products/{id}", id));
    }

    public Mono<Product> productLater(String id) {
        return this.reactiveClient.get("/products/{id}", id).map((response) -> read(id, response));
    }

    /** The same for both: a response is a value that was read to its end. */
    private static Product read(String id, Response response) {
        if (response.statusCode() == 404) {
            throw new NoSuchProductException(id);
        }
        return response.raiseForStatus().json(Product.class);
    }

}
