package dev.outbound.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.Transferred;
import dev.outbound.client.transport.AttemptProgress;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

/**
 * Does what an exchange says on the thread of the caller. One for each call.
 */
final class BlockingDriver implements Step.Actor {

    private static final long PATIENCE = Duration.ofSeconds(1).toNanos();

    private final Transport transport;

    private final Generation generation;

    private final ClientClock clock;

    private final Exchange exchange;

    private final Cancellation cancellation = new Cancellation(Cancellation.NO_DEADLINE);

    private @Nullable TransportResponse inHand;

    private @Nullable Step next;

    private @Nullable AbstractResponse answer;

    /** The caller reads the body. */
    private boolean streams;

    private boolean left;

    /**
     * Create the driver of a call that was begun in a generation, which it leaves at the
     * end.
     */
    BlockingDriver(Transport transport, Generation generation, Exchange exchange) {
        this.transport = transport;
        this.generation = generation;
        this.clock = generation.clock().forCall(Context.empty());
        this.exchange = exchange;
    }

    /**
     * Return a {@code Response}, or a {@code StreamedResponse} for a streamed exchange.
     */
    AbstractResponse run() {
        boolean watched = this.clock.isSystem();
        if (watched) {
            this.generation.calls().watch(this.cancellation);
        }
        try {
            this.next = this.exchange.start(this.clock.nanoTime(), this.clock.millis());
            while (this.answer == null) {
                step().act(this);
            }
            AbstractResponse answer = this.answer;
            // A streamed response that nobody holds must not be held here.
            this.answer = null;
            this.inHand = null;
            if (answer instanceof Response) {
                end(null);
            }
            return answer;
        }
        catch (Throwable ex) {
            abort();
            try {
                end(ex);
            }
            catch (Throwable other) {
                if (other != ex) {
                    ex.addSuppressed(other);
                }
            }
            throw ex;
        }
    }

    private Step step() {
        Step step = this.next;
        if (step == null) {
            throw new IllegalStateException("The exchange gave no next step");
        }
        this.next = null;
        return step;
    }

    /** The end of the call, which of a streamed one comes with the end of its body. */
    void end(@Nullable Throwable failure) {
        if (this.clock.isSystem()) {
            this.cancellation.unwatch();
        }
        try {
            this.exchange.closed(failure, this.clock.nanoTime());
        }
        finally {
            if (!this.left) {
                this.left = true;
                leave();
            }
        }
    }

    private void leave() {
        if (this.streams) {
            this.generation.leaveStream();
        }
        else {
            this.generation.leave();
        }
    }

    @Override
    public void send(Step.Send step) {
        close();
        this.cancellation.nextAttempt();
        this.cancellation.deadline(deadline(step.remaining()));
        TransportResponse response;
        try {
            response = this.transport.send(step.request(), this.cancellation);
        }
        catch (RequestException ex) {
            transferred(0, -1);
            this.next = this.exchange.failed(ex, this.clock.nanoTime());
            return;
        }
        this.inHand = response;
        this.next = this.exchange.responded(response, this.clock.nanoTime());
    }

    @Override
    public void buffer(Step.Buffer step) {
        TransportResponse response = inHand();
        long received = 0;
        byte[] body;
        try (BodyCollector collector = new BodyCollector(response.contentLength(), step)) {
            try {
                body = collector.read(response.body());
            }
            finally {
                received = collector.received();
            }
        }
        catch (RequestException ex) {
            transferred(received, response.contentLength());
            abort();
            this.next = this.exchange.failed(ex, this.clock.nanoTime());
            return;
        }
        close();
        this.next = this.exchange.buffered(body, this.clock.nanoTime());
    }

    @Override
    public void pause(Step.Pause step) {
        close();
        try {
            Pause.sleep(Duration.ofNanos(step.nanos()), this.clock, this.cancellation);
            RequestException ended = this.cancellation.failure(Phase.PAUSE, null);
            this.next = (ended != null) ? this.exchange.cancelled(ended, this.clock.nanoTime())
                    : this.exchange.resumed(this.clock.nanoTime());
        }
        catch (InterruptedException ex) {
            this.next = interrupted(Phase.PAUSE, ex);
        }
    }

    @Override
    public void await(Step.Await step) {
        close();
        try {
            Pause.await(result(step), Math.min(step.remaining(), step.limit()), this.cancellation);
            RequestException ended = this.cancellation.failure(Phase.PREPARE, null);
            this.next = (ended != null) ? this.exchange.cancelled(ended, this.clock.nanoTime())
                    : this.exchange.awaited(this.clock.nanoTime());
        }
        catch (TimeoutException ex) {
            this.next = (step.limit() != Step.UNLIMITED) ? this.exchange.awaited(this.clock.nanoTime())
                    : this.exchange.cancelled(new TotalTimeoutException(Phase.PREPARE,
                            "the time for the whole call ran out while it waited for another call's result", null),
                            this.clock.nanoTime());
        }
        catch (InterruptedException ex) {
            this.next = interrupted(Phase.PREPARE, ex);
        }
    }

    /** What is waited for; on virtual time also the end of the wait. */
    private CompletionStage<?> result(Step.Await step) {
        CompletableFuture<?> result = step.result().toCompletableFuture();
        return (step.limit() == Step.UNLIMITED || this.clock.isSystem()) ? result
                : CompletableFuture.anyOf(result, this.clock.delay(Duration.ofNanos(step.limit())).toFuture());
    }

    private Step interrupted(Phase phase, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return this.exchange.cancelled(new CancelledException(phase, "the calling thread was interrupted", cause),
                this.clock.nanoTime());
    }

    @Override
    public void deliver(Step.Deliver step) {
        close();
        this.answer = step.response();
    }

    @Override
    public void deliverStream(Step.DeliverStream step) {
        this.cancellation.streamDeadline(deadline(step.bodyTime()), step.bodyTime());
        if (step.buffered() != null) {
            close();
        }
        this.answer = new StreamedResponse(step.head(), new DeliveredBody(this, this.inHand, step), step.request(),
                step.context(), step.history(), step.next(), step.reading());
        this.streams = true;
        this.generation.delivered();
    }

    @Override
    public void fail(Step.Fail step) {
        throw step.failure();
    }

    /** What is left of a delivered body is for a message, and not worth a long wait. */
    void hurry() {
        long soon = this.clock.nanoTime() + PATIENCE;
        long deadline = this.cancellation.deadline();
        if (deadline == Cancellation.NO_DEADLINE || deadline - soon > 0) {
            this.cancellation.deadline(soon);
        }
    }

    /** What has passed is asked for when a call fails, and only then. */
    private void transferred(long received, long toReceive) {
        AttemptProgress progress = this.cancellation.progress();
        this.exchange.transferred(new Transferred((progress != null) ? progress.bytesSent() : -1,
                (progress != null) ? progress.bytesToSend() : -1, received, toReceive));
    }

    /**
     * Complete a failure of reading a delivered body.
     * @param received how much of it has arrived
     * @param toReceive how much was announced, or -1
     */
    ClientException complete(RequestException failure, long received, long toReceive) {
        transferred(received, toReceive);
        return failure.in(this.exchange.context(this.clock.nanoTime()));
    }

    private long deadline(long remaining) {
        return (remaining == Step.UNLIMITED) ? Cancellation.NO_DEADLINE : this.clock.nanoTime() + remaining;
    }

    private TransportResponse inHand() {
        TransportResponse response = this.inHand;
        if (response == null) {
            throw new IllegalStateException("There is no response in hand");
        }
        return response;
    }

    private void close() {
        TransportResponse response = this.inHand;
        if (response != null) {
            this.inHand = null;
            response.close();
        }
    }

    private void abort() {
        TransportResponse response = this.inHand;
        if (response != null) {
            this.inHand = null;
            response.abort();
        }
    }

}
