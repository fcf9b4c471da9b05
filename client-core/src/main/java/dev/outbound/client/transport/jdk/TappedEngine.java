package dev.outbound.client.transport.jdk;

import java.nio.ByteBuffer;
import java.util.function.BiFunction;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * What each connection of the JDK's client passes its bytes through: TLS for https, and
 * for http nothing but {@link Traffic}, which sees what is sent and received before and
 * behind TLS. The JDK wraps and unwraps on two threads at a time, at most.
 */
final class TappedEngine extends SSLEngine {

    private static final byte[] NOTHING = {};

    private final @Nullable SecureEngines secure;

    private final @Nullable SSLEngine tls;

    private final Traffic traffic;

    private final TappedSession session;

    /**
     * What TLS has made plain, and of that what is behind the response. Only unwrapping
     * touches it.
     */
    private ByteBuffer plain = ByteBuffer.wrap(NOTHING);

    private SSLParameters parameters = new SSLParameters();

    private volatile boolean outboundClosed;

    private volatile boolean inboundClosed;

    private volatile boolean begun;

    private volatile boolean secured;

    TappedEngine(@Nullable SecureEngines secure, Traffic traffic, String host, int port) {
        super(host, port);
        this.secure = secure;
        this.tls = (secure != null) ? secure.create(host, port) : null;
        this.traffic = traffic;
        this.session = new TappedSession(this.tls, traffic, host, port);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) throws SSLException {
        boolean first = !this.begun;
        if (first) {
            this.begun = true;
            this.traffic.connected(this.tls != null);
        }
        SSLEngine tls = this.tls;
        if (tls != null && (this.outboundClosed || !this.secured || isHandshaking())) {
            return wrap(tls, ByteBuffer.wrap(NOTHING), target);
        }
        if (this.outboundClosed) {
            return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
        }
        if (!this.secured) {
            // The JDK uses no connection before it has seen the end of a handshake.
            this.secured = !first;
            return new SSLEngineResult(Status.OK, first ? HandshakeStatus.NEED_WRAP : HandshakeStatus.FINISHED, 0, 0);
        }
        try {
            return wrapContent(sources, offset, length, target);
        }
        catch (RuntimeException ex) {
            throw this.traffic.failed(ex);
        }
    }

    private SSLEngineResult wrapContent(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
            throws SSLException {
        int start = target.position();
        int consumed = 0;
        Status status = Status.OK;
        for (int i = offset; i < offset + length && status == Status.OK; i++) {
            ByteBuffer source = sources[i];
            int available = source.remaining();
            // TLS makes one record at a time; there is no room for another one.
            while (source.hasRemaining() && status == Status.OK && (this.tls == null || target.position() == start)
                    && target.hasRemaining()) {
                ByteBuffer content = this.traffic.outgoing(source);
                int before = content.position();
                status = transfer(content, target);
                this.traffic.sent(source, content.position() - before);
            }
            consumed += available - source.remaining();
        }
        return new SSLEngineResult(status, getHandshakeStatus(), consumed, target.position() - start);
    }

    private Status transfer(ByteBuffer content, ByteBuffer target) throws SSLException {
        if (this.tls != null) {
            return content.hasRemaining() ? wrap(this.tls, content, target).getStatus() : Status.OK;
        }
        int limit = content.limit();
        content.limit(content.position() + Math.min(content.remaining(), target.remaining()));
        target.put(content);
        content.limit(limit);
        return Status.OK;
    }

    private SSLEngineResult wrap(SSLEngine tls, ByteBuffer content, ByteBuffer target) throws SSLException {
        try {
            return observed(tls.wrap(content, target));
        }
        catch (SSLException ex) {
            this.traffic.failed(ex);
            throw ex;
        }
    }

    private SSLEngineResult unwrap(SSLEngine tls, ByteBuffer source, ByteBuffer target) throws SSLException {
        try {
            return observed(tls.unwrap(source, target));
        }
        catch (SSLException ex) {
            this.traffic.failed(ex);
            throw ex;
        }
    }

    private SSLEngineResult observed(SSLEngineResult result) throws SSLException {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            if (this.secure != null && this.tls != null) {
                this.secure.verify(this.tls);
            }
            this.secured = true;
            this.traffic.secured(getApplicationProtocol());
        }
        return result;
    }

    private boolean isHandshaking() {
        HandshakeStatus status = getHandshakeStatus();
        return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        ByteBuffer target = targets[offset];
        if (this.tls == null) {
            return this.inboundClosed ? new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0)
                    : unwrapPlain(source, target);
        }
        if (this.plain.hasRemaining()) {
            incoming(this.plain, target);
        }
        int largest = this.tls.getSession().getApplicationBufferSize();
        if (target.remaining() < Math.min(source.remaining(), largest) + Traffic.ROOM) {
            return new SSLEngineResult(Status.BUFFER_OVERFLOW, getHandshakeStatus(), 0, 0);
        }
        if (this.plain.capacity() < largest) {
            this.plain = ByteBuffer.allocate(largest);
        }
        SSLEngineResult result = unwrap(this.tls, source, this.plain.clear());
        if (result.getStatus() == Status.CLOSED) {
            this.traffic.closed();
        }
        int before = target.position();
        incoming(this.plain.flip(), target);
        if (this.plain.hasRemaining()) {
            // The JDK comes again as long as it has something left.
            source.position(source.position() - 1);
        }
        return new SSLEngineResult(result.getStatus(), result.getHandshakeStatus(), result.bytesConsumed(),
                target.position() - before);
    }

    private SSLEngineResult unwrapPlain(ByteBuffer source, ByteBuffer target) throws SSLException {
        if (target.remaining() <= Traffic.ROOM) {
            return new SSLEngineResult(Status.BUFFER_OVERFLOW, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
        }
        int start = source.position();
        int limit = source.limit();
        int before = target.position();
        source.limit(Math.min(limit, start + target.remaining() - Traffic.ROOM));
        try {
            incoming(source, target);
        }
        finally {
            source.limit(limit);
        }
        return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, source.position() - start,
                target.position() - before);
    }

    private void incoming(ByteBuffer source, ByteBuffer target) throws SSLException {
        try {
            this.traffic.incoming(source, target);
        }
        catch (RuntimeException ex) {
            throw this.traffic.failed(ex);
        }
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (this.tls != null) {
            return this.tls.getHandshakeStatus();
        }
        return (this.begun && !this.secured) ? HandshakeStatus.NEED_WRAP : HandshakeStatus.NOT_HANDSHAKING;
    }

    @Override
    public void beginHandshake() throws SSLException {
        if (this.tls != null) {
            this.tls.beginHandshake();
        }
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return (this.tls != null) ? this.tls.getDelegatedTask() : null;
    }

    @Override
    public void closeInbound() throws SSLException {
        this.inboundClosed = true;
        if (this.tls != null) {
            this.tls.closeInbound();
        }
    }

    @Override
    public boolean isInboundDone() {
        return (this.tls != null) ? this.tls.isInboundDone() : this.inboundClosed;
    }

    @Override
    public void closeOutbound() {
        this.outboundClosed = true;
        if (this.tls != null) {
            this.tls.closeOutbound();
        }
    }

    @Override
    public boolean isOutboundDone() {
        return (this.tls != null) ? this.tls.isOutboundDone() : this.outboundClosed;
    }

    @Override
    public SSLSession getSession() {
        return this.session;
    }

    @Override
    public @Nullable SSLSession getHandshakeSession() {
        return (this.tls != null) ? this.tls.getHandshakeSession() : null;
    }

    @Override
    public SSLParameters getSSLParameters() {
        return (this.tls != null) ? this.tls.getSSLParameters() : this.parameters;
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        if (this.secure != null && this.tls != null) {
            this.tls.setSSLParameters(this.secure.apply(parameters));
        }
        this.parameters = parameters;
    }

    @Override
    public String getApplicationProtocol() {
        return (this.tls != null) ? this.tls.getApplicationProtocol() : "";
    }

    @Override
    public @Nullable String getHandshakeApplicationProtocol() {
        return (this.tls != null) ? this.tls.getHandshakeApplicationProtocol() : null;
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(
            BiFunction<SSLEngine, java.util.List<String>, String> selector) {
        throw new UnsupportedOperationException("Only servers select");
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return (this.tls != null) ? this.tls.getSupportedCipherSuites() : new String[0];
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return (this.tls != null) ? this.tls.getEnabledCipherSuites() : new String[0];
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        if (this.tls != null) {
            this.tls.setEnabledCipherSuites(suites);
        }
    }

    @Override
    public String[] getSupportedProtocols() {
        return (this.tls != null) ? this.tls.getSupportedProtocols() : new String[0];
    }

    @Override
    public String[] getEnabledProtocols() {
        return (this.tls != null) ? this.tls.getEnabledProtocols() : new String[0];
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        if (this.tls != null) {
            this.tls.setEnabledProtocols(protocols);
        }
    }

    @Override
    public void setUseClientMode(boolean mode) {
        if (this.tls != null) {
            this.tls.setUseClientMode(mode);
        }
    }

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        throw new UnsupportedOperationException("Only servers ask for certificates");
    }

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        throw new UnsupportedOperationException("Only servers ask for certificates");
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        if (this.tls != null) {
            this.tls.setEnableSessionCreation(flag);
        }
    }

    @Override
    public boolean getEnableSessionCreation() {
        return this.tls == null || this.tls.getEnableSessionCreation();
    }

}
