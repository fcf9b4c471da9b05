package dev.outbound.client.http;

import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * The body of a response that is streamed to a reactive caller, in the hands of the
 * driver. {@link ReactiveStreamedResponse} sees to it that it is read once.
 *
 * @since 0.1
 */
public interface ReactiveBodySource {

    /**
     * Return the content, its codings undone.
     * @return the buffers; who takes one releases it
     */
    Flux<DataBuffer> content();

    /**
     * Return the body as it is received, its content codings not undone.
     * @return the buffers, instead of the content; fails with an
     * {@link IllegalStateException} if it is there in decoded form only
     */
    Flux<DataBuffer> raw();

    /**
     * Return how many bytes were received, before content codings are undone.
     * @return the number of bytes
     */
    long received();

    /**
     * Say that the call has failed by the status of its response. What is read from now
     * on is for the message only.
     * @param failure what the call ends with when this is released, unless it is over
     */
    void reject(StatusException failure);

    /**
     * Return whether there is nothing left to release.
     * @return whether the body has ended, failed, been cancelled or been released
     */
    boolean isOver();

}
