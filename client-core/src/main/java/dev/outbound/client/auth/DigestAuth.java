package dev.outbound.client.auth;

import java.time.Instant;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.outbound.client.http.Url;

/**
 * Digest authentication (RFC 7616, RFC 2617, RFC 2069) for a server or a proxy.
 * <p>
 * The first request goes out without credentials. Its challenge is answered once, and
 * once more if only the nonce was stale; after that the refusal is the answer. Later
 * calls to the same origin and protection space are authenticated at once, each with its
 * own nonce count.
 */
final class DigestAuth implements Auth {

    private final Challenger challenger;

    private final DigestCredentials credentials;

    private final Set<DigestAlgorithm> algorithms;

    private final UnaryOperator<String> clientNonces;

    private final DigestSessions sessions = new DigestSessions();

    DigestAuth(Challenger challenger, DigestCredentials credentials, Set<DigestAlgorithm> algorithms,
            UnaryOperator<String> clientNonces) {
        this.challenger = challenger;
        this.credentials = credentials;
        this.algorithms = algorithms;
        this.clientNonces = clientNonces;
    }

    @Override
    public AuthFlow begin(Instant now) {
        return new DigestFlow(this);
    }

    Challenger challenger() {
        return this.challenger;
    }

    Set<DigestAlgorithm> algorithms() {
        return this.algorithms;
    }

    UnaryOperator<String> clientNonces() {
        return this.clientNonces;
    }

    DigestSessions sessions() {
        return this.sessions;
    }

    DigestSession answering(DigestChallenge challenge, Url url) {
        return this.sessions.answering(challenge, url, () -> DigestSession.begin(challenge, url, this.credentials,
                this.clientNonces.apply(challenge.nonce())));
    }

    @Override
    public String toString() {
        return "Digest authentication with " + this.algorithms;
    }

}
