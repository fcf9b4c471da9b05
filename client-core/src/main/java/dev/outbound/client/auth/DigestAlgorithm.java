package dev.outbound.client.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A hash function of Digest authentication (RFC 7616, section 6.1), each with and without
 * {@code -sess}. In the order of strength, the weakest first.
 *
 * @since 0.1
 */
public enum DigestAlgorithm {

    /** MD5, which most servers still ask for and nobody should choose. */
    MD5("MD5", "MD5"),

    /** SHA-1; of no RFC, but known to HTTPX and some servers. */
    SHA("SHA", "SHA-1"),

    /** SHA-256. */
    SHA_256("SHA-256", "SHA-256"),

    /** SHA-512 cut to 256 bits, with its own initial value. */
    SHA_512_256("SHA-512-256", "SHA-512/256"),

    /** SHA-512; of no RFC, but known to HTTPX and some servers. */
    SHA_512("SHA-512", "SHA-512");

    private static final String SESSION = "-sess";

    private final String token;

    private final String javaName;

    DigestAlgorithm(String token, String javaName) {
        this.token = token;
        this.javaName = javaName;
    }

    /**
     * Return the algorithm of that name.
     * @param token as a challenge names it, in any case, with or without {@code -sess}
     * @return the algorithm, or {@code null} if it is not known
     */
    static @Nullable DigestAlgorithm of(String token) {
        String name = isSession(token) ? token.substring(0, token.length() - SESSION.length()) : token;
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.token.equalsIgnoreCase(name)) {
                return algorithm;
            }
        }
        return null;
    }

    static boolean isSession(String token) {
        return token.toLowerCase(Locale.ROOT).endsWith(SESSION);
    }

    MessageDigest messageDigest() {
        try {
            return MessageDigest.getInstance(this.javaName);
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("This Java has no " + this.javaName
                    + ", which Digest authentication was asked to use; configure the algorithms that are allowed", ex);
        }
    }

}
