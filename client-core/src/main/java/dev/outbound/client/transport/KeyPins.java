package dev.outbound.client.transport;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The public keys of which a server must show one, in the notation of RFC 7469 that
 * OkHttp uses, too: {@code sha256/} and the digest of a {@code SubjectPublicKeyInfo} in
 * Base64.
 */
final class KeyPins {

    static final KeyPins NONE = new KeyPins(Set.of());

    private static final String PREFIX = "sha256/";

    private static final int DIGEST_BYTES = 32;

    private final Set<String> pins;

    private KeyPins(Set<String> pins) {
        this.pins = pins;
    }

    static KeyPins of(Collection<String> pins) {
        Set<String> distinct = new LinkedHashSet<>(pins);
        if (distinct.isEmpty()) {
            return NONE;
        }
        distinct.forEach(KeyPins::check);
        Assert.isTrue(distinct.size() > 1,
                () -> "pins must have a backup (RFC 7469, section 4.3), but there is only " + distinct
                        + "; add the pin of a key that is kept elsewhere, for the day when the server's is replaced");
        return new KeyPins(Set.copyOf(distinct));
    }

    private static void check(String pin) {
        boolean valid = pin.startsWith(PREFIX);
        try {
            valid = valid && Base64.getDecoder().decode(pin.substring(PREFIX.length())).length == DIGEST_BYTES;
        }
        catch (IllegalArgumentException ex) {
            valid = false;
        }
        Assert.isTrue(valid, () -> "The pin " + Failures.quote(pin)
                + " is not 'sha256/' and the Base64 of the SHA-256 digest of a public key");
    }

    List<String> list() {
        return this.pins.stream().sorted().toList();
    }

    /**
     * Check what a server has shown in a handshake. Its certificates are trusted already.
     * @throws SSLException if none of its keys is pinned
     */
    void verify(SSLSession session) throws SSLException {
        if (this.pins.isEmpty()) {
            return;
        }
        List<String> shown = new ArrayList<>();
        for (X509Certificate certificate : chain(session.getPeerCertificates())) {
            String pin = pin(certificate);
            if (this.pins.contains(pin)) {
                return;
            }
            shown.add(pin);
        }
        UnpinnedKeyException cause = new UnpinnedKeyException(shown);
        SSLHandshakeException failure = new SSLHandshakeException(cause.getMessage());
        failure.initCause(cause);
        throw failure;
    }

    /**
     * Leave out certificates that have nothing to do with the server's own: anybody can
     * send those of others along (OkHttp's CVE-2016-2402).
     */
    private static List<X509Certificate> chain(Certificate[] sent) {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : sent) {
            X509Certificate next = (X509Certificate) certificate;
            X509Certificate last = chain.isEmpty() ? null : chain.get(chain.size() - 1);
            if (last != null && !hasSigned(next, last)) {
                break;
            }
            chain.add(next);
        }
        return chain;
    }

    private static boolean hasSigned(X509Certificate issuer, X509Certificate issued) {
        try {
            issued.verify(issuer.getPublicKey());
            // The path length of a certificate that may sign others, or -1.
            return issuer.getBasicConstraints() >= 0;
        }
        catch (GeneralSecurityException ex) {
            return false;
        }
    }

    static String pin(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
            return PREFIX + Base64.getEncoder().encodeToString(digest);
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("Every JDK has SHA-256", ex);
        }
    }

    @Override
    public String toString() {
        return list().toString();
    }

    /** Return what a failed handshake says about pins, or {@code null}. */
    static @Nullable String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof UnpinnedKeyException)) {
            cause = cause.getCause();
        }
        return (cause != null) ? cause.getMessage() : null;
    }

}
