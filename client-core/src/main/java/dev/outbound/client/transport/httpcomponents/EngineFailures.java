package dev.outbound.client.transport.httpcomponents;

import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.StreamClosedException;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Failures;

/**
 * Says what HttpCore's own exceptions mean; the rest is {@link Failures}'.
 */
final class EngineFailures {

    private EngineFailures() {
    }

    static RequestException of(Phase phase, Url url, Throwable thrown) {
        String peer = Failures.peer(url);
        String message = Failures.quote(thrown.getMessage());
        if (thrown instanceof MessageConstraintException) {
            return new LimitExceededException(phase, "a line of the response from " + peer
                    + " is longer than this client accepts, or there are too many lines", thrown);
        }
        if (isEndWithinBody(phase, thrown)) {
            return Failures.closed(phase, url, String.valueOf(thrown.getMessage()), thrown);
        }
        if (thrown instanceof MalformedChunkCodingException || thrown instanceof HttpException) {
            return new RemoteProtocolException(phase, "the response from " + peer + " is not HTTP: " + message, thrown);
        }
        if (thrown instanceof NoHttpResponseException || thrown instanceof ConnectionClosedException
                || thrown instanceof StreamClosedException) {
            return Failures.closed(phase, url, String.valueOf(thrown.getMessage()), thrown);
        }
        return Failures.of(phase, url, thrown);
    }

    /**
     * Return what the ending of a call from outside means, or {@code null} where it was
     * not ended, or what was thrown has another reason: a request that could not be
     * written, though its answer was waited for.
     */
    static @Nullable RequestException ended(Cancellation cancellation, Phase phase, Url url, Throwable thrown) {
        if (cancellation.cause() != Cancellation.Cause.READ_TIMEOUT) {
            return cancellation.failure(phase, thrown);
        }
        return (phase != Phase.WRITE) ? Failures.timeout(phase, url, thrown) : null;
    }

    private static boolean isEndWithinBody(Phase phase, Throwable thrown) {
        return phase == Phase.BODY && thrown instanceof ConnectionClosedException;
    }

}
