package dev.outbound.client.http;

import java.nio.ByteBuffer;

/**
 * Undoes one content coding. A body of no bytes is not an error of any coding.
 */
interface Coding {

    /** Decode bytes to their end, in pieces of a few kilobytes. */
    void decode(ByteBuffer bytes, ContentDecoder.Output output);

    /** Fail with {@link DecodingException} if this is not the end of the coding. */
    void finish(ContentDecoder.Output output);

    /** Release what is held; may be called more than once. */
    void close();

}
