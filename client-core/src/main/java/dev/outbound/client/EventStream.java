package dev.outbound.client;

import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.http.codec.ServerSentEvent;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.RunningCalls;

/**
 * Server-sent events over many connections, on the thread that consumes them: does what
 * {@link Reconnection} says.
 */
final class EventStream extends Spliterators.AbstractSpliterator<ServerSentEvent<String>> {

    private final Reconnection reconnection;

    private final Supplier<StreamedResponse> connect;

    private final ClientClock clock;

    private final RunningCalls pauses;

    private volatile @Nullable Cancellation pause;

    private volatile @Nullable StreamedResponse response;

    private volatile boolean closed;

    private @Nullable Spliterator<ServerSentEvent<String>> events;

    private @Nullable ServerSentEvent<String> next;

    private EventStream(Reconnection reconnection, Supplier<StreamedResponse> connect, ClientClock clock,
            RunningCalls pauses) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.reconnection = reconnection;
        this.connect = connect;
        this.clock = clock;
        this.pauses = pauses;
    }

    /** Make the first connection: a failure of it is the caller's at once. */
    static Stream<ServerSentEvent<String>> open(Reconnection reconnection, Supplier<StreamedResponse> connect,
            ClientClock clock, RunningCalls pauses) {
        EventStream stream = new EventStream(reconnection, connect, clock, pauses);
        stream.connect();
        return StreamSupport.stream(stream, false).onClose(stream::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super ServerSentEvent<String>> action) {
        while (!this.closed) {
            if (this.events == null) {
                if (this.reconnection.isOver()) {
                    return false;
                }
                pause();
                connect();
            }
            ServerSentEvent<String> event = read();
            if (event != null) {
                action.accept(event);
                return true;
            }
        }
        return false;
    }

    private void connect() {
        if (this.closed) {
            return;
        }
        try {
            StreamedResponse response = this.connect.get();
            this.response = response;
            if (this.closed) {
                response.close();
                return;
            }
            switch (this.reconnection.responded(response.statusCode())) {
                case READ -> this.events = open(response);
                case LEAVE, STOP -> response.close();
                case REFUSE -> refuse(response);
            }
        }
        catch (ClientException ex) {
            lost(ex);
        }
    }

    private Spliterator<ServerSentEvent<String>> open(StreamedResponse response) {
        try {
            return response.events(this.reconnection.read()).spliterator();
        }
        catch (ClientException ex) {
            response.close();
            throw ex;
        }
    }

    private static void refuse(StreamedResponse response) {
        try (response) {
            throw Reconnection.notEvents(response.raiseForStatus());
        }
    }

    /** Return the next event, or {@code null} where the connection has none any more. */
    private @Nullable ServerSentEvent<String> read() {
        Spliterator<ServerSentEvent<String>> events = this.events;
        this.next = null;
        try {
            if (events != null && events.tryAdvance((event) -> this.next = event)) {
                this.reconnection.received();
            }
            else {
                disconnect();
            }
        }
        catch (ClientException ex) {
            if (!this.closed) {
                lost(ex);
            }
        }
        return this.next;
    }

    private void lost(ClientException failure) {
        disconnect();
        if (!this.reconnection.failed(failure)) {
            throw failure;
        }
    }

    private void disconnect() {
        StreamedResponse response = this.response;
        this.events = null;
        if (response != null) {
            response.close();
        }
    }

    private void pause() {
        Cancellation pause = new Cancellation(Cancellation.NO_DEADLINE);
        this.pause = pause;
        this.pauses.watch(pause);
        try {
            if (!this.closed) {
                Pause.sleep(this.reconnection.pause(), this.clock, pause);
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Phase.PAUSE,
                    "the thread was interrupted while it waited to connect to the events again", ex);
        }
        finally {
            pause.unwatch();
        }
        RequestException ended = pause.failure(Phase.PAUSE, null);
        if (ended != null && !this.closed) {
            throw ended;
        }
    }

    private void close() {
        this.closed = true;
        Cancellation pause = this.pause;
        if (pause != null) {
            pause.cancel(Cancellation.Cause.CLOSED);
        }
        StreamedResponse response = this.response;
        if (response != null) {
            response.close();
        }
    }

}
