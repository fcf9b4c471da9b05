package dev.outbound.client.lab;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * How a {@link RawServer} speaks TLS.
 *
 * @param context its key, and whose certificates it trusts
 * @param change changes the parameters of each connection
 */
public record ServerTls(SSLContext context, Consumer<SSLParameters> change) {

    /**
     * Speak with the JDK's defaults.
     * @param context key and certificate
     * @return the TLS of a server
     */
    public static ServerTls of(SSLContext context) {
        return new ServerTls(context, (parameters) -> {
        });
    }

    /**
     * Demand a certificate of clients.
     * @return the TLS of a server that refuses who has none that its context trusts
     */
    public ServerTls demandingCertificates() {
        return with((parameters) -> parameters.setNeedClientAuth(true));
    }

    /**
     * Speak some versions only.
     * @param protocols for example {@code "TLSv1.2"}
     * @return the TLS of a server that knows no others
     */
    public ServerTls speaking(String... protocols) {
        return with((parameters) -> parameters.setProtocols(protocols));
    }

    /**
     * Agree on a protocol by ALPN.
     * @param protocols what the server speaks, for example {@code "h2"}; the first that
     * the client offers is taken
     * @return the TLS of a server that chooses
     */
    public ServerTls offering(String... protocols) {
        return with((parameters) -> parameters.setApplicationProtocols(protocols));
    }

    private ServerTls with(Consumer<SSLParameters> more) {
        return new ServerTls(this.context, this.change.andThen(more));
    }

    SSLSocket over(Socket socket) throws IOException {
        SSLSocket secured = (SSLSocket) this.context.getSocketFactory().createSocket(socket, null, true);
        secured.setUseClientMode(false);
        SSLParameters parameters = secured.getSSLParameters();
        this.change.accept(parameters);
        secured.setSSLParameters(parameters);
        return secured;
    }

}
