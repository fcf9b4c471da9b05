package dev.outbound.client.transport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.application.ApplicationTransport;
import dev.outbound.client.transport.spring.ConnectorTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A buffer that is on its way while a response is aborted, or closed, is released.
 */
@Timeout(20)
class LateBufferTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HeldBody body = new HeldBody();

    private final List<Throwable> failures = new ArrayList<>();

    private ReactiveTransportResponse read(ReactiveTransport transport) {
        ReactiveTransportResponse response = head(transport);
        response.body().subscribe(DataBufferUtils::release, this.failures::add);
        return response;
    }

    private static ReactiveTransportResponse head(ReactiveTransport transport) {
        Request request = Request.of(HttpMethod.GET, Url.parse("http://shop.test/"));
        ReactiveTransportResponse response = transport.send(request, new Cancellation(Cancellation.NO_DEADLINE))
            .block(PATIENCE);
        assertThat(response).isNotNull();
        return response;
    }

    private ReactiveTransport connector() {
        return ConnectorTransport.of((method, uri, callback) -> Mono.just(new HeldResponse(this.body)));
    }

    @Test
    void ofAConnectorWhoseResponseWasAborted() {
        read(connector()).abort();
        this.body.assertReleases();
        assertThat(this.failures).singleElement().isInstanceOf(CancelledException.class);
        assertThat(this.body.cancelled).isTrue();
    }

    @Test
    void ofAConnectorWhoseResponseWasNotRead() {
        head(connector()).close();
        this.body.assertReleases();
        await(() -> this.body.cancelled);
        this.body.assertReleases();
    }

    private static void await(BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(5)).takeUntil((tick) -> condition.getAsBoolean()).blockLast(PATIENCE);
    }

    @Test
    void ofAnApplicationWhoseResponseWasAborted() {
        read(ApplicationTransport.of((request, response) -> response.writeWith(this.body.startingWith("first"))))
            .abort();
        this.body.assertReleases();
        assertThat(this.failures).singleElement().isInstanceOf(ConnectionLostException.class);
        assertThat(this.body.cancelled).isTrue();
    }

    /** A body whose buffers the test gives, also when nobody wants them any more. */
    private static final class HeldBody extends Flux<DataBuffer> {

        private @Nullable CoreSubscriber<? super DataBuffer> reader;

        private volatile boolean cancelled;

        private @Nullable String first;

        HeldBody startingWith(String first) {
            this.first = first;
            return this;
        }

        @Override
        public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
            this.reader = actual;
            actual.onSubscribe(new Subscription() {

                @Override
                public void request(long n) {
                    String first = HeldBody.this.first;
                    HeldBody.this.first = null;
                    if (first != null) {
                        actual.onNext(new NettyDataBufferFactory(ByteBufAllocator.DEFAULT)
                            .wrap(first.getBytes(StandardCharsets.UTF_8)));
                    }
                }

                @Override
                public void cancel() {
                    HeldBody.this.cancelled = true;
                }

            });
        }

        void assertReleases() {
            ByteBuf late = ByteBufAllocator.DEFAULT.buffer().writeByte('x');
            CoreSubscriber<? super DataBuffer> reader = this.reader;
            assertThat(reader).isNotNull();
            reader.onNext(new NettyDataBufferFactory(ByteBufAllocator.DEFAULT).wrap(late));
            assertThat(late.refCnt()).isZero();
        }

    }

    private record HeldResponse(Flux<DataBuffer> body) implements ClientHttpResponse {

        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatus.OK;
        }

        @Override
        public HttpHeaders getHeaders() {
            return new HttpHeaders();
        }

        @Override
        public MultiValueMap<String, ResponseCookie> getCookies() {
            return new LinkedMultiValueMap<>();
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return this.body;
        }

    }

}
