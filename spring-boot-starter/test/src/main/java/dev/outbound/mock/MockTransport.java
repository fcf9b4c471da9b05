package dev.outbound.mock;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import dev.outbound.client.ClientClock;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

/**
 * Does what a router says on the thread of the caller.
 */
final class MockTransport implements Transport {

    private final Function<ContextView, MockRouter> router;

    private final TransportSettings settings;

    /**
     * Create a transport.
     * @param router finds the router for a request
     * @param settings those of the client, for what is passed through
     */
    MockTransport(Function<ContextView, MockRouter> router, TransportSettings settings) {
        this.router = router;
        this.settings = settings;
    }

    /** All is accepted: what it would be applied to is what the mock stands for. */
    @Override
    public void check(TransportSettings settings) {
    }

    @Override
    public TransportResponse send(Request request, Cancellation cancellation) {
        MockRouter router = this.router.apply(Context.empty());
        MockRouter.Resolution resolution = router.resolve(SentRequest.of(request, read(request)));
        SentRequest sent = resolution.request();
        Reply reply = resolution.reply();
        Upstream upstream = reply.upstream();
        if (upstream != null) {
            return new PassedOn(router, this.settings).blocking(upstream, sent, cancellation);
        }
        Stage stage = new Stage(sent, this.settings, router.clock(), cancellation);
        Act.beforeHead(reply, sent).forEach(stage::perform);
        return new MockResponse(reply, new Body(stage, new ArrayDeque<>(Act.body(reply, sent))));
    }

    private static byte[] read(Request request) {
        RequestBody body = request.body();
        if (body == null) {
            return new byte[0];
        }
        byte[] bytes = body.bytes();
        if (bytes != null) {
            return bytes;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            body.writeTo(out);
        }
        catch (IOException ex) {
            // As the engines tell a source that fails from a connection that does.
            throw new UncheckedIOException("The body of the request could not be read", ex);
        }
        return out.toByteArray();
    }

    /** Performs acts for one request. */
    private record Stage(SentRequest request, TransportSettings settings, ClientClock clock,
            Cancellation cancellation) {

        byte @Nullable [] perform(Act act) {
            if (act instanceof Act.Pause pause) {
                pause(pause);
            }
            else if (act instanceof Act.Fail fail) {
                throw fail.failure();
            }
            return (act instanceof Act.Bytes bytes) ? bytes.bytes() : null;
        }

        private void pause(Act.Pause pause) {
            Act.Wait wait = pause.wait(this.request, this.settings, this.cancellation.deadline(),
                    this.clock.nanoTime());
            try {
                pass(wait.duration());
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
                throw new CancelledException(pause.phase(), "the calling thread was interrupted", ex);
            }
            RequestException ended = this.cancellation.failure(pause.phase(), null);
            if (ended != null) {
                throw ended;
            }
            if (wait.failure() != null) {
                throw wait.failure();
            }
        }

        /** Until the time is over, or the call. */
        private void pass(Duration duration) throws InterruptedException {
            if (this.clock instanceof VirtualClock virtual) {
                virtual.pass(duration, this.cancellation);
            }
            else if (this.clock.isSystem()) {
                CountDownLatch ended = new CountDownLatch(1);
                this.cancellation.onCancel(ended::countDown);
                try {
                    ended.await(duration.toNanos(), TimeUnit.NANOSECONDS);
                }
                finally {
                    this.cancellation.onCancel(null);
                }
            }
            else {
                this.clock.sleep(duration);
            }
        }

    }

    /** The body of a reply, with what goes wrong in it. */
    private static final class Body extends InputStream {

        private final Stage stage;

        private final Deque<Act> acts;

        private byte[] bytes = new byte[0];

        private int position;

        private volatile boolean aborted;

        Body(Stage stage, Deque<Act> acts) {
            this.stage = stage;
            this.acts = acts;
        }

        @Override
        public int read() {
            return hasMore() ? this.bytes[this.position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            if (!hasMore()) {
                return -1;
            }
            int count = Math.min(length, this.bytes.length - this.position);
            System.arraycopy(this.bytes, this.position, target, offset, count);
            this.position += count;
            return count;
        }

        private boolean hasMore() {
            while (this.position == this.bytes.length) {
                if (this.aborted) {
                    throw new ConnectionLostException(Phase.BODY, "the response was aborted", null);
                }
                Act next = this.acts.peek();
                if (next == null) {
                    return false;
                }
                byte[] bytes = this.stage.perform(next);
                this.acts.remove();
                if (bytes != null) {
                    this.bytes = bytes;
                    this.position = 0;
                }
            }
            return true;
        }

        void abort() {
            this.aborted = true;
        }

    }

    private record MockResponse(Reply reply, Body stream) implements TransportResponse {

        @Override
        public int statusCode() {
            return this.reply.status();
        }

        @Override
        public String reasonPhrase() {
            return this.reply.reasonPhrase();
        }

        @Override
        public String httpVersion() {
            return this.reply.httpVersion();
        }

        @Override
        public FieldLines fields() {
            return this.reply.sentFields();
        }

        @Override
        public InputStream body() {
            return this.stream;
        }

        @Override
        public long contentLength() {
            return this.reply.announcedLength();
        }

        @Override
        public void close() {
        }

        @Override
        public void abort() {
            this.stream.abort();
        }

    }

}
