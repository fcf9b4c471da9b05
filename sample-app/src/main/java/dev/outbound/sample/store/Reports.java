package dev.outbound.sample.store;

import java.io.IOException;
import java.nio.file.Path;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Service;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.StreamedResponse;

/**
 * Loads from {@code reports} and sends to it what is too large for memory.
 */
@Service
public class Reports {

    private final Client client;

    private final ReactiveClient reactiveClient;

    Reports(@Qualifier("reports") Client client, @Qualifier("reports") ReactiveClient reactiveClient) {
        this.client = client;
        this.reactiveClient = reactiveClient;
    }

    /**
     * Load a report into a file.
     * @return the digest that the server announced
     */
    public String download(String name, Path file) throws IOException {
        try (StreamedResponse response = this.client.stream(HttpMethod.GET, "/reports/{name}", name)) {
            response.raiseForStatus().writeTo(file);
            return digest(response);
        }
    }

    /**
     * Load a report into a file, without blocking.
     * @return the digest that the server announced
     */
    public Mono<String> downloadLater(String name, Path file) {
        return this.reactiveClient
            .stream(HttpMethod.GET, "/reports/{name}", (request) -> request.variable("name", name),
                    (response) -> response.raiseForStatus().writeTo(file).thenReturn(digest(response)))
            .single();
    }

    /**
     * Send a file. It is read while it is sent.
     * @return what arrived
     */
    public Receipt upload(Path file) {
        return this.client.post("/reports", (request) -> request.multipart((parts) -> parts.file("report", file)))
            .raiseForStatus()
            .json(Receipt.class);
    }

    private static String digest(AbstractResponse response) {
        String digest = response.headers().getFirst("Repr-Digest");
        return (digest != null) ? digest : "none";
    }

}
