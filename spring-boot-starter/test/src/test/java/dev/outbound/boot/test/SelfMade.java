package dev.outbound.boot.test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import feign.DefaultClient;
import feign.Feign;
import feign.RequestLine;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.Client;

/** Has clients of its own, and some that it has made of the application's. */
@Component
class SelfMade {

    private final Client plain = Client.builder().baseUrl("https://own.test").build();

    private final RestClient rest = RestClient.create("https://own.test");

    private final RestTemplate template = new RestTemplate();

    private final WebClient web = WebClient.create("https://own.test");

    private final HttpClient jdk = HttpClient.newHttpClient();

    private final feign.Client transport = new DefaultClient(null, null);

    private final Stock stock = Feign.builder().client(this.transport).target(Stock.class, "https://own.test");

    private final Client ours;

    private final RestClient oursToo;

    private final WebClient oursAsWell;

    SelfMade(@Qualifier("stock") Client client, @Qualifier("stock") RestClient.Builder rest,
            @Qualifier("stock") WebClient web) {
        this.ours = client.with((builder) -> builder.header("X-A", "1"));
        this.oursToo = rest.defaultHeader("X-A", "1").build();
        this.oursAsWell = web.mutate().defaultHeader("X-A", "1").build();
    }

    String byRestClient() {
        return String.valueOf(this.rest.get().uri("/a").retrieve().body(String.class));
    }

    String byRestTemplate() {
        return String.valueOf(this.template.getForObject("https://own.test/a", String.class));
    }

    String byTheJdk() throws Exception {
        return this.jdk.send(HttpRequest.newBuilder(URI.create("https://own.test/a")).build(), BodyHandlers.ofString())
            .body();
    }

    String byWebClient() {
        return String
            .valueOf(WebClient.create("https://own.test").get().uri("/a").retrieve().bodyToMono(String.class).block());
    }

    String byFeign() {
        return this.stock.item();
    }

    byte[] byConnection(String url) throws IOException {
        return URI.create(url).toURL().openConnection().getInputStream().readAllBytes();
    }

    boolean isOurs() {
        return this.ours.get("/a").text().equals("mocked")
                && "mocked".equals(this.oursToo.get().uri("/a").retrieve().body(String.class))
                && "mocked".equals(this.oursAsWell.get().uri("/a").retrieve().bodyToMono(String.class).block());
    }

    interface Stock {

        @RequestLine("GET /a")
        String item();

    }

}
