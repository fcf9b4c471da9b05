package dev.outbound.client.transport.jdk;

import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

import dev.outbound.client.transport.TlsSettings;

/**
 * Makes the real engines of TLS by a client's settings.
 *
 * @param context trust and keys
 * @param settings the rest
 */
record SecureEngines(SSLContext context, TlsSettings settings) {

    SSLEngine create(String host, int port) {
        // The certificate is verified for this name.
        String name = this.settings.serverName();
        return this.context.createSSLEngine((name != null) ? name : host, port);
    }

    /** Check what the server has shown in the handshake. */
    void verify(SSLEngine engine) throws SSLException {
        this.settings.verifyPins(engine.getSession());
    }

    /** Return the JDK's parameters, which have its protocols and the URL's host. */
    SSLParameters apply(SSLParameters parameters) {
        parameters.setProtocols(this.settings.protocols().toArray(String[]::new));
        if (!this.settings.ciphers().isEmpty()) {
            parameters.setCipherSuites(this.settings.ciphers().toArray(String[]::new));
        }
        if (this.settings.serverName() != null) {
            parameters.setServerNames(List.of(new SNIHostName(this.settings.serverName())));
        }
        // Whatever system property may say: host names are verified.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

}
