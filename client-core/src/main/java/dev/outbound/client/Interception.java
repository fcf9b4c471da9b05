package dev.outbound.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Request;

/**
 * The interceptors of one call. Follows what they say to the point where something must
 * be sent, or where the answer of the call is known. Not thread-safe.
 */
final class Interception {

    private final List<Interceptor> interceptors;

    /** What is to be done with the answer that is waited for, the nearest first. */
    private final Deque<Answer.Chained> waiting = new ArrayDeque<>();

    Interception(List<Interceptor> interceptors) {
        this.interceptors = interceptors;
    }

    /**
     * Begin.
     * @return a request to send, a response or a failure
     */
    Answer begin(Request request) {
        return follow(new Answer.Send(0, request));
    }

    /**
     * Go on with what came of the request that was to be sent.
     * @return a request to send, a response or a failure
     */
    Answer resume(Answer answer) {
        return follow(answer);
    }

    private Answer follow(Answer answer) {
        Answer current = answer;
        while (true) {
            if (current instanceof Answer.Chained chained) {
                this.waiting.push(chained);
                current = chained.first();
            }
            else if (current instanceof Answer.Send sending) {
                if (sending.interceptor() == this.interceptors.size()) {
                    return sending;
                }
                current = intercept(sending);
            }
            else if (this.waiting.isEmpty()) {
                return current;
            }
            else {
                current = after(this.waiting.pop(), current);
            }
        }
    }

    private Answer intercept(Answer.Send sending) {
        int next = sending.interceptor() + 1;
        try {
            return this.interceptors.get(sending.interceptor())
                .intercept(sending.request(), (request) -> new Answer.Send(next, request));
        }
        catch (ClientException ex) {
            return Answer.failure(ex);
        }
    }

    private static Answer after(Answer.Chained chained, Answer answer) {
        try {
            return (answer instanceof Answer.Given given) ? chained.after(given)
                    : chained.after((Answer.Failed) answer);
        }
        catch (ClientException ex) {
            return Answer.failure(ex);
        }
    }

}
