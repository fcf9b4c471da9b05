package dev.outbound.client.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Response;

/**
 * A challenge of the Digest scheme that can be answered (RFC 7616, section 3.3).
 *
 * @param realm the realm, unquoted
 * @param nonce the nonce, unquoted
 * @param opaque to be sent back, empty for nothing
 * @param algorithm the hash function
 * @param algorithmToken its name as the server writes it, to be sent back
 * @param session whether it is a {@code -sess} algorithm
 * @param qop {@code auth}, {@code auth-int}, or {@code null} for a server of RFC 2069
 * @param hashesUsername whether the server takes the user name hashed
 * @param stale whether only the nonce was wrong
 * @param domain the protection space as it was given, empty for the whole server
 */
record DigestChallenge(String realm, String nonce, String opaque, DigestAlgorithm algorithm, String algorithmToken,
        boolean session, @Nullable String qop, boolean hashesUsername, boolean stale, List<String> domain) {

    private static final String SCHEME = "Digest";

    /**
     * Choose among the challenges of a response the one with the strongest algorithm that
     * is allowed, and of several the first.
     * @return the challenge, or {@code null} if none can be answered with what is allowed
     * @throws RemoteProtocolException if none can be answered because they are malformed
     */
    static @Nullable DigestChallenge choose(Response response, Challenger challenger, Set<DigestAlgorithm> allowed) {
        DigestChallenge best = null;
        String problem = null;
        for (String line : response.fields().all(challenger.challengeField())) {
            for (Challenge challenge : ChallengeParser.parse(line)) {
                if (!challenge.is(SCHEME)) {
                    continue;
                }
                String ownProblem = problem(challenge);
                if (ownProblem != null) {
                    problem = ownProblem;
                    continue;
                }
                DigestChallenge candidate = of(challenge, allowed);
                if (candidate != null && (best == null || candidate.algorithm.compareTo(best.algorithm) > 0)) {
                    best = candidate;
                }
            }
        }
        if (best == null && problem != null) {
            throw new RemoteProtocolException(Phase.HEAD, "the Digest challenge in " + challenger.challengeField()
                    + " of " + response.url().origin() + " cannot be answered: " + problem, null);
        }
        return best;
    }

    private static @Nullable String problem(Challenge challenge) {
        if (challenge.problem() != null) {
            return challenge.problem();
        }
        for (String name : List.of("realm", "nonce")) {
            if (challenge.param(name) == null) {
                return "it has no '" + name + "'";
            }
        }
        if (!challenge.params().values().stream().allMatch(Challenge::isFieldValue)) {
            return "it contains a character that cannot be sent back";
        }
        return qops(challenge).isEmpty() ? "its 'qop' names neither auth nor auth-int" : null;
    }

    private static @Nullable DigestChallenge of(Challenge challenge, Set<DigestAlgorithm> allowed) {
        String token = text(challenge, "algorithm", "MD5");
        DigestAlgorithm algorithm = DigestAlgorithm.of(token);
        if (algorithm == null || !allowed.contains(algorithm)) {
            return null;
        }
        // Nothing is gained by hashing the body where the server does not insist.
        List<String> qops = qops(challenge);
        String qop = qops.contains("auth") ? "auth" : qops.get(0);
        String domain = text(challenge, "domain", "").strip();
        return new DigestChallenge(text(challenge, "realm", ""), text(challenge, "nonce", ""),
                text(challenge, "opaque", ""), algorithm, token, DigestAlgorithm.isSession(token),
                qop.isEmpty() ? null : qop, isTrue(challenge, "userhash"), isTrue(challenge, "stale"),
                domain.isEmpty() ? List.of() : List.of(domain.split("\\s+")));
    }

    /** The known values of {@code qop}; an empty text stands for a challenge without. */
    private static List<String> qops(Challenge challenge) {
        String qop = challenge.param("qop");
        if (qop == null) {
            return List.of("");
        }
        List<String> known = new ArrayList<>(2);
        for (String option : qop.toLowerCase(Locale.ROOT).split(",")) {
            if (option.strip().equals("auth") || option.strip().equals("auth-int")) {
                known.add(option.strip());
            }
        }
        return known;
    }

    private static boolean isTrue(Challenge challenge, String name) {
        return text(challenge, name, "").equalsIgnoreCase("true");
    }

    private static String text(Challenge challenge, String name, String otherwise) {
        String value = challenge.param(name);
        return (value != null) ? value : otherwise;
    }

}
