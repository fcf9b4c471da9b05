package dev.outbound.client.auth;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.Response;

/**
 * Reads what a token endpoint answers (RFC 6749, sections 5.1 and 5.2).
 */
final class TokenResponse {

    private static final int MAX_SECONDS = Integer.MAX_VALUE;

    private TokenResponse() {
    }

    /**
     * @throws IllegalArgumentException if there is no usable token
     * @throws ConversionException if it is not JSON
     */
    static Token read(Response response) {
        JsonNode json = response.json();
        String type = text(json.get("token_type"));
        if (type != null && !type.equalsIgnoreCase("bearer")) {
            throw new IllegalArgumentException("its token_type is not Bearer");
        }
        String token = text(json.get("access_token"));
        if (token == null) {
            throw new IllegalArgumentException("it has no access_token");
        }
        return new Token(token, expiresIn(json.get("expires_in")));
    }

    /** Some servers send the number as a text. */
    private static @Nullable Duration expiresIn(@Nullable JsonNode seconds) {
        if (seconds == null || !(seconds.isNumber() || seconds.isString())) {
            return null;
        }
        double value = seconds.asDouble(-1);
        return (value >= 0) ? Duration.ofSeconds((long) Math.min(value, MAX_SECONDS)) : null;
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return (node != null && node.isString()) ? node.stringValue() : null;
    }

    /**
     * Return the error code that the server gives.
     * @return {@code invalid_client}, for example, or an empty text
     */
    static String error(Response response) {
        try {
            String error = text(response.json().get("error"));
            return (error != null && error.matches("[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,60}")) ? error : "";
        }
        catch (ConversionException ex) {
            return "";
        }
    }

}
