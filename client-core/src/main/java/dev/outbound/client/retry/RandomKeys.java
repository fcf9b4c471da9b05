package dev.outbound.client.retry;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Gives random UUIDs (RFC 9562, section 5.4). Unlike {@code UUID.randomUUID()} it reads
 * the random source of the system only when it is made, so that no event loop blocks.
 */
final class RandomKeys implements Supplier<String> {

    private static final long VERSION = 0x4000L;

    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final SecureRandom random;

    RandomKeys() {
        try {
            this.random = SecureRandom.getInstance("DRBG");
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("This JDK has no random generator DRBG; give keys of your own", ex);
        }
        // Seeds it: the first use does.
        this.random.nextBytes(new byte[1]);
    }

    @Override
    public String get() {
        byte[] bytes = new byte[16];
        this.random.nextBytes(bytes);
        ByteBuffer halves = ByteBuffer.wrap(bytes);
        long high = halves.getLong() & ~0xf000L | VERSION;
        long low = halves.getLong() & ~0xc000_0000_0000_0000L | VARIANT;
        return new UUID(high, low).toString();
    }

}
