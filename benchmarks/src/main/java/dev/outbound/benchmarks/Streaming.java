package dev.outbound.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.transport.Engine;

/**
 * One way to move a gigabyte, in a JVM with little heap. It says how many bytes it moved
 * and in how many nanoseconds.
 */
final class Streaming {

    static final long SIZE = 1L << 30;

    private static final int PIECE = 16 * 1024;

    private static final byte[] NOTHING = new byte[PIECE];

    private Streaming() {
    }

    /** The {@link Way}, the port of the server. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        String url = "http://127.0.0.1:" + args[1];
        Way way = Way.valueOf(args[0]);
        // The compiler is at work for the first of it.
        way.move(url, SIZE / 8);
        long begin = System.nanoTime();
        long moved = way.move(url, SIZE);
        long nanos = System.nanoTime() - begin;
        if (moved != SIZE) {
            throw new IllegalStateException(way + " moved " + moved + " bytes");
        }
        out.println(moved * TimeUnit.SECONDS.toNanos(1) / nanos);
        System.exit(0);
    }

    private static long drain(InputStream body) throws IOException {
        byte[] buffer = new byte[PIECE];
        long count = 0;
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            count += read;
        }
        return count;
    }

    private static long sum(Flux<Long> lengths) {
        Long sum = lengths.reduce(0L, Long::sum).block();
        return (sum != null) ? sum : 0;
    }

    /** Who moves it, and where to. */
    enum Way {

        HTTP_COMPONENTS_DOWN {
            @Override
            long move(String url, long size) throws IOException {
                try (CloseableHttpClient client = HttpComponentsContender.client()) {
                    return client.execute(new HttpGet(url + "/bytes/" + size),
                            (response) -> drain(response.getEntity().getContent()));
                }
            }
        },

        OUTBOUND_DOWN {
            @Override
            long move(String url, long size) throws IOException {
                try (Client client = blocking(url);
                        StreamedResponse response = client.stream(HttpMethod.GET, "/bytes/" + size)) {
                    return drain(response.body());
                }
            }
        },

        HTTP_COMPONENTS_UP {
            @Override
            long move(String url, long size) throws IOException {
                HttpPost request = new HttpPost(url + "/upload");
                request.setEntity(new InputStreamEntity(new Zeros(size), size, ContentType.APPLICATION_OCTET_STREAM));
                try (CloseableHttpClient client = HttpComponentsContender.client()) {
                    return client.execute(request, (response) -> (response.getCode() == 200) ? size : -1);
                }
            }
        },

        OUTBOUND_UP {
            @Override
            long move(String url, long size) {
                try (Client client = blocking(url)) {
                    client.post("/upload", (request) -> request.body(RequestBody.stream(new Zeros(size), size)))
                        .raiseForStatus();
                    return size;
                }
            }
        },

        REACTOR_NETTY_DOWN {
            @Override
            long move(String url, long size) {
                return sum(HttpClient.create()
                    .get()
                    .uri(url + "/bytes/" + size)
                    .responseContent()
                    .map((buffer) -> (long) buffer.readableBytes()));
            }
        },

        OUTBOUND_REACTIVE_DOWN {
            @Override
            long move(String url, long size) {
                try (ReactiveClient client = reactive(url)) {
                    return sum(client.stream(HttpMethod.GET, "/bytes/" + size,
                            (response) -> response.body().map(Way::release)));
                }
            }
        },

        REACTOR_NETTY_UP {
            @Override
            long move(String url, long size) {
                Flux<ByteBuf> body = Flux.range(0, (int) (size / PIECE)).map((i) -> Unpooled.wrappedBuffer(NOTHING));
                return sum(HttpClient.create()
                    .post()
                    .uri(url + "/upload")
                    .send(body)
                    .responseSingle((response, answer) -> answer.then(Mono.just(size)))
                    .flux());
            }
        },

        OUTBOUND_REACTIVE_UP {
            @Override
            long move(String url, long size) {
                Flux<DataBuffer> body = Flux.range(0, (int) (size / PIECE))
                    .map((i) -> DefaultDataBufferFactory.sharedInstance.wrap(NOTHING));
                try (ReactiveClient client = reactive(url)) {
                    return sum(client.post("/upload", (request) -> request.body(RequestBody.publisher(body, null)))
                        .map((response) -> (response.raiseForStatus().statusCode() == 200) ? size : -1)
                        .flux());
                }
            }
        };

        abstract long move(String url, long size) throws IOException;

        private static Client blocking(String url) {
            return OutboundContender
                .everythingOn(OutboundContender.builder(url, Engine.HTTP_COMPONENTS, Engine.REACTOR))
                .observations(Observations.asInBoot())
                .total(null)
                .build();
        }

        private static ReactiveClient reactive(String url) {
            return OutboundContender
                .everythingOn(OutboundContender.builder(url, Engine.HTTP_COMPONENTS, Engine.REACTOR))
                .observations(Observations.asInBoot())
                .total(null)
                .buildReactive();
        }

        private static long release(DataBuffer buffer) {
            long length = buffer.readableByteCount();
            DataBufferUtils.release(buffer);
            return length;
        }

    }

}
