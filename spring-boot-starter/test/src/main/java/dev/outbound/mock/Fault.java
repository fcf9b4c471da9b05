package dev.outbound.mock;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.function.Function;
import java.util.regex.Pattern;

import javax.net.ssl.SSLHandshakeException;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.transport.Failures;

/**
 * What goes wrong between client and upstream. The client sees the exception that its
 * engine would have thrown. Faults that stall end by the limits of the request: on
 * virtual time at once. Immutable.
 *
 * @since 0.1
 */
public final class Fault {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

    private final String name;

    private final @Nullable Phase stalled;

    private final @Nullable Function<SentRequest, ? extends RuntimeException> failure;

    private final int after;

    private Fault(String name, @Nullable Phase stalled,
            @Nullable Function<SentRequest, ? extends RuntimeException> failure, int after) {
        this.name = name;
        this.stalled = stalled;
        this.failure = failure;
        this.after = after;
    }

    private static Fault stall(String name, Phase phase) {
        return new Fault(name, phase, null, -1);
    }

    private static Fault failing(String name, Phase phase, Function<SentRequest, Throwable> cause) {
        return failing(name, (request) -> Failures.of(phase, request.url(), cause.apply(request)));
    }

    private static Fault failing(String name, Function<SentRequest, ? extends RuntimeException> failure) {
        return new Fault(name, null, failure, -1);
    }

    static Fault of(Function<SentRequest, ? extends RuntimeException> failure) {
        return new Fault("a failure", null, failure, -1);
    }

    /**
     * No connection of the pool becomes free; ends by the {@code pool} limit.
     * @return the fault
     */
    public static Fault poolExhausted() {
        return stall("pool exhausted", Phase.POOL);
    }

    /**
     * The host has no address.
     * @return the fault
     */
    public static Fault unknownHost() {
        return failing("unknown host", Phase.LOOKUP, (request) -> new UnknownHostException(request.url().host()));
    }

    /**
     * Nobody listens on the port.
     * @return the fault
     */
    public static Fault refused() {
        return failing("refused", Phase.CONNECT, (request) -> new ConnectException("Connection refused"));
    }

    /**
     * The connection is not accepted; ends by the {@code connect} limit.
     * @return the fault
     */
    public static Fault stallConnect() {
        return stall("connect stalled", Phase.CONNECT);
    }

    /**
     * The TLS handshake does not end; ends by the {@code tls} limit.
     * @return the fault
     */
    public static Fault stallTls() {
        return stall("TLS stalled", Phase.TLS);
    }

    /**
     * The certificate of the server is not trusted.
     * @return the fault
     */
    public static Fault certificateRejected() {
        return failing("certificate rejected", Phase.TLS, (request) -> handshake("PKIX path building failed: "
                + "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification "
                + "path to requested target"));
    }

    /**
     * The certificate of the server is for another host.
     * @return the fault
     */
    public static Fault hostnameMismatch() {
        return failing("host name mismatch", Phase.TLS, (request) -> {
            String host = request.url().host();
            boolean address = host.indexOf(':') >= 0 || ADDRESS.matcher(host).matches();
            return handshake(address ? "No subject alternative names matching IP address " + host + " found"
                    : "No subject alternative DNS name matching " + host + " found.");
        });
    }

    /** As the JDK says it. */
    private static SSLHandshakeException handshake(String reason) {
        SSLHandshakeException handshake = new SSLHandshakeException(reason);
        handshake.initCause(new CertificateException(reason));
        return handshake;
    }

    /**
     * The server takes no more of the request; ends by the {@code write} limit.
     * @return the fault
     */
    public static Fault stallUpload() {
        return stall("upload stalled", Phase.WRITE);
    }

    /**
     * The server does not answer; ends by the {@code read} limit.
     * @return the fault
     */
    public static Fault stallHead() {
        return stall("head stalled", Phase.HEAD);
    }

    /**
     * The server resets the connection instead of an answer.
     * @return the fault
     */
    public static Fault reset() {
        return failing("reset", Phase.HEAD, (request) -> new SocketException("Connection reset"));
    }

    /**
     * The server closes the connection instead of an answer.
     * @return the fault
     */
    public static Fault closed() {
        return failing("closed",
                (request) -> Failures.closed(Phase.HEAD, request.url(), "", new EOFException("end of stream")));
    }

    /**
     * What the server answers is not HTTP.
     * @return the fault
     */
    public static Fault malformed() {
        return failing("malformed",
                (request) -> new RemoteProtocolException(Phase.HEAD, "the response from " + Failures.peer(request.url())
                        + " is not HTTP: its first line is " + Failures.quote("SSH-2.0-OpenSSH"), null));
    }

    /**
     * The server falls silent within the body; ends by the {@code read} limit.
     * @param bytes how many bytes of the body arrive before
     * @return the fault
     */
    public static Fault stallAfter(int bytes) {
        return inBody("stall after " + bytes + " bytes", Phase.BODY, null, bytes);
    }

    /**
     * The server resets the connection within the body.
     * @param bytes how many bytes of the body arrive before
     * @return the fault
     */
    public static Fault resetAfter(int bytes) {
        return inBody("reset after " + bytes + " bytes", null,
                (request) -> Failures.of(Phase.BODY, request.url(), new SocketException("Connection reset")), bytes);
    }

    /**
     * The server closes the connection before the announced end of the body.
     * @param bytes how many bytes of the body arrive before
     * @return the fault
     */
    public static Fault truncateAfter(int bytes) {
        return inBody("truncated after " + bytes + " bytes", null, (request) -> Failures.of(Phase.BODY, request.url(),
                new EOFException("the body ended after " + bytes + " bytes")), bytes);
    }

    private static Fault inBody(String name, @Nullable Phase stalled,
            @Nullable Function<SentRequest, ? extends RuntimeException> failure, int after) {
        Assert.isTrue(after >= 0, () -> "bytes must not be negative, but is " + after);
        return new Fault(name, stalled, failure, after);
    }

    boolean isInsteadOfHead() {
        return this.after < 0;
    }

    /** Return how many bytes of the body arrive. */
    int after() {
        return this.after;
    }

    Act act(SentRequest request) {
        if (this.failure != null) {
            return new Act.Fail(this.failure.apply(request));
        }
        return new Act.Pause((this.stalled != null) ? this.stalled : Phase.HEAD, null);
    }

    @Override
    public String toString() {
        return this.name;
    }

}
