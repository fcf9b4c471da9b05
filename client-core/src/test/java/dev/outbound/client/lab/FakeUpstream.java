package dev.outbound.client.lab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

import reactor.core.publisher.Mono;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

/**
 * An upstream in memory, for both kinds of clients, that records what it was asked and
 * counts the responses that nobody ended.
 */
public final class FakeUpstream {

    private final Function<Request, Answer> script;

    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

    private final CountingTransport transport;

    private final CountingReactiveTransport reactiveTransport;

    public FakeUpstream(Function<Request, Answer> script) {
        this.script = script;
        this.transport = new CountingTransport((request, cancellation) -> {
            Answer answer = answer(request);
            return TransportResponse.of(answer.status, answer.fields, answer.body);
        });
        this.reactiveTransport = new CountingReactiveTransport((request, cancellation) -> Mono.fromSupplier(() -> {
            Answer answer = answer(request);
            return ReactiveTransportResponse.of(answer.status, answer.fields, answer.body);
        }));
    }

    /**
     * Answer with one after the other; the last one repeats.
     * @param answers the answers
     * @return an upstream
     */
    public static FakeUpstream answering(Answer... answers) {
        int[] next = { 0 };
        return new FakeUpstream((request) -> answers[Math.min(next[0]++, answers.length - 1)]);
    }

    private Answer answer(Request request) {
        this.requests.add(request);
        Answer answer = this.script.apply(request);
        if (answer.failure != null) {
            throw answer.failure;
        }
        return answer;
    }

    public Transport transport() {
        return this.transport;
    }

    public ReactiveTransport reactiveTransport() {
        return this.reactiveTransport;
    }

    public List<Request> requests() {
        return List.copyOf(this.requests);
    }

    public Request request(int index) {
        return this.requests.get(index);
    }

    /**
     * Return how many responses are neither closed nor aborted.
     * @return zero when nothing has leaked
     */
    public int open() {
        return this.transport.open() + this.reactiveTransport.open();
    }

    public static Answer status(int status, String... fields) {
        return new Answer(status, fields(fields), new byte[0], null);
    }

    public static Answer ok(String body, String... fields) {
        return new Answer(200, fields(fields), body.getBytes(StandardCharsets.UTF_8), null);
    }

    public static Answer failure(RequestException failure) {
        return new Answer(0, FieldLines.empty(), new byte[0], failure);
    }

    private static FieldLines fields(String... lines) {
        FieldLines.Builder builder = FieldLines.builder();
        for (String line : lines) {
            int colon = line.indexOf(':');
            builder.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return builder.build();
    }

    /** What to answer. */
    public record Answer(int status, FieldLines fields, byte[] body,
            @org.jspecify.annotations.Nullable RequestException failure) {

        public Answer withBody(String body) {
            return new Answer(this.status, this.fields, body.getBytes(StandardCharsets.UTF_8), null);
        }

    }

}
