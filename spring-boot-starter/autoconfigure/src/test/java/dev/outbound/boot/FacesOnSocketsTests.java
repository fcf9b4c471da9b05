package dev.outbound.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PutExchange;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

import dev.outbound.boot.FacesTests.Face;
import dev.outbound.client.Client;
import dev.outbound.client.Interceptor;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Every face of a named client in a whole application context with both default engines,
 * as a server sees it and as the meters count it.
 */
@Timeout(60)
class FacesOnSocketsTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int PIECE = 64 * 1024;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(FacesTests.SPRING_BOOT)
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withUserConfiguration(Meters.class)
        .withPropertyValues("outbound.clients.my-api.headers.X-Tenant=acme", "outbound.clients.my-api.auth.type=basic",
                "outbound.clients.my-api.auth.username=u", "outbound.clients.my-api.auth.password=p",
                "outbound.clients.my-api.retry.delay=1ms", "outbound.clients.my-api.retry.jitter=0s");

    private ApplicationContextRunner at(RawServer server) {
        return this.runner.withPropertyValues("outbound.clients.my-api.base-url=" + server.url("/v1"));
    }

    private static Class<?> group(String face) {
        return face.startsWith("REACTIVE") ? ReactiveGroup.class : BlockingGroup.class;
    }

    /** Refuses every other request. */
    private static RawServer flaky() {
        AtomicInteger count = new AtomicInteger();
        return RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.respond((count.incrementAndGet() % 2 == 1) ? 503 : 200, "[]")));
    }

    @ParameterizedTest
    @EnumSource(names = { "BLOCKING_INTERFACE", "REACTIVE_INTERFACE" })
    void allFacesHaveTheSameRetriesMetricsCredentialsAndPool(Face kindOfInterface) {
        List<Face> faces = Arrays.stream(Face.values())
            .filter((face) -> face == kindOfInterface || !face.name().endsWith("_INTERFACE"))
            .toList();
        try (RawServer server = flaky()) {
            // With one connection each, so that a call waits for the one that is just
            // given back
            ApplicationContextRunner single = at(server)
                .withPropertyValues("outbound.clients.my-api.pool.max-connections=1");
            kindOfInterface.with(single).run((context) -> {
                for (Face face : faces) {
                    face.call(context);
                }
                assertThat(server.requests()).hasSize(2 * faces.size())
                    .allSatisfy((request) -> assertThat(request).startsWith("GET /v1/items/7 ")
                        .contains("Authorization: Basic dTpw", "X-Tenant: acme"));
                assertThat(server.connections()).as("a pool of each engine").isEqualTo(2);
                MeterRegistry meters = context.getBean(MeterRegistry.class);
                Timer calls = meters.get("http.client.requests").tag("client.name", "my-api").timer();
                assertThat(meters.find("http.client.requests").timers()).hasSize(1);
                // WebClient's ends its observation after it has given the response away
                await().untilAsserted(() -> assertThat(calls.count()).isEqualTo(faces.size()));
                assertThat(meters.get("outbound.client.retries").functionCounter().count()).isEqualTo(faces.size());
                assertThat(context.getBean(Clients.class).session("my-api").statistics().calls())
                    .isEqualTo(faces.size());
            });
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterceptorOfTheUserStandsAroundTheCallAndItsRetries(Face face) {
        try (RawServer server = flaky()) {
            face.with(at(server))
                .withUserConfiguration(OwnInterceptors.class)
                .withPropertyValues("outbound.clients.my-api.interceptors=own")
                .run((context) -> {
                    face.call(context);
                    assertThat(server.requests()).hasSize(2)
                        .allSatisfy((request) -> assertThat(request).contains("X-Mine: 1"));
                    assertThat(context.getBean(OwnInterceptors.class).faces)
                        .hasValue((face == Face.CLIENT || face == Face.REACTIVE_CLIENT) ? 0 : 1);
                    assertThat(context.getBean(OwnInterceptors.class).calls).hasValue(1);
                });
        }
    }

    /** Faces that can read a response piece by piece. */
    enum Reader {

        CLIENT {
            @Override
            String firstPiece(ApplicationContext context) throws IOException {
                try (StreamedResponse response = Face.qualified(context, Client.class)
                    .stream(HttpMethod.GET, "/stream")) {
                    return new String(response.body().readNBytes(5));
                }
            }
        },

        REACTIVE_CLIENT {
            @Override
            String firstPiece(ApplicationContext context) {
                return Face.qualified(context, ReactiveClient.class)
                    .stream(HttpMethod.GET, "/stream", (response) -> response.text())
                    .blockFirst(PATIENCE);
            }
        },

        REST_CLIENT {
            @Override
            String firstPiece(ApplicationContext context) {
                return Face.qualified(context, RestClient.class)
                    .get()
                    .uri("/stream")
                    .exchange((request, response) -> new String(response.getBody().readNBytes(5)));
            }
        },

        WEB_CLIENT {
            @Override
            String firstPiece(ApplicationContext context) {
                return Face.qualified(context, WebClient.class)
                    .get()
                    .uri("/stream")
                    .retrieve()
                    .bodyToFlux(String.class)
                    .blockFirst(PATIENCE);
            }
        },

        BLOCKING_INTERFACE {
            @Override
            String firstPiece(ApplicationContext context) throws IOException {
                try (InputStream body = context.getBean(Files.class).stream()) {
                    return new String(body.readNBytes(5));
                }
            }
        },

        REACTIVE_INTERFACE {
            @Override
            String firstPiece(ApplicationContext context) {
                return context.getBean(ReactiveFiles.class).stream().blockFirst(PATIENCE);
            }
        };

        abstract String firstPiece(ApplicationContext context) throws IOException;

    }

    @ParameterizedTest
    @EnumSource
    void aResponseIsReadWhileItComes(Reader reader) {
        CountDownLatch read = new CountDownLatch(1);
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "d\r\ndata: hello\n\n\r\n");
            read.await(10, TimeUnit.SECONDS);
        })) {
            at(server).withUserConfiguration(group(reader.name())).run((context) -> {
                try {
                    assertThat(reader.firstPiece(context)).matches("hello|data:|data: hello\n\n");
                }
                finally {
                    read.countDown();
                }
            });
            server.awaitOpen(0);
        }
    }

    /** Faces that can send a body that cannot be sent again. */
    enum Writer {

        CLIENT {
            @Override
            int send(ApplicationContext context, Upload upload) {
                return Face.qualified(context, Client.class)
                    .put("/upload", (r) -> r.body(dev.outbound.client.http.RequestBody.stream(upload.stream(), -1)))
                    .statusCode();
            }
        },

        REACTIVE_CLIENT {
            @Override
            int send(ApplicationContext context, Upload upload) {
                return Face.qualified(context, ReactiveClient.class)
                    .put("/upload",
                            (r) -> r.body(dev.outbound.client.http.RequestBody.publisher(upload.flux(),
                                    MediaType.APPLICATION_OCTET_STREAM)))
                    .block(PATIENCE)
                    .statusCode();
            }
        },

        REST_CLIENT {
            @Override
            int send(ApplicationContext context, Upload upload) {
                return Face.qualified(context, RestClient.class)
                    .put()
                    .uri("/upload")
                    .body(new InputStreamResource(upload.stream()))
                    .exchange((request, response) -> response.getStatusCode().value());
            }
        },

        WEB_CLIENT {
            @Override
            int send(ApplicationContext context, Upload upload) {
                return Face.qualified(context, WebClient.class)
                    .put()
                    .uri("/upload")
                    .body(BodyInserters.fromDataBuffers(upload.flux()))
                    .exchangeToMono((response) -> Mono.just(response.statusCode().value()))
                    .block(PATIENCE);
            }
        },

        BLOCKING_INTERFACE {
            @Override
            int send(ApplicationContext context, Upload upload) {
                return context.getBean(Files.class)
                    .upload(new InputStreamResource(upload.stream()))
                    .getStatusCode()
                    .value();
            }
        },

        REACTIVE_INTERFACE {
            @Override
            int send(ApplicationContext context, Upload upload) {
                return context.getBean(ReactiveFiles.class)
                    .upload(upload.flux())
                    .block(PATIENCE)
                    .getStatusCode()
                    .value();
            }
        };

        abstract int send(ApplicationContext context, Upload upload);

    }

    /** The server has most of the first piece before there is a second one. */
    @ParameterizedTest
    @EnumSource
    void anUploadIsSentWhileItIsMadeAndNeverTwice(Writer writer) {
        Upload upload = new Upload();
        try (RawServer server = RawServer.start(upload::receive)) {
            at(server).withUserConfiguration(group(writer.name())).run((context) -> {
                Throwable thrown = catchThrowable(() -> assertThat(writer.send(context, upload)).isEqualTo(503));
                if (writer.name().endsWith("_INTERFACE")) {
                    assertThat(thrown).hasMessageContaining("503");
                }
                else {
                    assertThat(thrown).isNull();
                }
                assertThat(server.connections()).isEqualTo(1);
                assertThat(upload.received).hasValue(2 * PIECE);
                assertThat(upload.made).as("how often the body was asked for").hasValue(1);
            });
            assertThat(server.failures()).isEmpty();
        }
    }

    /** Two pieces, the second of which waits until the first has arrived. */
    static final class Upload {

        final AtomicInteger received = new AtomicInteger();

        final AtomicInteger made = new AtomicInteger();

        private final CountDownLatch arrived = new CountDownLatch(1);

        private byte[] second() {
            try {
                assertThat(this.arrived.await(10, TimeUnit.SECONDS)).as("first piece arrived").isTrue();
                return new byte[PIECE];
            }
            catch (InterruptedException ex) {
                throw new IllegalStateException(ex);
            }
        }

        InputStream stream() {
            this.made.incrementAndGet();
            return new SequenceInputStream(new ByteArrayInputStream(new byte[PIECE]), new InputStream() {

                private @Nullable InputStream pieces;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    if (this.pieces == null) {
                        this.pieces = new ByteArrayInputStream(second());
                    }
                    return this.pieces.read(buffer, offset, length);
                }

            });
        }

        Flux<DataBuffer> flux() {
            return Flux.defer(() -> {
                this.made.incrementAndGet();
                return Flux.concat(Mono.just(new byte[PIECE]),
                        Mono.fromCallable(this::second).subscribeOn(Schedulers.boundedElastic()));
            }).map(DefaultDataBufferFactory.sharedInstance::wrap);
        }

        void receive(Connection connection) throws Exception {
            connection.readHead();
            StringBuilder text = new StringBuilder();
            byte[] buffer = new byte[8192];
            while (text.indexOf("\r\n0\r\n\r\n") < 0) {
                int count = connection.read(buffer);
                if (count < 0) {
                    throw new IOException("the body ended after " + text.length());
                }
                for (int i = 0; i < count; i++) {
                    text.append((char) buffer[i]);
                    if (buffer[i] == 0 && this.received.incrementAndGet() == PIECE / 2) {
                        this.arrived.countDown();
                    }
                }
            }
            connection.respond(503, "no");
            connection.forEachRequest((request) -> connection.respond(503, "no"));
        }

    }

    interface Files {

        @GetExchange("/stream")
        InputStream stream();

        @PutExchange(value = "/upload", contentType = "application/octet-stream")
        ResponseEntity<Void> upload(@RequestBody Resource body);

    }

    interface ReactiveFiles {

        @GetExchange("/stream")
        Flux<String> stream();

        @PutExchange(value = "/upload", contentType = "application/octet-stream")
        Mono<ResponseEntity<Void>> upload(@RequestBody Flux<DataBuffer> body);

    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "my-api", types = Files.class)
    static class BlockingGroup {

    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "my-api", types = ReactiveFiles.class, clientType = ClientType.WEB_CLIENT)
    static class ReactiveGroup {

    }

    @Configuration(proxyBeanMethods = false)
    static class Meters {

        @Bean
        SimpleMeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        ObservationRegistry observations(MeterRegistry meters) {
            ObservationRegistry observations = ObservationRegistry.create();
            observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
            return observations;
        }

        @Bean
        Object boundMeters(MeterBinder binder, MeterRegistry meters) {
            binder.bindTo(meters);
            return "bound";
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class OwnInterceptors {

        final AtomicInteger faces = new AtomicInteger();

        final AtomicInteger calls = new AtomicInteger();

        @Bean
        Interceptor own() {
            return (request, next) -> {
                this.calls.incrementAndGet();
                return next.send(request.withHeader("X-Mine", "1"));
            };
        }

        @Bean
        RestClientFaceCustomizer rest() {
            return (name, builder) -> builder.requestInterceptor((request, body, execution) -> {
                this.faces.incrementAndGet();
                request.getHeaders().add("X-Face", "1");
                return execution.execute(request, body);
            });
        }

        @Bean
        WebClientFaceCustomizer web() {
            return (name, builder) -> builder.filter((request, next) -> {
                this.faces.incrementAndGet();
                return next.exchange(ClientRequest.from(request).header("X-Face", "1").build());
            });
        }

    }

}
