package dev.outbound.client.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TlsTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.Url;
import dev.outbound.client.http.WriteTimeoutException;

/**
 * Says what a failure of the JDK's sockets, TLS and name lookup means for a call, the
 * same for every engine. Engines look at their own exceptions first. Messages name host
 * and port, never a query, a header value or user information.
 *
 * @since 0.1
 */
public final class Failures {

    private static final List<String> CONNECT_REASONS = List.of("connection refused", "network is unreachable",
            "no route to host", "host is unreachable", "connection reset");

    private static final int DEEPEST_CAUSE = 8;

    private static final int LONGEST_QUOTE = 200;

    private Failures() {
    }

    /**
     * Return the failure of the call.
     * @param phase what was going on
     * @param url where the request was sent
     * @param thrown what was thrown; its causes are looked at as well
     * @return the failure, with what was thrown as its cause; a
     * {@link ConnectionLostException} where nothing more is known
     */
    public static RequestException of(Phase phase, Url url, Throwable thrown) {
        if (isUnresolved(thrown)) {
            return new NameResolutionException("no address was found for the host " + quote(url.host()), thrown);
        }
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < DEEPEST_CAUSE; depth++) {
            RequestException known = known(phase, url, current, thrown);
            if (known != null) {
                return known;
            }
            current = current.getCause();
        }
        return lost(phase, url, thrown, thrown);
    }

    /**
     * Return host and port for a message.
     * @param url the URL
     * @return for example {@code api.example.com:443}
     */
    public static String peer(Url url) {
        String host = url.host();
        return ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + url.port();
    }

    /**
     * Make text from outside fit for a message: cut, and without characters that could
     * forge a line or steer a terminal.
     * @param text the text, or {@code null}
     * @return the text in quotes
     */
    public static String quote(@Nullable String text) {
        if (text == null) {
            return "''";
        }
        StringBuilder quoted = new StringBuilder(Math.min(text.length(), LONGEST_QUOTE) + 2).append('\'');
        for (int i = 0; i < text.length() && i < LONGEST_QUOTE; i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != 0x2028 && c != 0x2029;
            quoted.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return quoted.append((text.length() > LONGEST_QUOTE) ? "…'" : "'").toString();
    }

    /** Engines wrap it in what looks like a failed connection. */
    private static boolean isUnresolved(Throwable thrown) {
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < DEEPEST_CAUSE; depth++) {
            if (current instanceof UnknownHostException || current instanceof UnresolvedAddressException) {
                return true;
            }
            current = current.getCause();
        }
        return false;
    }

    /** The system's reason alone: each engine puts other words around it. */
    private static String connectReason(Throwable ex) {
        String message = String.valueOf(ex.getMessage()).toLowerCase(Locale.ROOT);
        for (String reason : CONNECT_REASONS) {
            if (message.contains(reason)) {
                return ": " + reason;
            }
        }
        return reason(ex);
    }

    private static @Nullable RequestException known(Phase phase, Url url, Throwable ex, Throwable thrown) {
        if (ex instanceof RequestException known) {
            return known;
        }
        if (ex instanceof HttpConnectTimeoutException) {
            return timeout(Phase.CONNECT, url, thrown);
        }
        if (ex instanceof SocketTimeoutException || ex instanceof HttpTimeoutException) {
            return timeout(phase, url, thrown);
        }
        if (ex instanceof ConnectException || ex instanceof NoRouteToHostException) {
            return new ConnectionFailedException("could not connect to " + peer(url) + connectReason(ex), thrown);
        }
        if (ex instanceof SSLException) {
            return tls(phase, url, ex, thrown);
        }
        if (ex instanceof ProtocolException) {
            return new RemoteProtocolException(phase, peer(url) + " broke the rules of HTTP" + reason(ex), thrown);
        }
        if (ex instanceof EOFException || ex instanceof SocketException || ex instanceof ClosedChannelException) {
            return lost(phase, url, ex, thrown);
        }
        return null;
    }

    /**
     * Return the failure for a limit of unknown length that ran out.
     * @param phase what was going on
     * @param url where the request was sent
     * @param cause what was thrown, or {@code null}
     * @return the failure
     */
    public static RequestException timeout(Phase phase, Url url, @Nullable Throwable cause) {
        return timeout(phase, url, null, cause);
    }

    /**
     * Return the failure for a limit that ran out.
     * @param phase what was going on
     * @param url where the request was sent
     * @param limit the limit, or {@code null} where it is not known
     * @param cause what was thrown, or {@code null}
     * @return the failure
     */
    public static RequestException timeout(Phase phase, Url url, @Nullable Duration limit, @Nullable Throwable cause) {
        String peer = peer(url);
        String within = (limit != null) ? " within " + text(limit) : " in time";
        String silent = (limit != null) ? " for " + text(limit) : " in time";
        return switch (phase) {
            case PREPARE, POOL, PAUSE ->
                new PoolTimeoutException("no connection to " + peer + " became free" + within, cause);
            case LOOKUP ->
                new ConnectTimeoutException(phase, "looking up " + quote(url.host()) + " took too long", cause);
            case CONNECT -> new ConnectTimeoutException(phase, "no connection to " + peer + within, cause);
            case TLS -> new TlsTimeoutException("the TLS handshake with " + peer + " took too long", cause);
            case WRITE -> new WriteTimeoutException(peer + " took nothing of the request" + silent, cause);
            case HEAD -> new ReadTimeoutException(phase, peer + " sent no head of a response" + silent, cause);
            case BODY -> new ReadTimeoutException(phase, peer + " sent nothing more of the body" + silent, cause);
        };
    }

    /**
     * Return the failure of a call for which no connection became free.
     * @param settings those of the client, which limit its connections
     * @param limit how long the call waited, or {@code null} where that is not known
     * @param cause what was thrown, or {@code null}
     * @return the failure
     */
    public static PoolTimeoutException poolTimeout(TransportSettings settings, @Nullable Duration limit,
            @Nullable Throwable cause) {
        return new PoolTimeoutException("none of the " + settings.maxConnections() + " connections of client '"
                + settings.clientName() + "' became free" + ((limit != null) ? " within " + text(limit) : " in time")
                + "; close streamed responses, or raise the limit of connections", cause);
    }

    /**
     * Return the failure of a call whose connection the server has closed.
     * @param phase what was going on
     * @param url where the request was sent
     * @param reason what the engine says, or an empty text
     * @param cause what was thrown
     * @return the failure
     */
    public static RequestException closed(Phase phase, Url url, String reason, Throwable cause) {
        String peer = peer(url);
        String said = reason.isEmpty() ? "" : " (" + quote(reason) + ")";
        return switch (phase) {
            case WRITE ->
                new ConnectionLostException(phase, peer + " closed the connection while the request was sent", cause);
            case BODY -> new TruncatedBodyException("the body from " + peer + " ended too early" + said, cause);
            default -> new ConnectionLostException(phase,
                    peer + " closed the connection before its response was complete", cause);
        };
    }

    private static String text(Duration limit) {
        return limit.toMillis() + " ms";
    }

    private static RequestException tls(Phase phase, Url url, Throwable ex, Throwable thrown) {
        String message = String.valueOf(ex.getMessage());
        CertificateException certificate = certificate(ex);
        String detail = (certificate != null) ? String.valueOf(certificate.getMessage()) : message;
        if (ex instanceof SSLPeerUnverifiedException || detail.contains("No subject alternative")
                || detail.contains("No name matching")) {
            return new HostnameMismatchException(
                    "the certificate of " + peer(url) + " is for another host: " + quote(detail), thrown);
        }
        String pins = KeyPins.reason(ex);
        if (pins != null) {
            return new CertificateRejectedException("the certificate of " + peer(url) + " " + pins, thrown);
        }
        String time = validity(ex);
        if (time != null) {
            return new CertificateRejectedException("the certificate of " + peer(url) + " " + time, thrown);
        }
        if (certificate != null) {
            return new CertificateRejectedException("the certificate of " + peer(url) + " is not trusted: "
                    + quote(detail) + "; if it should be, configure the trust material of this client", thrown);
        }
        // In TLS 1.3 the server judges a client certificate after the handshake.
        if (phase.isBeforeRequest() || ex instanceof SSLHandshakeException || message.contains("fatal alert")) {
            String hint = message.contains("nrecognized SSL message") ? "; does the server speak plain HTTP?" : "";
            return new TlsException("no TLS connection to " + peer(url) + ": " + quote(message) + hint, thrown);
        }
        return lost(phase, url, ex, thrown);
    }

    /** What the JDK says in the innermost cause only. */
    private static @Nullable String validity(Throwable ex) {
        Throwable cause = ex;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof CertificateExpiredException) {
                return "has expired: " + quote(cause.getMessage());
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "is not valid yet: " + quote(cause.getMessage()) + "; check the clock of this machine";
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static @Nullable CertificateException certificate(Throwable ex) {
        Throwable cause = ex;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof CertificateException certificate) {
                return certificate;
            }
            // The reason is one level deeper than the builder's "PKIX path building
            // failed".
            cause = cause.getCause();
        }
        return null;
    }

    private static RequestException lost(Phase phase, Url url, Throwable ex, Throwable thrown) {
        String peer = peer(url);
        return switch (phase) {
            case PREPARE, POOL, LOOKUP, CONNECT, PAUSE ->
                new ConnectionFailedException("could not connect to " + peer + reason(ex), thrown);
            case TLS ->
                new TlsException("the connection to " + peer + " was lost in the TLS handshake" + reason(ex), thrown);
            case WRITE -> new ConnectionLostException(phase,
                    "the connection to " + peer + " was lost while sending the request" + reason(ex), thrown);
            case HEAD -> new ConnectionLostException(phase,
                    "the connection to " + peer + " was lost before the response" + reason(ex), thrown);
            case BODY -> (ex instanceof EOFException)
                    ? closed(phase, url, (ex.getMessage() != null) ? ex.getMessage() : "", thrown)
                    : new ConnectionLostException(phase,
                            "the connection to " + peer + " was lost within the body" + reason(ex), thrown);
        };
    }

    private static String reason(Throwable ex) {
        String message = (ex instanceof IOException || ex.getMessage() != null) ? ex.getMessage() : ex.toString();
        return (message != null) ? " (" + quote(message) + ")" : "";
    }

}
