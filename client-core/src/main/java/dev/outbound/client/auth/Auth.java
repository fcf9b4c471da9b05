package dev.outbound.client.auth;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.springframework.util.Assert;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;

/**
 * An authentication scheme. Thread-safe: one instance serves all calls of a client, and
 * {@linkplain #begin() begins} a flow for each.
 * <p>
 * A scheme that only adds something to the request is a function:
 *
 * <pre class="code">
 * Auth signed = Auth.of((request) -&gt; request.withHeader("X-Signature", sign(request)));
 * </pre>
 *
 * One that needs the server's answer, or further requests, gives an {@link AuthFlow}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Auth {

    /**
     * Begin the authentication of one call.
     * @param now the time of day, for what expires
     * @return a flow for this call alone; a flow without state may be shared
     */
    AuthFlow begin(Instant now);

    /**
     * Return a scheme that changes the request and accepts every answer.
     * @param scheme is given the request of each call and returns what to send
     * @return the scheme
     */
    static Auth of(UnaryOperator<Request> scheme) {
        Assert.notNull(scheme, "scheme must not be null");
        AuthFlow flow = (request) -> AuthStep.sendLast(scheme.apply(request));
        return (now) -> flow;
    }

    /**
     * Return Basic authentication (RFC 7617), sent with the first request. User name and
     * password are encoded in UTF-8.
     * @param username the user name, without a colon
     * @param password the password
     * @return the scheme
     * @throws IllegalArgumentException if one contains a control character, or the user
     * name a colon
     */
    static Auth basic(String username, String password) {
        Assert.notNull(username, "username must not be null");
        Assert.notNull(password, "password must not be null");
        Assert.isTrue(username.indexOf(':') < 0, "username of Basic authentication must not contain ':'");
        Assert.isTrue(username.chars().noneMatch(Character::isISOControl),
                "username of Basic authentication must not contain a control character");
        Assert.isTrue(password.chars().noneMatch(Character::isISOControl),
                "password of Basic authentication must not contain a control character");
        String credentials = Base64.getEncoder()
            .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
        return authorization("Basic " + credentials);
    }

    /**
     * Return bearer authentication (RFC 6750) with a fixed token.
     * @param token the token
     * @return the scheme
     * @throws IllegalArgumentException if the token is empty or cannot be part of a
     * header
     */
    static Auth bearer(String token) {
        Assert.hasText(token, "token must not be empty");
        return authorization("Bearer " + token);
    }

    /**
     * Return bearer authentication with a token that is asked for before each call.
     * @param token must not block: it runs on the thread of the call, for a reactive
     * client an event loop
     * @return the scheme
     */
    static Auth bearer(Supplier<String> token) {
        Assert.notNull(token, "token must not be null");
        return of((request) -> request.withHeader("Authorization", "Bearer " + token.get()));
    }

    private static Auth authorization(String value) {
        FieldLines.check("Authorization", value);
        return of((request) -> request.withHeader("Authorization", value));
    }

}
