package dev.outbound.client.transport.spring;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Failures;

/**
 * Guesses what the exceptions of unknown engines mean: by name, so that no engine is
 * needed on the class path.
 */
final class FactoryFailures {

    private FactoryFailures() {
    }

    static RequestException of(Phase phase, Url url, Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        return switch (thrown.getClass().getSimpleName()) {
            case "ConnectTimeoutException" -> Failures.timeout(Phase.CONNECT, url, thrown);
            case "ConnectionRequestTimeoutException", "PoolAcquireTimeoutException" ->
                Failures.timeout(Phase.POOL, url, thrown);
            case "ReadTimeoutException" -> Failures.timeout(phase, url, thrown);
            case "MalformedChunkCodingException", "ClientProtocolException", "ParseException" ->
                new RemoteProtocolException(phase,
                        "the response from " + Failures.peer(url) + " is not HTTP: " + Failures.quote(message), thrown);
            default -> (phase == Phase.BODY && isEndOfStream(thrown, message)) ? new TruncatedBodyException(
                    "the body from " + Failures.peer(url) + " ended too early: " + Failures.quote(message), thrown)
                    : Failures.of(phase, url, thrown);
        };
    }

    /** As HttpClient 5 and the JDK say it. */
    private static boolean isEndOfStream(Throwable thrown, String message) {
        return thrown.getClass().getSimpleName().equals("TruncatedChunkException")
                || thrown.getClass().getSimpleName().equals("ConnectionClosedException")
                || message.contains("Premature end") || message.contains("bytes received: ")
                || message.contains("chunked transfer encoding, state");
    }

}
