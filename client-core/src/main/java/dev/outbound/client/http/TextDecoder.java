package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns bytes into text as they arrive: a character that is cut waits for its rest. What
 * cannot be decoded becomes U+FFFD, one for each maximal ill-formed part (Unicode,
 * chapter 3.9), and is never an error. Not thread-safe.
 * <p>
 * The JVM's decoders take more than such a part for one in UTF-8 and UTF-16, and so lose
 * what follows; there the parts are counted here.
 */
final class TextDecoder {

    private static final char REPLACEMENT = '\ufffd';

    private final CharsetDecoder decoder;

    private final boolean utf8;

    private final boolean utf16;

    private ByteBuffer rest = ByteBuffer.allocate(0);

    TextDecoder(Charset charset) {
        this.decoder = charset.newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.utf8 = charset.equals(StandardCharsets.UTF_8);
        this.utf16 = charset.name().contains("UTF-16");
    }

    /**
     * Decode all of a text.
     * @param bytes the bytes
     * @param charset the character set
     * @return the text
     */
    static String decode(byte[] bytes, Charset charset) {
        String text = new String(bytes, charset);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        TextDecoder decoder = new TextDecoder(charset);
        return decoder.decode(ByteBuffer.wrap(bytes), true);
    }

    /**
     * Decode further bytes.
     * @param bytes are read to their end
     * @return the text that is complete, possibly empty
     */
    String decode(ByteBuffer bytes) {
        return decode(bytes, false);
    }

    /**
     * Tell that there are no further bytes.
     * @return the text of what was left
     */
    String finish() {
        return decode(ByteBuffer.allocate(0), true);
    }

    private String decode(ByteBuffer bytes, boolean end) {
        ByteBuffer in = bytes;
        if (this.rest.hasRemaining()) {
            in = ByteBuffer.allocate(this.rest.remaining() + bytes.remaining()).put(this.rest).put(bytes).flip();
        }
        StringBuilder text = new StringBuilder();
        CharBuffer out = CharBuffer.allocate(Math.min(8192, 16 + in.remaining()));
        boolean more = true;
        while (more) {
            CoderResult result = this.decoder.decode(in, out, end);
            drain(out, text);
            int bad = result.isOverflow() ? 0 : bad(in, result, end);
            if (bad > 0) {
                text.append(REPLACEMENT);
                in.position(in.position() + bad);
            }
            more = bad > 0 || result.isOverflow();
        }
        while (end && this.decoder.flush(out).isOverflow()) {
            drain(out, text);
        }
        drain(out, text);
        this.rest = in.hasRemaining() ? ByteBuffer.allocate(in.remaining()).put(in).flip() : ByteBuffer.allocate(0);
        return text.toString();
    }

    /**
     * Return how many bytes the ill-formed part has that comes next, 0 where none does.
     */
    private int bad(ByteBuffer in, CoderResult result, boolean end) {
        if (this.utf8 && in.hasRemaining()) {
            int bad = Utf8.badLength(in);
            return (bad == 0 && end) ? in.remaining() : bad;
        }
        if (!result.isError()) {
            return 0;
        }
        // Half a pair and the character behind it, which the JVM takes for one part.
        return (this.utf16 && result.length() == 4) ? 2 : result.length();
    }

    private static void drain(CharBuffer out, StringBuilder text) {
        text.append(out.flip());
        out.clear();
    }

    /** Which bytes may follow which (Unicode, table 3-7). */
    private static final class Utf8 {

        private Utf8() {
        }

        /**
         * Return how many bytes belong to the ill-formed part at the position, or 0 where
         * it is the beginning of a character.
         */
        static int badLength(ByteBuffer in) {
            int start = in.position();
            int first = in.get(start) & 0xff;
            int length = (first < 0xc2 || first > 0xf4) ? 1 : (first < 0xe0) ? 2 : (first < 0xf0) ? 3 : 4;
            for (int i = 1; i < length; i++) {
                if (i == in.remaining()) {
                    return 0;
                }
                int b = in.get(start + i) & 0xff;
                int lowest = (i > 1) ? 0x80 : (first == 0xe0) ? 0xa0 : (first == 0xf0) ? 0x90 : 0x80;
                int highest = (i > 1) ? 0xbf : (first == 0xed) ? 0x9f : (first == 0xf4) ? 0x8f : 0xbf;
                if (b < lowest || b > highest) {
                    return i;
                }
            }
            return 1;
        }

    }

}
