package dev.outbound.client.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientSettings;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.RequestSpec;
import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;

/**
 * A client of either kind, for tests that do not care which.
 */
public interface LaneClient extends AutoCloseable {

    Response request(HttpMethod method, String url, Consumer<RequestSpec> spec);

    Response get(String url, Object... variables);

    Response send(Request request);

    Request build(HttpMethod method, String url, Consumer<RequestSpec> spec);

    LaneClient with(Consumer<ClientBuilder> settings);

    ClientSettings settings();

    /**
     * Stream a response to its end.
     * @return the number of bytes read
     */
    long stream(String url, Consumer<AbstractResponse> head);

    /**
     * Stream the response to a request that was made elsewhere.
     * @return the bytes read, as text
     */
    String stream(Request request);

    /**
     * Read a streamed response in one of its forms, to the end.
     * @return what the form gives
     */
    <T> List<T> read(String url, Function<StreamedResponse, Stream<T>> blocking,
            Function<ReactiveStreamedResponse, ? extends Publisher<T>> reactive);

    /**
     * Stream a response, and leave it after some bytes.
     */
    void leave(String url, int bytes);

    default Response get(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.GET, url, spec);
    }

    default Response post(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.POST, url, spec);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    boolean isClosed();

    @Override
    void close();

    /** Calls on the thread of the test. */
    record Blocking(Client client) implements LaneClient {

        @Override
        public Response request(HttpMethod method, String url, Consumer<RequestSpec> spec) {
            return this.client.request(method, url, spec);
        }

        @Override
        public Response get(String url, Object... variables) {
            return this.client.get(url, variables);
        }

        @Override
        public Response send(Request request) {
            return this.client.send(request);
        }

        @Override
        public Request build(HttpMethod method, String url, Consumer<RequestSpec> spec) {
            return this.client.build(method, url, spec);
        }

        @Override
        public LaneClient with(Consumer<ClientBuilder> settings) {
            return new Blocking(this.client.with(settings));
        }

        @Override
        public ClientSettings settings() {
            return this.client.settings();
        }

        @Override
        public long stream(String url, Consumer<AbstractResponse> head) {
            return this.client.stream(HttpMethod.GET, url, (spec) -> {
            }, (response) -> {
                head.accept(response);
                try {
                    return response.body().transferTo(OutputStream.nullOutputStream());
                }
                catch (IOException ex) {
                    throw new UncheckedIOException(ex);
                }
            });
        }

        @Override
        public String stream(Request request) {
            try (StreamedResponse response = this.client.stream(request)) {
                return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
            }
            catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        @Override
        public <T> List<T> read(String url, Function<StreamedResponse, Stream<T>> blocking,
                Function<ReactiveStreamedResponse, ? extends Publisher<T>> reactive) {
            try (StreamedResponse response = this.client.stream(HttpMethod.GET, url)) {
                return blocking.apply(response).toList();
            }
        }

        @Override
        public void leave(String url, int bytes) {
            this.client.stream(HttpMethod.GET, url, (spec) -> {
            }, (response) -> {
                try {
                    return response.body().readNBytes(bytes);
                }
                catch (IOException ex) {
                    throw new UncheckedIOException(ex);
                }
            });
        }

        @Override
        public boolean isClosed() {
            return this.client.isClosed();
        }

        @Override
        public void close() {
            this.client.close();
        }

    }

    /** Subscribes, and waits for the end. */
    record Reactive(ReactiveClient client) implements LaneClient {

        @Override
        public Response request(HttpMethod method, String url, Consumer<RequestSpec> spec) {
            return wait(this.client.request(method, url, spec));
        }

        @Override
        public Response get(String url, Object... variables) {
            return wait(this.client.get(url, variables));
        }

        @Override
        public Response send(Request request) {
            return wait(this.client.send(request));
        }

        @Override
        public Request build(HttpMethod method, String url, Consumer<RequestSpec> spec) {
            return this.client.build(method, url, spec);
        }

        @Override
        public LaneClient with(Consumer<ClientBuilder> settings) {
            return new Reactive(this.client.with(settings));
        }

        @Override
        public ClientSettings settings() {
            return this.client.settings();
        }

        @Override
        public long stream(String url, Consumer<AbstractResponse> head) {
            return wait(this.client.stream(HttpMethod.GET, url, (response) -> {
                head.accept(response);
                return response.body().map((buffer) -> {
                    long count = buffer.readableByteCount();
                    DataBufferUtils.release(buffer);
                    return count;
                });
            }).reduce(0L, Long::sum));
        }

        @Override
        public String stream(Request request) {
            return wait(this.client.stream(request, (response) -> response.bytes())
                .reduce(new byte[0], LaneClient::concat)
                .map((bytes) -> new String(bytes, StandardCharsets.UTF_8)));
        }

        @Override
        public <T> List<T> read(String url, Function<StreamedResponse, Stream<T>> blocking,
                Function<ReactiveStreamedResponse, ? extends Publisher<T>> reactive) {
            return wait(this.client.stream(HttpMethod.GET, url, reactive).collectList());
        }

        @Override
        public void leave(String url, int bytes) {
            this.client.stream(HttpMethod.GET, url, (response) -> response.bytes())
                .scan(0, (sum, chunk) -> sum + chunk.length)
                .takeUntil((sum) -> sum >= bytes)
                .blockLast(Lane.PATIENCE);
        }

        private static <T> T wait(Mono<T> mono) {
            T value = mono.block(Lane.PATIENCE);
            if (value == null) {
                throw new AssertionError("The call gave no value");
            }
            return value;
        }

        @Override
        public boolean isClosed() {
            return this.client.isClosed();
        }

        @Override
        public void close() {
            this.client.close();
        }

    }

}
