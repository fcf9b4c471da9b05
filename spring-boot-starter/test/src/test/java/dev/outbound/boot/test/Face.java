package dev.outbound.boot.test;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.outbound.client.http.Response;

/** The ways to call a client. */
enum Face {

    CLIENT((faces) -> faces.client.get("/a").raiseForStatus().text(),
            (faces, body) -> faces.client.post("/a", (spec) -> spec.json(body)).raiseForStatus().text()),

    REACTIVE_CLIENT(
            (faces) -> faces.reactiveClient.get("/a").map((response) -> response.raiseForStatus().text()).block(),
            (faces, body) -> faces.reactiveClient.post("/a", (spec) -> spec.json(body))
                .map((response) -> response.raiseForStatus().text())
                .block()),

    REST_CLIENT((faces) -> faces.restClient.get().uri("/a").retrieve().body(String.class),
            (faces, body) -> faces.restClient.post().uri("/a").body(body).retrieve().body(String.class)),

    WEB_CLIENT((faces) -> faces.webClient.get().uri("/a").retrieve().bodyToMono(String.class).block(), (faces,
            body) -> faces.webClient.post().uri("/a").bodyValue(body).retrieve().bodyToMono(String.class).block()),

    HTTP_EXCHANGE((faces) -> faces.prices.price(), (faces, body) -> faces.prices.change(body));

    private final Function<Shop.Faces, String> get;

    private final BiFunction<Shop.Faces, Map<String, Object>, String> post;

    Face(Function<Shop.Faces, String> get, BiFunction<Shop.Faces, Map<String, Object>, String> post) {
        this.get = get;
        this.post = post;
    }

    /** Ask for {@code /a}. */
    String get(Shop.Faces faces) {
        return this.get.apply(faces);
    }

    /** Send JSON to {@code /a}. */
    String post(Shop.Faces faces, Map<String, Object> body) {
        return this.post.apply(faces, body);
    }

}
