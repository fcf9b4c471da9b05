package dev.outbound.client.spring;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

import io.micrometer.observation.ObservationRegistry;
import reactor.core.publisher.Flux;

import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.lab.FakeUpstream;

/**
 * One of Spring's APIs in front of a client: a test that takes a face runs on both.
 */
enum Face {

    REST_CLIENT, WEB_CLIENT;

    static final Duration PATIENCE = Duration.ofSeconds(20);

    Caller over(FakeUpstream upstream, ObservationRegistry observations, Consumer<ClientBuilder> settings) {
        return over(observations, (builder) -> {
            builder.transport(upstream.transport()).reactiveTransport(upstream.reactiveTransport());
            settings.accept(builder);
        });
    }

    Caller over(ObservationRegistry observations, Consumer<ClientBuilder> settings) {
        ClientBuilder builder = Client.builder();
        settings.accept(builder);
        if (this == REST_CLIENT) {
            Client client = builder.build();
            RestClient.Builder face = RestClient.builder().observationRegistry(observations);
            return new Blocking(ClientRequestFactory.of(client).applyTo(face).build(), client);
        }
        ReactiveClient client = builder.buildReactive();
        WebClient.Builder face = WebClient.builder().observationRegistry(observations);
        return new Reactive(ReactiveClientConnector.of(client).applyTo(face).build(), client);
    }

    /** What both can do. */
    interface Caller extends AutoCloseable {

        ResponseEntity<String> get(String template, Object... variables);

        ResponseEntity<String> get(String template, Consumer<HttpHeaders> headers);

        byte[] bytes(String template);

        String post(String template, Object body);

        /** Send a body that can be read once. */
        String postOnce(String template, String body);

        /** Look at the status only. */
        int ignoreBody(String template);

        /** Put an interceptor or filter in front that adds a header. */
        Caller adding(String header, String value);

        @Override
        void close();

    }

    private record Blocking(RestClient face, Client client) implements Caller {

        @Override
        public ResponseEntity<String> get(String template, Object... variables) {
            return this.face.get().uri(template, variables).retrieve().toEntity(String.class);
        }

        @Override
        public ResponseEntity<String> get(String template, Consumer<HttpHeaders> headers) {
            return this.face.get().uri(template).headers(headers).retrieve().toEntity(String.class);
        }

        @Override
        public byte[] bytes(String template) {
            return this.face.get().uri(template).retrieve().requiredBody(byte[].class);
        }

        @Override
        public String post(String template, Object body) {
            return this.face.post().uri(template).body(body).retrieve().requiredBody(String.class);
        }

        @Override
        public String postOnce(String template, String body) {
            InputStreamResource once = new InputStreamResource(
                    new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
            return this.face.post().uri(template).body(once).retrieve().requiredBody(String.class);
        }

        @Override
        public int ignoreBody(String template) {
            return this.face.get()
                .uri(template)
                .exchangeForRequiredValue((request, response) -> response.getStatusCode().value());
        }

        @Override
        public Caller adding(String header, String value) {
            return new Blocking(this.face.mutate().requestInterceptor((request, body, execution) -> {
                request.getHeaders().set(header, value);
                return execution.execute(request, body);
            }).build(), this.client);
        }

        @Override
        public void close() {
            this.client.close();
        }

    }

    private record Reactive(WebClient face, ReactiveClient client) implements Caller {

        @Override
        public ResponseEntity<String> get(String template, Object... variables) {
            return this.face.get()
                .uri(template, variables)
                .retrieve()
                .toEntity(String.class)
                .blockOptional(PATIENCE)
                .orElseThrow();
        }

        @Override
        public ResponseEntity<String> get(String template, Consumer<HttpHeaders> headers) {
            return this.face.get()
                .uri(template)
                .headers(headers)
                .retrieve()
                .toEntity(String.class)
                .blockOptional(PATIENCE)
                .orElseThrow();
        }

        @Override
        public byte[] bytes(String template) {
            return this.face.get()
                .uri(template)
                .retrieve()
                .bodyToMono(byte[].class)
                .blockOptional(PATIENCE)
                .orElseThrow();
        }

        @Override
        public String post(String template, Object body) {
            return this.face.post()
                .uri(template)
                .bodyValue(body)
                .retrieve()
                .bodyToMono(String.class)
                .blockOptional(PATIENCE)
                .orElseThrow();
        }

        @Override
        public String postOnce(String template, String body) {
            int[] subscriptions = { 0 };
            Flux<DataBuffer> once = Flux.defer(() -> (++subscriptions[0] == 1)
                    ? Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body.getBytes(StandardCharsets.UTF_8)))
                    : Flux.error(new UncheckedIOException(new IOException("read twice"))));
            return this.face.post()
                .uri(template)
                .body(once, DataBuffer.class)
                .retrieve()
                .bodyToMono(String.class)
                .blockOptional(PATIENCE)
                .orElseThrow();
        }

        @Override
        public int ignoreBody(String template) {
            return this.face.get()
                .uri(template)
                .retrieve()
                .toBodilessEntity()
                .blockOptional(PATIENCE)
                .orElseThrow()
                .getStatusCode()
                .value();
        }

        @Override
        public Caller adding(String header, String value) {
            return new Reactive(this.face.mutate()
                .filter((request, next) -> next.exchange(ClientRequest.from(request).header(header, value).build()))
                .build(), this.client);
        }

        @Override
        public void close() {
            this.client.close();
        }

    }

}
