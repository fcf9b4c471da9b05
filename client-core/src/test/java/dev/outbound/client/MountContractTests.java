package dev.outbound.client;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Functions as transports, and transports for some URLs, blocking and reactive from one
 * body.
 */
class MountContractTests {

    private static final TransportSettings SETTINGS = TransportSettings.defaults("test");

    private final List<String> closed = new ArrayList<>();

    private Transports named(String name) {
        return Transports.of((request) -> (request.url().path().equals("/moved"))
                ? Response.of(request, 302, RequestBody.bytes(new byte[0]))
                    .withHeader("Location", "http://other.test/there")
                : Response.of(request, 200, RequestBody.text(name)));
    }

    private void mount(ClientBuilder builder, String pattern, String name) {
        Transport transport = named(name).blocking(SETTINGS);
        ReactiveTransport reactive = named(name).reactive(SETTINGS);
        builder.mount(pattern, new Transport() {

            @Override
            public TransportResponse send(Request request, Cancellation cancellation) {
                return transport.send(request, cancellation);
            }

            @Override
            public void close() {
                MountContractTests.this.closed.add(name);
            }

        }).mountReactive(pattern, new ReactiveTransport() {

            @Override
            public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
                return reactive.send(request, cancellation);
            }

            @Override
            public void close() {
                MountContractTests.this.closed.add(name);
            }

        });
    }

    private LaneClient client(Lane lane, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            settings.accept(builder);
            builder.transports(named("own"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void theMostSpecificPatternDecides(Lane lane) {
        LaneClient client = client(lane, (builder) -> {
            mount(builder, "all://", "all");
            mount(builder, "http://*.shop.test", "below");
            mount(builder, "http://api.shop.test:8080", "port");
            builder.mount("https://", null).mountReactive("https://", null);
        });
        assertThat(client.get("http://elsewhere.test/").text()).isEqualTo("all");
        assertThat(client.get("http://api.shop.test/").text()).isEqualTo("below");
        assertThat(client.get("http://api.shop.test:8080/").text()).isEqualTo("port");
        assertThat(client.get("https://elsewhere.test/").text()).isEqualTo("own");
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectIsServedByTheTransportOfItsOwnUrl(Lane lane) {
        LaneClient client = client(lane, (builder) -> {
            builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5));
            mount(builder, "all://other.test", "other");
        });
        assertThat(client.get("http://first.test/moved").text()).isEqualTo("other");
    }

    @ParameterizedTest
    @EnumSource
    void closingTheClientClosesWhatIsMounted(Lane lane) {
        LaneClient client = client(lane, (builder) -> mount(builder, "all://other.test", "other"));
        client.get("http://first.test/");
        client.close();
        assertThat(this.closed).containsExactly("other");
    }

    @ParameterizedTest
    @EnumSource
    void aPatternThatIsNoneIsRefusedAtOnce(Lane lane) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client(lane, (builder) -> mount(builder, "example.com", "x")))
            .withMessageContaining("example.com");
        assertThatIllegalStateException().isThrownBy(() -> Client.builder()
            .transports(named("own"))
            .build()
            .with((builder) -> builder.mount("all://", null)));
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionSeesTheBodyInMemory(Lane lane) {
        Transports echo = Transports.of((request) -> {
            assertThat(request.body()).isNotNull();
            return Response.of(request, 200, RequestBody.bytes(request.body().bytes(), MediaType.TEXT_PLAIN));
        });
        LaneClient client = lane.client((builder) -> builder.transports(echo));
        assertThat(client.post("http://a.test/", (spec) -> spec.text("text")).text()).isEqualTo("text");
        assertThat(
                client
                    .post("http://a.test/",
                            (spec) -> spec.body(RequestBody
                                .stream(new ByteArrayInputStream("streamed".getBytes(StandardCharsets.UTF_8)), -1)))
                    .text())
            .isEqualTo("streamed");
        if (lane == Lane.REACTIVE) {
            Flux<DataBuffer> buffers = Flux.just("a", "b")
                .map((text) -> DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8)));
            assertThat(client.post("http://a.test/", (spec) -> spec.body(RequestBody.publisher(buffers, null))).text())
                .isEqualTo("ab");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAFunctionThrowsFailsTheCall(Lane lane) {
        LaneClient client = lane.client((builder) -> builder.transports(Transports.of((request) -> {
            throw new UnsupportedOperationException("from the function");
        })));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> client.get("http://a.test/"));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsMountedForTheOtherKindOfClientOnlyIsRefused(Lane lane) {
        assertThatIllegalStateException().isThrownBy(() -> lane.client((builder) -> {
            builder.transports(named("own"));
            if (lane == Lane.BLOCKING) {
                builder.mountReactive("all://shop.test", null);
            }
            else {
                builder.mount("all://shop.test", null);
            }
        })).withMessageContaining("all://shop.test").withMessageContaining("mount");
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionThatTakesTooLongIsTooLate(Lane lane) {
        LaneClient client = lane
            .client((builder) -> builder.total(Duration.ofMillis(50)).transports(Transports.of((request) -> {
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
                return Response.of(request, 200, RequestBody.text("late"));
            })));
        assertThatExceptionOfType(TotalTimeoutException.class).isThrownBy(() -> client.get("http://a.test/"));
    }

}
