package dev.outbound.client.auth;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Makes client nonces: 16 hexadecimal digits, as HTTPX does. The system is asked for
 * randomness once, for that may block, and flows run on event loops; what follows is a
 * hash of it and a counter.
 */
final class ClientNonce implements UnaryOperator<String> {

    private final byte[] seed = new byte[32];

    private final AtomicLong count = new AtomicLong();

    ClientNonce() {
        new SecureRandom().nextBytes(this.seed);
    }

    /**
     * Return another client nonce.
     * @param nonce the server's
     */
    @Override
    public String apply(String nonce) {
        var digest = DigestAlgorithm.SHA_256.messageDigest();
        digest.update(this.seed);
        digest.update((this.count.incrementAndGet() + ":" + nonce).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

}
