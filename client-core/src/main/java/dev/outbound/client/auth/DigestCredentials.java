package dev.outbound.client.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * User name and password, and the hashes that Digest authentication makes of them (RFC
 * 7616, section 3.4). Both are hashed in UTF-8, whether the server says {@code charset}
 * or not; text of the server by the bytes it came with.
 */
final class DigestCredentials {

    private static final HexFormat HEX = HexFormat.of();

    private final String username;

    private final String password;

    DigestCredentials(String username, String password) {
        this.username = Secret.withoutControls("username of Digest authentication", username);
        this.password = Secret.withoutControls("password of Digest authentication", password);
    }

    String username() {
        return this.username;
    }

    /** What stands for the user name where it is not to be seen (section 3.4.4). */
    String usernameHash(DigestChallenge challenge) {
        MessageDigest digest = challenge.algorithm().messageDigest();
        digest.update(utf8(this.username));
        return hex(digest, ":" + challenge.realm());
    }

    /** The hash of A1 (section 3.4.2). */
    String a1(DigestChallenge challenge, String clientNonce) {
        MessageDigest digest = challenge.algorithm().messageDigest();
        digest.update(utf8(this.username));
        digest.update(received(":" + challenge.realm() + ":"));
        digest.update(utf8(this.password));
        String hash = HEX.formatHex(digest.digest());
        return challenge.session() ? hex(digest, hash + ":" + challenge.nonce() + ":" + clientNonce) : hash;
    }

    static String hex(MessageDigest digest, String text) {
        return HEX.formatHex(digest.digest(received(text)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Field values are bytes read as Latin-1, whatever the server meant by them. */
    private static byte[] received(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

}
