package dev.outbound.client.transport.spring;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Named.named;

@org.junit.jupiter.api.Timeout(20)
class RequestFactoryTransportTests {

    private static final String TEN = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

    private @Nullable RawServer server;

    static Stream<org.junit.jupiter.api.Named<ClientHttpRequestFactory>> factories() {
        JdkClientHttpRequestFactory jdk = new JdkClientHttpRequestFactory(HttpClient.newHttpClient());
        jdk.setReadTimeout(Duration.ofMillis(300));
        HttpComponentsClientHttpRequestFactory components = new HttpComponentsClientHttpRequestFactory(HttpClients
            .custom()
            .disableAutomaticRetries()
            .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(Timeout.ofMilliseconds(300)).build())
            .build());
        return Stream.of(named("JDK", jdk), named("HttpComponents", components));
    }

    @AfterEach
    void close() {
        if (this.server != null) {
            this.server.close();
            assertThat(this.server.failures()).isEmpty();
        }
    }

    private RawServer serve(Script script) {
        this.server = RawServer.start(script);
        return this.server;
    }

    private static Request request(String url, @Nullable RequestBody body) {
        FieldLines fields = FieldLines.builder().add("X-A", "1").add("X-A", "2").build();
        return Request.of((body != null) ? HttpMethod.POST : HttpMethod.GET, Url.parse(url), fields, body,
                Timeouts.defaults(), null, Map.of());
    }

    private static String fetch(ClientHttpRequestFactory factory, Request request) throws Exception {
        TransportResponse response = RequestFactoryTransport.of(factory)
            .send(request, new Cancellation(Cancellation.NO_DEADLINE));
        try {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
        finally {
            response.close();
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void sendsAndReceives(ClientHttpRequestFactory factory) throws Exception {
        RawServer server = serve(
                (c) -> c.forEachRequest((request) -> c.respond(201, request.substring(request.length() - 4))));
        assertThat(fetch(factory, request(server.url("/a"), RequestBody.text("body")))).isEqualTo("body");
        assertThat(server.requests().get(0)).startsWith("POST /a HTTP/1.1\r\n")
            .containsIgnoringCase("x-a: 1\r\n")
            .containsIgnoringCase("x-a: 2\r\n")
            .containsIgnoringCase("content-type: text/plain;charset=UTF-8\r\n");
    }

    @ParameterizedTest
    @MethodSource("factories")
    void givesTheHead(ClientHttpRequestFactory factory) {
        RawServer server = serve((c) -> c.forEachRequest((request) -> c.respond(404, "", "B: 1", "B: 2")));
        TransportResponse response = RequestFactoryTransport.of(factory)
            .send(request(server.url("/"), null), new Cancellation(Cancellation.NO_DEADLINE));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.fields().all("b")).containsExactly("1", "2");
        assertThat(response.contentLength()).isZero();
        response.close();
        response.abort();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void mapsFailures(ClientHttpRequestFactory factory) {
        assertThatThrownBy(() -> fetch(factory, request("http://nope.invalid/", null)))
            .isInstanceOf(NameResolutionException.class);
        RawServer closed = RawServer.start((c) -> c.hold());
        closed.close();
        assertThatThrownBy(() -> fetch(factory, request(closed.url(), null)))
            .isInstanceOf(ConnectionFailedException.class);
        RawServer server = serve((c) -> c.readRequest());
        assertThatThrownBy(() -> fetch(factory, request(server.url(), null)))
            .isInstanceOf(ConnectionLostException.class);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void silentServerIsATimeout(ClientHttpRequestFactory factory) {
        RawServer server = serve((c) -> c.hold());
        assertThatThrownBy(() -> fetch(factory, request(server.url(), null))).isInstanceOf(ReadTimeoutException.class);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void cutBodyIsTruncated(ClientHttpRequestFactory factory) {
        RawServer server = serve((c) -> {
            c.readRequest();
            c.write(TEN + "0123");
        });
        assertThatThrownBy(() -> fetch(factory, request(server.url(), null)))
            .isInstanceOf(TruncatedBodyException.class);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void abortDoesNotWait(ClientHttpRequestFactory factory) {
        RawServer server = serve((c) -> {
            c.readRequest();
            c.write(TEN + "0123");
            c.hold();
        });
        TransportResponse response = RequestFactoryTransport.of(factory)
            .send(request(server.url(), null), new Cancellation(Cancellation.NO_DEADLINE));
        long start = System.nanoTime();
        response.abort();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
        server.awaitOpen(0);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void cancelledBody(ClientHttpRequestFactory factory) throws Exception {
        RawServer server = serve((c) -> {
            c.readRequest();
            c.write(TEN + "0123");
            c.hold();
        });
        Cancellation cancellation = new Cancellation(Cancellation.NO_DEADLINE);
        TransportResponse response = RequestFactoryTransport.of(factory)
            .send(request(server.url(), null), cancellation);
        assertThat(response.body().readNBytes(4)).hasSize(4);
        cancellation.cancel(Cancellation.Cause.DEADLINE);
        assertThat(catchThrowable(() -> response.body().read())).isInstanceOf(TotalTimeoutException.class);
        server.awaitOpen(0);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void interruptedBefore(ClientHttpRequestFactory factory) {
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> fetch(factory, request("http://127.0.0.1:1/", null)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(CancelledException.class);
    }

}
