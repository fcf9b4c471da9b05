package dev.outbound.client.http;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How much of two bodies has passed when an attempt failed: bytes as they are on the
 * wire, before content codings are undone, without heads and framing.
 *
 * @param sent bytes of the request that were given to the connection, whose buffers may
 * hold the end of it; -1 where the engine does not tell
 * @param toSend bytes that the request has, or -1 where it does not say
 * @param received bytes of the response that have arrived
 * @param toReceive bytes that the response announced, or -1
 * @since 0.1
 */
public record Transferred(long sent, long toSend, long received, long toReceive) {

    /** What helps to understand a failure in a phase, or {@code null}. */
    @Nullable String describe(@Nullable Phase phase) {
        if (phase == Phase.WRITE && this.sent >= 0) {
            return bytes(this.sent, this.toSend) + " sent";
        }
        return (phase == Phase.BODY) ? bytes(this.received, this.toReceive) + " received" : null;
    }

    private static String bytes(long count, long total) {
        return (total >= 0) ? String.format(Locale.ROOT, "%,d of %,d bytes", count, total)
                : String.format(Locale.ROOT, "%,d bytes", count);
    }

}
