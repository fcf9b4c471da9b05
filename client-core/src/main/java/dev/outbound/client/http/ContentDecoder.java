package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Undoes the {@code Content-Encoding} of a body as its bytes arrive (RFC 9110, section
 * 8.4): several codings last to first, {@code identity} and unknown ones not at all, as
 * HTTPX does.
 * <p>
 * Bytes are pushed in and decoded ones are given out in small pieces, so that memory does
 * not grow with what a server makes of a few bytes; both clients use it so. Not
 * thread-safe. {@link #close()} releases memory outside of the heap and is to be called
 * in every case.
 *
 * @since 0.1
 */
public final class ContentDecoder implements AutoCloseable {

    /** Up to this many bytes a ratio says nothing. */
    private static final long SMALL = 1024 * 1024;

    /** In one line; what is behind them is taken for one unknown name. */
    private static final int MOST_NAMES = 50;

    /** In the order in which they are undone. */
    private final List<Layer> layers = new ArrayList<>();

    private final long maxBytes;

    private final long maxRatio;

    private long received;

    private ContentDecoder(List<Coding> codings, long maxBytes, long maxRatio) {
        codings.forEach((coding) -> this.layers.add(new Layer(coding)));
        this.maxBytes = maxBytes;
        this.maxRatio = maxRatio;
    }

    /**
     * Return a decoder for a response.
     * @param contentEncodings the values of its {@code Content-Encoding} fields
     * @param maxBytes how many decoded bytes are accepted, or -1 for no limit
     * @param maxRatio how many times larger than the bytes received the decoded ones may
     * be, once they are more than 1 MiB; -1 for no limit
     * @param maxCodings how many codings are undone; more are an attack (CVE-2022-32206)
     * @return the decoder, or {@code null} where there is nothing to undo
     * @throws DecodingException if there are more codings
     */
    public static @Nullable ContentDecoder of(List<String> contentEncodings, long maxBytes, long maxRatio,
            int maxCodings) {
        Assert.notNull(contentEncodings, "contentEncodings must not be null");
        List<Coding> codings = new ArrayList<>(1);
        for (String value : contentEncodings) {
            for (String name : value.split(",", MOST_NAMES)) {
                Coding coding = Codings.find(name.trim().toLowerCase(Locale.ROOT));
                if (coding != null) {
                    codings.add(0, coding);
                }
                if (codings.size() > maxCodings) {
                    codings.forEach(Coding::close);
                    throw new DecodingException("the body has more than " + maxCodings + " content codings", null);
                }
            }
        }
        return codings.isEmpty() ? null : new ContentDecoder(codings, maxBytes, maxRatio);
    }

    /**
     * Return the codings that can be undone here, for {@code Accept-Encoding}.
     * @return {@code gzip}, {@code deflate}, and {@code br} and {@code zstd} where their
     * library is present, in this order
     */
    public static Set<String> supported() {
        return Codings.NAMES;
    }

    /**
     * Decode further bytes.
     * @param bytes are read to their end
     * @param output is given what is decoded so far
     * @throws DecodingException if the bytes are not of the coding
     * @throws LimitExceededException if there are too many decoded bytes
     */
    public void decode(ByteBuffer bytes, Output output) {
        this.received += bytes.remaining();
        decode(0, bytes, output);
    }

    /**
     * Tell that there are no further bytes.
     * @param output is given what was left
     * @throws DecodingException if the coding was not at its end
     * @throws LimitExceededException if there are too many decoded bytes
     */
    public void finish(Output output) {
        for (int i = 0; i < this.layers.size(); i++) {
            this.layers.get(i).coding.finish(next(i, output));
        }
    }

    /**
     * Return how many bytes were received, before decoding.
     * @return the number of bytes
     */
    public long received() {
        return this.received;
    }

    @Override
    public void close() {
        this.layers.forEach((layer) -> layer.coding.close());
    }

    private void decode(int index, ByteBuffer bytes, Output output) {
        if (index == this.layers.size()) {
            output.accept(bytes);
        }
        else {
            this.layers.get(index).coding.decode(bytes, next(index, output));
        }
    }

    private Output next(int index, Output output) {
        Layer layer = this.layers.get(index);
        return (bytes) -> {
            layer.decoded += bytes.remaining();
            checkLimits(layer.decoded);
            decode(index + 1, bytes, output);
        };
    }

    private void checkLimits(long decoded) {
        if (this.maxBytes >= 0 && decoded > this.maxBytes) {
            throw new LimitExceededException(Phase.BODY,
                    "the decoded body is larger than the " + this.maxBytes + " bytes that are accepted", null);
        }
        if (this.maxRatio >= 0 && decoded > SMALL && decoded / this.maxRatio > this.received) {
            throw new LimitExceededException(Phase.BODY, "the decoded body is more than " + this.maxRatio
                    + " times larger than the " + this.received + " bytes received", null);
        }
    }

    /**
     * Takes decoded bytes.
     */
    @FunctionalInterface
    public interface Output {

        /**
         * Take a piece of the content.
         * @param bytes valid during the call only; to be read to their end
         */
        void accept(ByteBuffer bytes);

    }

    private static final class Layer {

        private final Coding coding;

        private long decoded;

        Layer(Coding coding) {
            this.coding = coding;
        }

    }

}
