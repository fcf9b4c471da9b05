package dev.outbound.client.http;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import org.springframework.http.codec.ServerSentEvent;

/**
 * Cuts the content of a body into pieces as its bytes arrive: what a piece is, is said
 * here once for both clients. What is complete before a fault is given out before it. Not
 * thread-safe; for one body.
 *
 * @param <T> what the content is cut into
 */
interface Cutter<T> {

    /**
     * Add further bytes.
     * @param bytes are read to their end
     * @param pieces is given those that are complete
     * @throws RequestException if the content is not what it should be
     */
    void add(ByteBuffer bytes, Consumer<? super T> pieces);

    /**
     * Tell that there are no further bytes.
     * @param pieces is given what was left
     * @throws RequestException if the content is not what it should be
     */
    void finish(Consumer<? super T> pieces);

    /** Pieces of a number of bytes, or as they arrive where that is 0. */
    static Cutter<byte[]> bytes(int size) {
        ByteChunker chunker = new ByteChunker(size);
        return new Cutter<>() {

            @Override
            public void add(ByteBuffer bytes, Consumer<? super byte[]> pieces) {
                chunker.add(bytes).forEach(pieces);
            }

            @Override
            public void finish(Consumer<? super byte[]> pieces) {
                byte[] rest = chunker.finish();
                if (rest.length > 0) {
                    pieces.accept(rest);
                }
            }

        };
    }

    /** Pieces of a number of code points, or as they arrive where that is 0. */
    static Cutter<String> text(Charset charset, int size) {
        TextDecoder decoder = new TextDecoder(charset);
        TextChunker chunker = new TextChunker(size);
        return new Cutter<>() {

            @Override
            public void add(ByteBuffer bytes, Consumer<? super String> pieces) {
                chunker.add(decoder.decode(bytes)).forEach(pieces);
            }

            @Override
            public void finish(Consumer<? super String> pieces) {
                chunker.add(decoder.finish()).forEach(pieces);
                String rest = chunker.finish();
                if (!rest.isEmpty()) {
                    pieces.accept(rest);
                }
            }

        };
    }

    /** Lines of at most that many characters, without their ends. */
    static Cutter<String> lines(Charset charset, long limit) {
        return lines(charset, LineDecoder.unicode(), limit);
    }

    private static Cutter<String> lines(Charset charset, LineDecoder lines, long limit) {
        TextDecoder decoder = new TextDecoder(charset);
        return new Cutter<>() {

            @Override
            public void add(ByteBuffer bytes, Consumer<? super String> pieces) {
                cut(decoder.decode(bytes), pieces);
            }

            @Override
            public void finish(Consumer<? super String> pieces) {
                cut(decoder.finish(), pieces);
                String rest = lines.finish();
                if (rest != null) {
                    pieces.accept(rest);
                }
            }

            private void cut(String text, Consumer<? super String> pieces) {
                for (String line : lines.decode(text)) {
                    checkLine(line.length(), limit);
                    pieces.accept(line);
                }
                checkLine(lines.pending(), limit);
            }

        };
    }

    private static void checkLine(int length, long limit) {
        if (length > limit) {
            throw new LimitExceededException(Phase.BODY, "a line of the body is longer than the limit of " + limit
                    + " characters; raise limits.response-body, or read it as bytes or text", null);
        }
    }

    /** Server-sent events. */
    static Cutter<ServerSentEvent<String>> events(EventDecoder decoder) {
        return new Cutter<>() {

            @Override
            public void add(ByteBuffer bytes, Consumer<? super ServerSentEvent<String>> pieces) {
                decoder.decode(bytes, pieces);
            }

            @Override
            public void finish(Consumer<? super ServerSentEvent<String>> pieces) {
                // An event that is not complete is none.
            }

        };
    }

    /** The values of newline-delimited JSON; empty lines are none. */
    static <T> Cutter<T> json(Type type, JsonConversion json, long limit) {
        Cutter<String> lines = lines(StandardCharsets.UTF_8, LineDecoder.strict(), limit);
        return new Cutter<>() {

            private int number;

            @Override
            public void add(ByteBuffer bytes, Consumer<? super T> pieces) {
                lines.add(bytes, (line) -> convert(line, pieces));
            }

            @Override
            public void finish(Consumer<? super T> pieces) {
                lines.finish((line) -> convert(line, pieces));
            }

            private void convert(String line, Consumer<? super T> pieces) {
                this.number++;
                if (!line.isBlank()) {
                    pieces.accept(read(line));
                }
            }

            private T read(String line) {
                try {
                    return json.read(type, line.getBytes(StandardCharsets.UTF_8));
                }
                catch (ConversionException ex) {
                    throw new ConversionException("line " + this.number + " of the body: " + ex.detail(),
                            ex.getCause());
                }
            }

        };
    }

}
