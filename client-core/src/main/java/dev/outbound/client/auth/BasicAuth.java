package dev.outbound.client.auth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;

/**
 * Basic authentication (RFC 7617), for a server or a proxy. Sent with the first request,
 * whatever is asked for.
 */
final class BasicAuth implements Auth {

    private final Challenger challenger;

    private final String credentials;

    BasicAuth(Challenger challenger, String username, String password) {
        this(challenger, utf8("username", username), utf8("password", password));
    }

    BasicAuth(Challenger challenger, byte[] username, byte[] password) {
        check("username", username);
        check("password", password);
        byte[] credentials = Arrays.copyOf(username, username.length + 1 + password.length);
        credentials[username.length] = ':';
        System.arraycopy(password, 0, credentials, username.length + 1, password.length);
        for (byte b : username) {
            Assert.isTrue(b != ':', "username of Basic authentication must not contain ':'");
        }
        this.challenger = challenger;
        this.credentials = "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private static byte[] utf8(String what, String text) {
        return Secret.withoutControls(what + " of Basic authentication", text).getBytes(StandardCharsets.UTF_8);
    }

    private static void check(String what, byte[] bytes) {
        Assert.notNull(bytes, () -> what + " must not be null");
        for (byte b : bytes) {
            Assert.isTrue((b < 0 || b >= ' ') && b != 0x7f,
                    () -> what + " of Basic authentication must not contain a control character");
        }
    }

    /**
     * Return the authentication that the user information of a URL stands for.
     * @return Basic authentication, or {@code null} where the URL names nobody
     */
    static @Nullable BasicAuth ofUserInfo(Challenger challenger, Url url) {
        String userInfo = url.userInfo();
        if (userInfo == null || userInfo.isEmpty() || userInfo.equals(":")) {
            return null;
        }
        int colon = userInfo.indexOf(':');
        String username = (colon >= 0) ? userInfo.substring(0, colon) : userInfo;
        return new BasicAuth(challenger, decode(username), (colon >= 0) ? decode(userInfo.substring(colon + 1)) : "");
    }

    /** A plus sign is a plus sign here: this is a URL, not a form. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public AuthFlow begin(Instant now) {
        return (request) -> AuthStep.sendLast(sign(request));
    }

    Request sign(Request request) {
        return request.withHeader(this.challenger.credentialsField(), this.credentials);
    }

    @Override
    public String toString() {
        return "Basic authentication";
    }

}
