package dev.outbound.client.auth;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A token that was fetched.
 *
 * @param value the token
 * @param expiresIn how long it can be used, counted from the request for it, or
 * {@code null} if that is not known
 * @since 0.1
 */
public record Token(String value, @Nullable Duration expiresIn) {

    /**
     * @throws IllegalArgumentException if the value is empty or has other characters than
     * visible ASCII; the message does not show it
     */
    public Token {
        Secret.word("token", value);
        Assert.isTrue(expiresIn == null || !expiresIn.isNegative(), "expiresIn must not be negative");
    }

    @Override
    public String toString() {
        return "Token[expiresIn=" + this.expiresIn + "]";
    }

}
