package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.util.Assert;

/**
 * Hashes a body that is about to be sent, for schemes that sign it.
 *
 * @since 0.1
 */
public final class BodyDigest {

    private BodyDigest() {
    }

    /**
     * Hash all bytes of a body. Nothing blocks: what is in memory is hashed at once,
     * anything else (a file, for example) where blocking is allowed.
     * @param body a repeatable body, or {@code null} for one of no bytes
     * @param digest is given the bytes
     * @return the hash, or the failure of reading the body; cancelling it ends the
     * reading
     * @throws IllegalArgumentException if the body can be written only once, for then
     * nothing would be left to send
     */
    public static CompletableFuture<byte[]> of(@Nullable RequestBody body, MessageDigest digest) {
        Assert.isTrue(body == null || body.isRepeatable(), "a body that can be sent only once cannot be hashed first");
        byte[] bytes = (body != null) ? body.bytes() : new byte[0];
        if (body == null || bytes != null) {
            return CompletableFuture.completedFuture(digest.digest(bytes));
        }
        return body.toFlux(DefaultDataBufferFactory.sharedInstance)
            .doOnNext((buffer) -> update(digest, buffer))
            .then(Mono.fromCallable(digest::digest))
            .toFuture();
    }

    private static void update(MessageDigest digest, DataBuffer buffer) {
        try (DataBuffer.ByteBufferIterator content = buffer.readableByteBuffers()) {
            for (ByteBuffer bytes : (Iterable<ByteBuffer>) () -> content) {
                digest.update(bytes);
            }
        }
        finally {
            DataBufferUtils.release(buffer);
        }
    }

}
