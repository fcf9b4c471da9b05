package dev.outbound.client.transport.jdk;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * The body of a response that has come before its request was sent. The JDK gives nothing
 * of it away before that, and nothing at all if sending fails: a server that has said why
 * it wants no more may close. Thread-safe.
 */
final class EarlyBody {

    private final int limit;

    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    private boolean complete;

    /**
     * Create a body.
     * @param limit how much of it is kept; what is longer never becomes complete
     */
    EarlyBody(int limit) {
        this.limit = limit;
    }

    synchronized void add(ByteBuffer piece) {
        for (int i = piece.position(); i < piece.limit() && this.content.size() <= this.limit; i++) {
            this.content.write(piece.get(i));
        }
    }

    synchronized void complete() {
        this.complete = this.content.size() <= this.limit;
    }

    synchronized boolean isComplete() {
        return this.complete;
    }

    synchronized ByteBuffer content() {
        return ByteBuffer.wrap(this.content.toByteArray());
    }

}
