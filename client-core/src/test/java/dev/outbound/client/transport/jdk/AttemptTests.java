package dev.outbound.client.transport.jdk;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.OutgoingHead;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;

/** Who of several comes first. */
class AttemptTests {

    /** The head is known: nobody asks the JDK for it. */
    private static final HttpResponse.ResponseInfo NOT_ASKED = new HttpResponse.ResponseInfo() {

        @Override
        public int statusCode() {
            throw new IllegalStateException();
        }

        @Override
        public HttpHeaders headers() {
            throw new IllegalStateException();
        }

        @Override
        public HttpClient.Version version() {
            throw new IllegalStateException();
        }

    };

    private final Connections connections = new Connections(TransportSettings.defaults("shop"));

    private final CompletableFuture<Inbound> delivered = new CompletableFuture<>();

    private @Nullable Attempt attempt;

    private @Nullable Inbound given;

    /** The JDK meets the response while it is taken from it. */
    @Test
    void aResponseThatCameEarlyIsDeliveredOnceAndWhole() throws Exception {
        byte[] bytes = new byte[100];
        Request request = Request.of(HttpMethod.POST, Url.parse("http://shop.test/"))
            .withBody(RequestBody.bytes(bytes));
        BytesUpload upload = new BytesUpload(bytes, bytes.length);
        Attempt attempt = new Attempt(this.connections, request, OutgoingHead.of(request), upload, new Lane());
        this.attempt = attempt;
        upload.begin(attempt);
        attempt.responded(
                new IncomingHead(413, "Too Large", "HTTP/1.1", FieldLines.empty().with("Content-Length", "3")), true);
        attempt.receivedEarly(ByteBuffer.wrap("big".getBytes(StandardCharsets.US_ASCII)));
        attempt.receivedAll();
        Inbound body = this.delivered.get(5, TimeUnit.SECONDS);
        assertThat(this.given).isNotNull().isNotSameAs(body);
        assertThat(body.isEnded()).isTrue();
        assertThat(body.failure()).isNull();
        assertThat(body.poll()).isEqualTo(ByteBuffer.wrap("big".getBytes(StandardCharsets.US_ASCII)));
        assertThat(body.poll()).isNull();
    }

    private final class Lane implements Attempt.Lane {

        @Override
        public boolean isBlocking() {
            return false;
        }

        @Override
        public void responded(IncomingHead head, Inbound body) {
            AttemptTests.this.delivered.complete(body);
        }

        @Override
        public void failed(Throwable failure) {
            AttemptTests.this.delivered.completeExceptionally(failure);
        }

        /** The attempt is over, and its body not yet delivered. */
        @Override
        public void ended() {
            Attempt attempt = AttemptTests.this.attempt;
            if (attempt != null) {
                AttemptTests.this.given = attempt.respond(NOT_ASKED);
            }
        }

    }

}
