package dev.outbound.client.auth;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.BodyDigest;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Url;

/**
 * Digest authentication of one call.
 */
final class DigestFlow implements AuthFlow {

    private final DigestAuth scheme;

    private @Nullable Url origin;

    private @Nullable DigestSession session;

    private boolean challenged;

    private boolean refreshed;

    private @Nullable Request next;

    private @Nullable RequestBody hashedBody;

    private @Nullable CompletableFuture<byte[]> bodyHash;

    DigestFlow(DigestAuth scheme) {
        this.scheme = scheme;
    }

    @Override
    public AuthStep start(Request request) {
        this.origin = request.url();
        DigestSession session = this.scheme.sessions().find(request.url());
        if (session != null && session.hashesBody() && !request.isRepeatable()) {
            session = null;
        }
        return send(request, session);
    }

    @Override
    public AuthStep responded(Response response) {
        Request request = response.request();
        if (!isOwn(request.url()) || !response.history().stream().allMatch((other) -> isOwn(other.url()))) {
            // A redirect led elsewhere, and whatever is asked there is not ours to
            // answer.
            return AuthStep.accept();
        }
        if (response.statusCode() != this.scheme.challenger().status()) {
            if (this.session != null) {
                accepted(this.session, response);
            }
            return AuthStep.accept();
        }
        DigestSession refused = this.session;
        if (refused != null) {
            refused.retired(true);
        }
        DigestChallenge challenge = DigestChallenge.choose(response, this.scheme.challenger(),
                this.scheme.algorithms());
        return (challenge == null || isUsedUp(refused != null && challenge.stale())) ? AuthStep.accept()
                : answer(challenge, request);
    }

    /** One round for a challenge, one for a nonce that was too old, in any order. */
    private boolean isUsedUp(boolean stale) {
        boolean usedUp = stale ? this.refreshed : this.challenged;
        if (stale) {
            this.refreshed = true;
        }
        else {
            this.challenged = true;
        }
        return usedUp;
    }

    private AuthStep answer(DigestChallenge challenge, Request request) {
        DigestSession session = this.scheme.answering(challenge, request.url());
        return request.isRepeatable() ? send(request, session) : AuthStep.accept();
    }

    private void accepted(DigestSession session, Response response) {
        session.retired(false);
        String info = response.fields().first(this.scheme.challenger().infoField());
        if (info == null) {
            return;
        }
        Challenge parameters = ChallengeParser.parameters(info);
        String nonce = parameters.param("nextnonce");
        if (parameters.problem() == null && nonce != null && Challenge.isFieldValue(nonce)) {
            this.scheme.sessions().next(session, nonce, response.url());
        }
    }

    private boolean isOwn(Url url) {
        return this.origin != null && this.origin.hasSameOrigin(url);
    }

    private AuthStep send(Request request, @Nullable DigestSession session) {
        this.session = session;
        if (session == null || !session.hashesBody()) {
            return AuthStep.send(sign(request, session, null));
        }
        CompletableFuture<byte[]> hash = BodyDigest.of(request.body(), session.messageDigest());
        this.bodyHash = hash;
        this.hashedBody = request.body();
        this.next = request;
        return hash.isDone() ? awaited() : AuthStep.await(hash);
    }

    @Override
    public AuthStep awaited() {
        Request request = Objects.requireNonNull(this.next);
        try {
            return AuthStep.send(sign(request, this.session, Objects.requireNonNull(this.bodyHash).join()));
        }
        catch (CompletionException ex) {
            throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
        }
    }

    @Override
    public Request again(Request request) {
        DigestSession session = this.session;
        if (session == null || !isOwn(request.url())) {
            return request;
        }
        if (!session.hashesBody()) {
            return sign(request, session, null);
        }
        CompletableFuture<byte[]> hash = (request.body() == this.hashedBody) ? this.bodyHash
                : BodyDigest.of(request.body(), session.messageDigest());
        return (hash != null && hash.isDone()) ? sign(request, session, hash.join()) : request;
    }

    private Request sign(Request request, @Nullable DigestSession session, byte @Nullable [] bodyHash) {
        return (session == null) ? request : request.withHeader(this.scheme.challenger().credentialsField(),
                session.credentials(request, bodyHash, this.scheme.clientNonces()));
    }

    @Override
    public void close() {
        if (this.bodyHash != null) {
            this.bodyHash.cancel(false);
        }
    }

}
