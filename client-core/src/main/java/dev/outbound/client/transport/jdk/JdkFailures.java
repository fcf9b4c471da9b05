package dev.outbound.client.transport.jdk;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Failures;

/**
 * Says what the exceptions of the JDK's client mean; the rest is {@link Failures}'.
 */
final class JdkFailures {

    private static final int DEEPEST_CAUSE = 8;

    /** The JDK's words for codes of errors: it gives no other sign. */
    private static final String REFUSED = "RST_STREAM: Stream not processed";

    private static final String HTTP_1_1_REQUIRED = "RST_STREAM: Use HTTP/1.1 for request";

    private JdkFailures() {
    }

    static RequestException of(Phase phase, Url url, Throwable thrown) {
        RequestException known = cause(RequestException.class, thrown);
        if (known != null) {
            return known;
        }
        String peer = Failures.peer(url);
        if (thrown instanceof ConnectException && cause(ClosedChannelException.class, thrown) != null) {
            // It tries once more, on a channel that it has closed; why the first time
            // failed is lost.
            return new ConnectionFailedException("could not connect to " + peer + ": connection refused or no route",
                    thrown);
        }
        if (!url.scheme().equals("https") && phase.isBeforeRequest() && cause(SSLException.class, thrown) != null) {
            // TLS was only played.
            return new ConnectionLostException(Phase.HEAD,
                    "the connection to " + peer + " was lost before the response", thrown);
        }
        if (phase == Phase.BODY && cause(EOFException.class, thrown) != null) {
            return Failures.closed(phase, url, String.valueOf(thrown.getMessage()), thrown);
        }
        if (phase == Phase.BODY && isMalformed(thrown)) {
            return new RemoteProtocolException(phase,
                    "the response from " + peer + " is not HTTP: " + Failures.quote(thrown.getMessage()), thrown);
        }
        String message = String.valueOf(thrown.getMessage());
        if (thrown instanceof IOException && message.contains("MAX_HEADERS_LIST_SIZE")) {
            return new LimitExceededException(Phase.HEAD,
                    "the response from " + peer + " has too large a head: " + Failures.quote(message), thrown);
        }
        if ((thrown instanceof IOException && message.startsWith("malformed response"))
                || cause(NumberFormatException.class, thrown) != null) {
            return new RemoteProtocolException(Phase.HEAD,
                    peer + " broke the rules of HTTP: " + Failures.quote(message), thrown);
        }
        if (thrown instanceof IOException && message.contains("RST_STREAM")) {
            boolean unprocessed = message.contains(REFUSED) || isHttp11Required(thrown);
            return new ConnectionLostException(unprocessed ? Phase.POOL : phase,
                    peer + " broke the stream off: " + Failures.quote(thrown.getMessage()), thrown);
        }
        return Failures.of(phase, url, thrown);
    }

    /** Return whether the server wants no HTTP/2 (RFC 9113, section 7). */
    static boolean isHttp11Required(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).contains(HTTP_1_1_REQUIRED);
    }

    /** The JDK says of whatever happens between chunks that it happened there. */
    private static boolean isMalformed(Throwable thrown) {
        Throwable innermost = thrown;
        for (int depth = 0; innermost.getCause() != null && depth < DEEPEST_CAUSE; depth++) {
            innermost = innermost.getCause();
        }
        String message = String.valueOf(innermost.getMessage()).toLowerCase(Locale.ROOT);
        return innermost instanceof IllegalArgumentException || (innermost.getClass() == IOException.class
                && Stream.of("invalid", "illegal", "chunk header").anyMatch(message::startsWith));
    }

    private static <T extends Throwable> @Nullable T cause(Class<T> type, Throwable thrown) {
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < DEEPEST_CAUSE; depth++) {
            if (type.isInstance(current)) {
                return type.cast(current);
            }
            current = current.getCause();
        }
        return null;
    }

}
