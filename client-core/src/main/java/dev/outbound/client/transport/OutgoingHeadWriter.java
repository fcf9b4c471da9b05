package dev.outbound.client.transport;

import java.util.Arrays;

/**
 * Writes heads of requests of HTTP/1.1 as they are: lines were checked when they came
 * into the request. What engines have for it checks them again, copies them, or sends a
 * question mark for bytes that it does not expect. For the authors of transports; used by
 * one thread at a time.
 *
 * @since 0.1
 */
public final class OutgoingHeadWriter {

    private static final int LONGEST_KEPT = 8 * 1024;

    private byte[] bytes = new byte[256];

    private int length;

    /**
     * Write a head. It is in {@link #bytes()} until the next one is written.
     * @param method the method
     * @param target what stands behind it in the request line
     * @param head the lines
     */
    public void write(String method, String target, OutgoingHead head) {
        if (this.bytes.length > LONGEST_KEPT) {
            this.bytes = new byte[256];
        }
        this.length = 0;
        append(method, " ");
        append(target, " HTTP/1.1\r\n");
        head.forEach((name, value) -> {
            append(name, ": ");
            append(value, "\r\n");
        });
        append("\r\n", "");
    }

    private void append(String first, String second) {
        int needed = this.length + first.length() + second.length();
        if (needed > this.bytes.length) {
            this.bytes = Arrays.copyOf(this.bytes, Math.max(needed, 2 * this.bytes.length));
        }
        append(first);
        append(second);
    }

    /**
     * A head has no character beyond ISO-8859-1, and for those this method of strings is
     * right; others make an array of each text, or look at each character.
     */
    @SuppressWarnings("deprecation")
    private void append(String text) {
        text.getBytes(0, text.length(), this.bytes, this.length);
        this.length += text.length();
    }

    /**
     * Return what has been written.
     * @return an array that the head is at the beginning of, and that is written to again
     */
    public byte[] bytes() {
        return this.bytes;
    }

    /**
     * Return how much has been written.
     * @return the number of bytes, the empty line at the end included
     */
    public int length() {
        return this.length;
    }

}
