package dev.outbound.client.transport.reactor;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.PrematureCloseException;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TlsTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Failures;

/**
 * Says what the exceptions of Netty and Reactor Netty mean; the rest is
 * {@link Failures}'.
 */
final class NettyFailures {

    private NettyFailures() {
    }

    /** Return what ends the call: ours as it is, the engine's in our terms. */
    static ClientException of(Call call, Throwable thrown) {
        if (thrown instanceof ClientException ours) {
            return ours;
        }
        Phase phase = call.phase();
        if (call.isTransportClosed()) {
            return new CancelledException(phase, "the client was closed", thrown);
        }
        if (phase == Phase.POOL && thrown instanceof TimeoutException) {
            return call.poolTimeout(thrown);
        }
        RequestException failure = of(phase, call.request(), thrown);
        return (call.isByProxy() && (phase == Phase.LOOKUP || phase == Phase.CONNECT))
                ? call.route().failure(phase, failure) : failure;
    }

    private static RequestException of(Phase phase, Request request, Throwable thrown) {
        Url url = request.url();
        String peer = Failures.peer(url);
        if (thrown instanceof RejectedExecutionException) {
            return new CancelledException(phase, "the event loops were disposed", thrown);
        }
        if (isLookupTimeout(thrown)) {
            return new ConnectTimeoutException(Phase.LOOKUP,
                    "looking up " + Failures.quote(url.host()) + " took too long", thrown);
        }
        if (thrown instanceof Http2FrameStreamException || thrown instanceof Http2Exception) {
            return brokenHttp2(phase, peer, thrown);
        }
        if (thrown instanceof DecoderException && thrown.getCause() instanceof Http2Exception malformed) {
            return brokenHttp2(phase, peer, malformed);
        }
        if (thrown instanceof SslHandshakeTimeoutException) {
            return new TlsTimeoutException("the TLS handshake with " + peer + " took too long", thrown);
        }
        if (thrown instanceof NotSslRecordException || thrown.getCause() instanceof NotSslRecordException) {
            return new TlsException("no TLS connection to " + peer + "; does the server speak plain HTTP?", thrown);
        }
        if (thrown instanceof AbortedException && thrown.getCause() == null) {
            // "Closed before send": nothing of the request has left.
            return new ConnectionLostException(Phase.POOL, peer + " closed the pooled connection before it was used",
                    thrown);
        }
        if (isEnd(thrown)) {
            return ended(phase, url, thrown);
        }
        return Failures.of(phase, url, thrown);
    }

    /** Return the failure of a stream of HTTP/2 that the server has reset. */
    static RequestException reset(Call call, long code) {
        if (code == Http2Error.REFUSED_STREAM.code()) {
            return unprocessed(call, "refused the stream");
        }
        if (code == Http2Error.HTTP_1_1_REQUIRED.code()) {
            return unprocessed(call, "requires HTTP/1.1");
        }
        Http2Error error = Http2Error.valueOf(code);
        return new ConnectionLostException((call.body() != null) ? Phase.BODY : Phase.HEAD,
                peer(call) + " reset the stream: " + ((error != null) ? error : "code " + code), null);
    }

    /**
     * Nothing was done with the request (RFC 9113, section 8.7): as if it was not sent.
     */
    static ConnectionLostException unprocessed(Call call, String why) {
        return new ConnectionLostException(Phase.POOL, peer(call) + " " + why + " and did not process the request",
                null);
    }

    /** The server has said why it ended the connection. */
    static ConnectionLostException farewell(Call call, Http2Error why) {
        return new ConnectionLostException((call.body() != null) ? Phase.BODY : Phase.HEAD,
                peer(call) + " ended the connection: " + why, null);
    }

    static RequestException broken(Call call, @Nullable Throwable cause) {
        String detail = (cause != null) ? ": " + Failures.quote(cause.getMessage()) : "";
        return new RemoteProtocolException((call.body() != null) ? Phase.BODY : Phase.HEAD,
                peer(call) + " broke the rules of HTTP/2" + detail, cause);
    }

    private static RequestException brokenHttp2(Phase phase, String peer, Throwable thrown) {
        Throwable cause = (thrown instanceof Http2FrameStreamException && thrown.getCause() != null) ? thrown.getCause()
                : thrown;
        Phase part = (phase == Phase.BODY) ? Phase.BODY : Phase.HEAD;
        if (cause instanceof Http2Exception.HeaderListSizeException) {
            return new LimitExceededException(part, "the response from " + peer + " has too large a head", thrown);
        }
        return new RemoteProtocolException(part,
                peer + " broke the rules of HTTP/2: " + Failures.quote(cause.getMessage()), thrown);
    }

    private static boolean isLookupTimeout(Throwable thrown) {
        return thrown instanceof DnsNameResolverTimeoutException
                || thrown.getCause() instanceof DnsNameResolverTimeoutException;
    }

    private static boolean isEnd(Throwable thrown) {
        return (thrown instanceof ClosedChannelException || thrown instanceof PrematureCloseException)
                && thrown.getCause() == null;
    }

    private static RequestException ended(Phase phase, Url url, Throwable thrown) {
        return switch (phase) {
            case WRITE, HEAD, BODY -> Failures.closed(phase, url, "", thrown);
            default -> Failures.of(phase, url, thrown);
        };
    }

    static TruncatedBodyException truncated(Call call, long received, long expected) {
        return new TruncatedBodyException("the body from " + peer(call) + " ended after " + received
                + ((expected >= 0) ? " of " + expected : "") + " bytes", null);
    }

    static String peer(Call call) {
        return Failures.peer(call.request().url());
    }

    static String text(@Nullable Duration limit) {
        return (limit != null) ? limit.toMillis() + " ms" : "its time";
    }

}
