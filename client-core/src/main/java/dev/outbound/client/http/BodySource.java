package dev.outbound.client.http;

import java.io.InputStream;

/**
 * The body of a response that is streamed to a blocking caller, in the hands of the
 * driver. {@link StreamedResponse} sees to it that it is read once.
 *
 * @since 0.1
 */
public interface BodySource extends AutoCloseable {

    /**
     * Return the content, its codings undone. Its end, a failure or its closing releases
     * the connection.
     * @return the stream, always the same
     */
    InputStream content();

    /**
     * Return the body as it is received, its content codings not undone.
     * @return the stream, instead of the content
     * @throws IllegalStateException if it is there in decoded form only
     */
    InputStream raw();

    /**
     * Return how many bytes were received, before content codings are undone.
     * @return the number of bytes
     */
    long received();

    /**
     * Say that the call has failed by the status of its response. What is read from now
     * on is for the message only, and not waited for long: reading fails when it takes
     * more than a second.
     * @param failure what the call ends with when this is closed, unless it is over
     */
    void reject(StatusException failure);

    /**
     * Return whether the connection was released.
     * @return whether the body has ended, failed or been closed
     */
    boolean isOver();

    /**
     * Release the connection. May be called more than once, and from any thread.
     */
    @Override
    void close();

}
