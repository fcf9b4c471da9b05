package dev.outbound.client.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into chunks of one size as it arrives, counted in code points so that no
 * character is torn; only the last one may be smaller. Not thread-safe.
 */
final class TextChunker {

    private final int size;

    private final StringBuilder chunk = new StringBuilder();

    private int points;

    /**
     * Create a chunker.
     * @param size the number of code points of a chunk, or 0 to leave chunks as they
     * arrive
     */
    TextChunker(int size) {
        this.size = size;
    }

    /**
     * Add further text.
     * @param text the text, without half a surrogate pair at its end
     * @return the chunks that are complete, none of them empty
     */
    List<String> add(String text) {
        List<String> chunks = new ArrayList<>();
        if (this.size == 0) {
            if (!text.isEmpty()) {
                chunks.add(text);
            }
            return chunks;
        }
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            this.chunk.appendCodePoint(c);
            i += Character.charCount(c);
            if (++this.points == this.size) {
                chunks.add(finish());
            }
        }
        return chunks;
    }

    /**
     * Tell that there is no further text.
     * @return the last chunk, or an empty text
     */
    String finish() {
        String rest = this.chunk.toString();
        this.chunk.setLength(0);
        this.points = 0;
        return rest;
    }

}
