package dev.outbound.client;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.BodyReading;
import dev.outbound.client.http.CallContext;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ContentDecoder;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;

/**
 * What an {@link Exchange} wants done next. A driver does it and tells the exchange what
 * came of it.
 * <p>
 * A driver owns the response in hand. Every step but {@link Buffer}, and
 * {@link DeliverStream} of a body that was not read, means that it is no longer needed:
 * the driver closes it first.
 */
sealed interface Step {

    /** Stands for a step that may take as long as it likes. */
    long UNLIMITED = Long.MAX_VALUE;

    void act(Actor actor);

    /** What a driver can do. */
    interface Actor {

        void send(Send step);

        void buffer(Buffer step);

        void pause(Pause step);

        void await(Await step);

        void deliver(Deliver step);

        void deliverStream(DeliverStream step);

        void fail(Fail step);

    }

    /**
     * Send a request; then {@code responded} or {@code failed}.
     *
     * @param request the request
     * @param remaining the time that remains for the call, in nanoseconds, or
     * {@link #UNLIMITED}
     */
    record Send(Request request, long remaining) implements Step {

        @Override
        public void act(Actor actor) {
            actor.send(this);
        }

    }

    /**
     * Read the body of the response in hand to its end; then {@code buffered} or
     * {@code failed}.
     *
     * @param limit the largest number of bytes to read
     * @param empty whether there is no body, whatever length the response announces
     * @param decoder undoes the content codings, or {@code null} where there are none;
     * the driver closes it
     */
    record Buffer(long limit, boolean empty, @Nullable ContentDecoder decoder) implements Step {

        @Override
        public void act(Actor actor) {
            actor.buffer(this);
        }

    }

    /**
     * Wait; then {@code resumed}, or {@code cancelled}.
     *
     * @param nanos how long, in nanoseconds
     */
    record Pause(long nanos) implements Step {

        @Override
        public void act(Actor actor) {
            actor.pause(this);
        }

    }

    /**
     * Wait for a result that another call gives; then {@code awaited}, or
     * {@code cancelled}.
     *
     * @param result completes, with or without a value, when there is no more to wait for
     * @param remaining the time that remains for the call, in nanoseconds, or
     * {@link #UNLIMITED}
     * @param limit after which time {@code awaited} is due all the same, in nanoseconds,
     * or {@link #UNLIMITED}
     */
    record Await(CompletionStage<?> result, long remaining, long limit) implements Step {

        @Override
        public void act(Actor actor) {
            actor.await(this);
        }

    }

    /**
     * Give the caller a response that was read.
     *
     * @param response the response
     */
    record Deliver(Response response) implements Step {

        @Override
        public void act(Actor actor) {
            actor.deliver(this);
        }

    }

    /**
     * Give the caller the response to stream, the one in hand unless its body was read
     * already; then {@code closed} when its body has ended.
     *
     * @param head the head of the response
     * @param request the request that was answered
     * @param context the call
     * @param history earlier responses
     * @param next makes the request that the response leads to, where it is a redirect
     * that was not followed, or {@code null}
     * @param buffered the body where it was read already, or {@code null}
     * @param decoder undoes the content codings, or {@code null} where there are none;
     * the driver closes it
     * @param bodyTime how long reading the body may take, in nanoseconds, or
     * {@link #UNLIMITED}
     * @param reading how the body is read
     */
    record DeliverStream(ResponseHead head, Request request, CallContext context, List<Response> history,
            @Nullable Supplier<Request> next, byte @Nullable [] buffered, @Nullable ContentDecoder decoder,
            long bodyTime, BodyReading reading) implements Step {

        static final String NO_RAW_BODY = "The body was read already, for example by the authentication,"
                + " and is there in decoded form only; use bytes()";

        @Override
        public void act(Actor actor) {
            actor.deliverStream(this);
        }

    }

    /**
     * End the call with a failure.
     *
     * @param failure the failure
     */
    record Fail(ClientException failure) implements Step {

        @Override
        public void act(Actor actor) {
            actor.fail(this);
        }

    }

}
