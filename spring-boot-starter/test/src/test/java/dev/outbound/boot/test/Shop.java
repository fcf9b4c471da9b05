package dev.outbound.boot.test;

import java.util.Map;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;

/** The components of the application that the slice's tests are about. */
final class Shop {

    private Shop() {
    }

    /** Calls the client of one name by each of its faces. */
    @Service
    static class Faces {

        final Client client;

        final ReactiveClient reactiveClient;

        final RestClient restClient;

        final WebClient webClient;

        final Prices prices;

        Faces(@Qualifier("pay-ments") Client client, @Qualifier("pay-ments") ReactiveClient reactiveClient,
                @Qualifier("pay-ments") RestClient restClient, @Qualifier("pay-ments") WebClient webClient,
                Prices prices) {
            this.client = client;
            this.reactiveClient = reactiveClient;
            this.restClient = restClient;
            this.webClient = webClient;
            this.prices = prices;
        }

    }

    @Service
    static class Checkout {

        private final Client payments;

        private final Client stock;

        Checkout(@Qualifier("pay-ments") Client payments, @Qualifier("stock") Client stock) {
            this.payments = payments;
            this.stock = stock;
        }

        String pay(int amount) {
            return this.payments.post("/charges", (spec) -> spec.json(Map.of("amount", amount)))
                .raiseForStatus()
                .text();
        }

        String count(String item) {
            return this.stock.get("/items/{item}", item).raiseForStatus().text();
        }

    }

    /** Would fail if the slice scanned for it. */
    @Component
    static class Unrelated {

        Unrelated() {
            throw new IllegalStateException("This component is not asked for");
        }

    }

    interface Prices {

        @GetExchange("/a")
        String price();

        @PostExchange("/a")
        String change(@RequestBody Map<String, Object> price);

    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "pay-ments", types = Prices.class)
    static class Services {

    }

    interface AsyncPrices {

        @GetExchange("/a")
        Mono<String> price();

    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "stock", types = AsyncPrices.class, clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
    static class AsyncServices {

    }

    /** Builds a client of its own. */
    @Configuration(proxyBeanMethods = false)
    static class OwnClient {

        @Bean
        RestClient ownRestClient() {
            return RestClient.create("http://127.0.0.1:1");
        }

    }

}
