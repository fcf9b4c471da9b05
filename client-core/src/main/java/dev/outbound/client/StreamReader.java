package dev.outbound.client;

import java.io.IOException;

import dev.outbound.client.http.StreamedResponse;

/**
 * Reads a streamed response, which is closed when this returns.
 *
 * @param <T> what is made of it
 * @since 0.1
 */
@FunctionalInterface
public interface StreamReader<T> {

    /**
     * Read the response.
     * @param response the response, its body unread
     * @return what was made of it
     * @throws IOException if what was read cannot be written where it should go
     */
    T read(StreamedResponse response) throws IOException;

}
