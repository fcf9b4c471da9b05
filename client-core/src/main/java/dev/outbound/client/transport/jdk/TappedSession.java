package dev.outbound.client.transport.jdk;

import java.security.Principal;
import java.security.cert.Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;

import org.jspecify.annotations.Nullable;

/**
 * The session of a {@link TappedEngine}: that of TLS where there is one, with room for
 * the head that is given to the JDK. The JDK asks it for the sizes of buffers.
 */
final class TappedSession implements SSLSession {

    private static final int PLAIN_SIZE = 16 * 1024;

    private final @Nullable SSLEngine tls;

    private final Traffic traffic;

    private final String host;

    private final int port;

    TappedSession(@Nullable SSLEngine tls, Traffic traffic, String host, int port) {
        this.tls = tls;
        this.traffic = traffic;
        this.host = host;
        this.port = port;
    }

    private @Nullable SSLSession session() {
        return (this.tls != null) ? this.tls.getSession() : null;
    }

    @Override
    public int getPacketBufferSize() {
        SSLSession session = session();
        return (session != null) ? session.getPacketBufferSize() : PLAIN_SIZE;
    }

    @Override
    public int getApplicationBufferSize() {
        SSLSession session = session();
        return ((session != null) ? session.getApplicationBufferSize() : PLAIN_SIZE) + Traffic.ROOM;
    }

    @Override
    public byte[] getId() {
        SSLSession session = session();
        return (session != null) ? session.getId() : new byte[0];
    }

    @Override
    public @Nullable SSLSessionContext getSessionContext() {
        SSLSession session = session();
        return (session != null) ? session.getSessionContext() : null;
    }

    @Override
    public long getCreationTime() {
        SSLSession session = session();
        return (session != null) ? session.getCreationTime() : 0;
    }

    @Override
    public long getLastAccessedTime() {
        SSLSession session = session();
        return (session != null) ? session.getLastAccessedTime() : 0;
    }

    @Override
    public void invalidate() {
        SSLSession session = session();
        if (session != null) {
            session.invalidate();
        }
    }

    @Override
    public boolean isValid() {
        SSLSession session = session();
        return session == null || session.isValid();
    }

    @Override
    public void putValue(String name, Object value) {
        SSLSession session = session();
        if (session != null) {
            session.putValue(name, value);
        }
    }

    @Override
    public @Nullable Object getValue(String name) {
        SSLSession session = session();
        return (session != null) ? session.getValue(name) : null;
    }

    @Override
    public void removeValue(String name) {
        SSLSession session = session();
        if (session != null) {
            session.removeValue(name);
        }
    }

    @Override
    public String[] getValueNames() {
        SSLSession session = session();
        return (session != null) ? session.getValueNames() : new String[0];
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        return secure().getPeerCertificates();
    }

    @Override
    public Certificate @Nullable [] getLocalCertificates() {
        SSLSession session = session();
        return (session != null) ? session.getLocalCertificates() : null;
    }

    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        return secure().getPeerPrincipal();
    }

    @Override
    public @Nullable Principal getLocalPrincipal() {
        SSLSession session = session();
        return (session != null) ? session.getLocalPrincipal() : null;
    }

    private SSLSession secure() throws SSLPeerUnverifiedException {
        SSLSession session = session();
        if (session == null) {
            throw new SSLPeerUnverifiedException("This connection has no TLS");
        }
        return session;
    }

    /**
     * The JDK asks for it when the connection has ended, and at no other time: to tell
     * that from a handshake that has failed.
     */
    @Override
    public String getCipherSuite() {
        this.traffic.endMet();
        SSLSession session = session();
        return (session != null) ? session.getCipherSuite() : "NONE";
    }

    @Override
    public String getProtocol() {
        SSLSession session = session();
        return (session != null) ? session.getProtocol() : "NONE";
    }

    @Override
    public String getPeerHost() {
        return this.host;
    }

    @Override
    public int getPeerPort() {
        return this.port;
    }

}
