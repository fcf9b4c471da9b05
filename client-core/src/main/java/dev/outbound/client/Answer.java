package dev.outbound.client;

import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;

/**
 * What an {@link Interceptor} wants done: a response that is there, a failure, or what is
 * to come of a request that is still to be sent. Immutable; doing it is the client's.
 *
 * @since 0.1
 */
public abstract sealed class Answer {

    private Answer() {
    }

    /**
     * Return a response that is there.
     * @param response the response, for example one made with {@link Response#of}
     * @return the answer
     */
    public static Answer of(Response response) {
        Assert.notNull(response, "response must not be null");
        return new Given(response);
    }

    /**
     * Return a failure.
     * @param failure what the call fails with
     * @return the answer
     */
    public static Answer failure(ClientException failure) {
        Assert.notNull(failure, "failure must not be null");
        return new Failed(failure);
    }

    /**
     * Return this answer with a changed response.
     * @param change is given the response and returns the one to give instead; a
     * {@link ClientException} that it throws becomes the failure
     * @return another answer
     */
    public Answer map(UnaryOperator<Response> change) {
        Assert.notNull(change, "change must not be null");
        return then((response) -> of(change.apply(response)));
    }

    /**
     * Return this answer, followed by what a function makes of its response.
     * @param next is given the response and says what to do; a {@link ClientException}
     * that it throws becomes the failure
     * @return another answer
     */
    public Answer then(Function<Response, Answer> next) {
        Assert.notNull(next, "next must not be null");
        return new Chained(this, next, null);
    }

    /**
     * Return this answer, or what a function makes of its failure.
     * @param recovery is given the failure and says what to do; a {@link ClientException}
     * that it throws becomes the failure
     * @return another answer
     */
    public Answer recover(Function<ClientException, Answer> recovery) {
        Assert.notNull(recovery, "recovery must not be null");
        return new Chained(this, null, recovery);
    }

    /** A response. */
    static final class Given extends Answer {

        private final Response response;

        private Given(Response response) {
            this.response = response;
        }

        Response response() {
            return this.response;
        }

    }

    /** A failure. */
    static final class Failed extends Answer {

        private final ClientException failure;

        private Failed(ClientException failure) {
            this.failure = failure;
        }

        ClientException failure() {
            return this.failure;
        }

    }

    /** A request, for the interceptor with that number or, behind the last, the call. */
    static final class Send extends Answer {

        private final int interceptor;

        private final Request request;

        Send(int interceptor, Request request) {
            Assert.notNull(request, "request must not be null");
            this.interceptor = interceptor;
            this.request = request;
        }

        int interceptor() {
            return this.interceptor;
        }

        Request request() {
            return this.request;
        }

    }

    /** An answer, and what comes after it. */
    static final class Chained extends Answer {

        private final Answer first;

        private final @Nullable Function<Response, Answer> next;

        private final @Nullable Function<ClientException, Answer> recovery;

        private Chained(Answer first, @Nullable Function<Response, Answer> next,
                @Nullable Function<ClientException, Answer> recovery) {
            this.first = first;
            this.next = next;
            this.recovery = recovery;
        }

        Answer first() {
            return this.first;
        }

        /** What comes after an answer, which is that answer where this has no say. */
        Answer after(Given given) {
            return (this.next != null) ? this.next.apply(given.response()) : given;
        }

        Answer after(Failed failed) {
            return (this.recovery != null) ? this.recovery.apply(failed.failure()) : failed;
        }

    }

}
