package dev.outbound.client.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;

/**
 * One nonce of a server and how often it was used (RFC 7616, section 3.4). Thread-safe:
 * calls that share it each get a count of their own.
 */
final class DigestSession {

    private static final long MAX_COUNT = 0xffff_ffffL;

    private final DigestChallenge challenge;

    private final String nonce;

    private final String a1;

    private final String username;

    private final String clientNonce;

    private final List<Url> domain;

    private final AtomicLong count = new AtomicLong();

    private volatile boolean retired;

    private DigestSession(DigestChallenge challenge, String nonce, String a1, String username, String clientNonce,
            List<Url> domain) {
        this.challenge = challenge;
        this.nonce = nonce;
        this.a1 = a1;
        this.username = username;
        this.clientNonce = clientNonce;
        this.domain = domain;
    }

    /**
     * Begin a session.
     * @param challenge the server's challenge
     * @param challenged the URL that it was given for
     * @param clientNonce fixed for the session where the algorithm is {@code -sess}, and
     * its first one otherwise
     */
    static DigestSession begin(DigestChallenge challenge, Url challenged, DigestCredentials credentials,
            String clientNonce) {
        String username = challenge.hashesUsername() ? "username=\"" + credentials.usernameHash(challenge) + '"'
                : usernameParameter(credentials.username());
        return new DigestSession(challenge, challenge.nonce(), credentials.a1(challenge, clientNonce), username,
                clientNonce, domain(challenge, challenged));
    }

    /** Go on with another nonce; the key of a {@code -sess} algorithm stays. */
    DigestSession next(String nonce) {
        return new DigestSession(this.challenge, nonce, this.a1, this.username, this.clientNonce, this.domain);
    }

    private static List<Url> domain(DigestChallenge challenge, Url challenged) {
        List<Url> domain = new ArrayList<>(challenge.domain().size());
        for (String uri : challenge.domain()) {
            try {
                Url url = challenged.resolve(Url.parse(uri));
                // Other servers that the server names get credentials when they ask.
                if (url.hasSameOrigin(challenged)) {
                    domain.add(url);
                }
            }
            catch (InvalidUrlException ex) {
                // A protection space that cannot be read is asked for each time.
            }
        }
        return domain;
    }

    boolean continues(DigestChallenge challenge) {
        return this.nonce.equals(challenge.nonce()) && this.challenge.realm().equals(challenge.realm())
                && this.challenge.algorithmToken().equalsIgnoreCase(challenge.algorithmToken());
    }

    boolean isSameBut(DigestSession other, String nonce) {
        return this.nonce.equals(nonce) && this.a1.equals(other.a1);
    }

    /** Say whether it may be used unasked: not when the server has refused it. */
    void retired(boolean retired) {
        if (this.retired != retired) {
            this.retired = retired;
        }
    }

    /**
     * Return whether credentials may be sent before they are asked for (RFC 7616, section
     * 3.6).
     * @param url a URL of the same origin
     */
    boolean covers(Url url) {
        return !this.retired && this.count.get() < MAX_COUNT && (this.challenge.domain().isEmpty()
                || this.domain.stream().anyMatch((space) -> isBelow(url.target(), space.target())));
    }

    private static boolean isBelow(String target, String prefix) {
        return target.startsWith(prefix) && (prefix.endsWith("/") || target.length() == prefix.length()
                || "/?".indexOf(target.charAt(prefix.length())) >= 0);
    }

    boolean hashesBody() {
        return "auth-int".equals(this.challenge.qop());
    }

    MessageDigest messageDigest() {
        return this.challenge.algorithm().messageDigest();
    }

    /**
     * Return credentials for a request.
     * @param bodyHash the hash of its body, where {@link #hashesBody()}
     * @param clientNonces makes client nonces
     * @return the value for {@code Authorization}, in the order of HTTPX
     */
    String credentials(Request request, byte @Nullable [] bodyHash, UnaryOperator<String> clientNonces) {
        MessageDigest digest = messageDigest();
        String uri = (request.attributes().get(Request.TARGET) instanceof String target) ? target
                : request.url().target();
        String a2 = DigestCredentials.hex(digest, request.method().name() + ":" + uri
                + ((bodyHash != null) ? ":" + HexFormat.of().formatHex(bodyHash) : ""));
        String qop = this.challenge.qop();
        StringBuilder value = new StringBuilder("Digest ").append(this.username)
            .append(", realm=")
            .append(quote(this.challenge.realm()))
            .append(", nonce=")
            .append(quote(this.nonce))
            .append(", uri=")
            .append(quote(uri));
        long number = this.count.incrementAndGet();
        String count = String.format(Locale.ROOT, "%08x", number);
        String clientNonce = (this.challenge.session() || number == 1) ? this.clientNonce
                : clientNonces.apply(this.nonce);
        String response = this.a1 + ":" + this.nonce + ":"
                + ((qop != null) ? count + ":" + clientNonce + ":" + qop + ":" : "") + a2;
        value.append(", response=\"")
            .append(DigestCredentials.hex(digest, response))
            .append("\", algorithm=")
            .append(this.challenge.algorithmToken());
        if (!this.challenge.opaque().isEmpty()) {
            value.append(", opaque=").append(quote(this.challenge.opaque()));
        }
        if (qop != null) {
            value.append(", qop=").append(qop).append(", nc=").append(count);
        }
        // Without it a server could not compute the key of the session.
        if (qop != null || this.challenge.session()) {
            value.append(", cnonce=").append(quote(clientNonce));
        }
        return (this.challenge.hashesUsername() ? value.append(", userhash=true") : value).toString();
    }

    /** RFC 7616, section 3.4: {@code username*} carries what a quoted text cannot. */
    private static String usernameParameter(String username) {
        if (username.chars().allMatch((c) -> c >= ' ' && c <= '~')) {
            return "username=" + quote(username);
        }
        StringBuilder value = new StringBuilder("username*=UTF-8''");
        for (byte b : username.getBytes(StandardCharsets.UTF_8)) {
            // attr-char of RFC 8187, section 3.2.1, or at least those that are in names
            boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9')
                    || "-._~".indexOf(b) >= 0;
            value.append(plain ? String.valueOf((char) b) : String.format(Locale.ROOT, "%%%02X", b));
        }
        return value.toString();
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public String toString() {
        return "Digest session used " + this.count + " times";
    }

}
