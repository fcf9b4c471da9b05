package dev.outbound.client.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Url;

/**
 * The sessions of one user, by origin: credentials made for one server are never sent to
 * another. Thread-safe and bounded, for servers choose how many realms and nonces they
 * have.
 */
final class DigestSessions {

    private static final int MAX_ORIGINS = 256;

    private static final int MAX_SESSIONS = 16;

    private final Map<String, List<DigestSession>> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Return the session to authenticate a request with before it is asked for.
     * @return the newest whose protection space has the URL, or {@code null}
     */
    synchronized @Nullable DigestSession find(Url url) {
        for (DigestSession session : of(url)) {
            if (session.covers(url)) {
                return session;
            }
        }
        return null;
    }

    /**
     * Return the session that answers a challenge. It is a known one where the nonce is:
     * a nonce that was given to several calls must not be counted by each of them.
     */
    synchronized DigestSession answering(DigestChallenge challenge, Url url, Supplier<DigestSession> begin) {
        for (DigestSession session : of(url)) {
            if (session.continues(challenge)) {
                return session;
            }
        }
        DigestSession session = begin.get();
        add(session, url);
        return session;
    }

    /** Go on with another nonce; the one before stays known, so that its count does. */
    synchronized void next(DigestSession session, String nonce, Url url) {
        if (of(url).stream().noneMatch((known) -> known.isSameBut(session, nonce))) {
            add(session.next(nonce), url);
        }
    }

    private void add(DigestSession session, Url url) {
        List<DigestSession> all = this.sessions.computeIfAbsent(key(url), (origin) -> new ArrayList<>(2));
        all.add(0, session);
        if (all.size() > MAX_SESSIONS) {
            all.remove(all.size() - 1);
        }
        if (this.sessions.size() > MAX_ORIGINS) {
            this.sessions.remove(this.sessions.keySet().iterator().next());
        }
    }

    private List<DigestSession> of(Url url) {
        List<DigestSession> all = this.sessions.get(key(url));
        return (all != null) ? all : new ArrayList<>(0);
    }

    private static String key(Url url) {
        return url.scheme() + "://" + url.host() + ":" + url.port();
    }

}
