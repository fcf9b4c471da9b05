package dev.outbound.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import reactor.core.publisher.Mono;

/**
 * The JDK's client alone.
 */
final class JdkContender implements Contender {

    private final HttpClient client = HttpClient.newHttpClient();

    private final String url;

    private JdkContender(String url) {
        this.url = url;
    }

    static JdkContender open(String url) {
        return new JdkContender(url + "/json");
    }

    @Override
    public Item call() throws IOException, InterruptedException {
        return Json.read(this.client.send(request(), BodyHandlers.ofByteArray()).body());
    }

    @Override
    public Mono<Item> send() {
        return Mono.fromCompletionStage(() -> this.client.sendAsync(request(), BodyHandlers.ofByteArray()))
            .map((response) -> Json.read(response.body()));
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create(this.url)).build();
    }

}
