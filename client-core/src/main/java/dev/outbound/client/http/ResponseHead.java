package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * Status line and field lines of a response. What a transport returns implements it, so
 * that nothing is converted that nobody asks for.
 *
 * @since 0.1
 */
public interface ResponseHead {

    /**
     * Return the status code.
     * @return 100 to 999
     */
    int statusCode();

    /**
     * Return the reason phrase as it was received.
     * @return the phrase, or an empty text, as HTTP/2 has none
     */
    String reasonPhrase();

    /**
     * Return the version of HTTP that was spoken.
     * @return {@code HTTP/1.1} or {@code HTTP/2}, for example
     */
    String httpVersion();

    /**
     * Return the field lines as they were received.
     * @return the lines
     */
    FieldLines fields();

    /**
     * Return the value of the first field line of that name.
     * @param name the name, in any case
     * @return the value, or {@code null}
     */
    default @Nullable String first(String name) {
        return fields().first(name);
    }

    /**
     * Return a head.
     * @param statusCode the status code
     * @param reasonPhrase the reason phrase, or an empty text
     * @param httpVersion the version of HTTP
     * @param fields the field lines
     * @return the head, immutable
     */
    static ResponseHead of(int statusCode, String reasonPhrase, String httpVersion, FieldLines fields) {
        return new SimpleHead(statusCode, reasonPhrase, httpVersion, fields);
    }

}
