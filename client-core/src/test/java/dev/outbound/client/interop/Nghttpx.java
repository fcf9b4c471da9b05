package dev.outbound.client.interop;

import java.nio.file.Path;
import java.util.Map;

/**
 * nghttpx with HTTP/2 over TLS, before nginx.
 *
 * @param process the server
 * @param port its port
 * @param nginx the server behind it
 */
record Nghttpx(ServerProcess process, int port, Nginx nginx) implements InteropServer {

    static Nghttpx start(Nginx nginx) {
        Path folder = ServerProcess.folder("nghttpx");
        int port = ServerProcess.freePort();
        Path certificate = ServerProcess.write(folder, "certificate.pem", Nginx.CERTIFICATES.certificatePem());
        Path key = ServerProcess.write(folder, "key.pem", Nginx.CERTIFICATES.privateKeyPem());
        return new Nghttpx(ServerProcess.start(folder, port, Map.of(), Program.NGHTTPX.path(), "--conf=/dev/null",
                "--frontend=127.0.0.1," + port, "--backend=127.0.0.1," + nginx.port(), "--no-ocsp", "--workers=1",
                "--accesslog-file=/dev/null", "--errorlog-file=/dev/stderr", "--log-level=WARN", key.toString(),
                certificate.toString()), port, nginx);
    }

    String url() {
        return "https://127.0.0.1:" + this.port;
    }

    /** Start one of the same kind, to do with as one likes. */
    Nghttpx another() {
        return start(this.nginx);
    }

    /**
     * Let a new worker take over; the old one says GOAWAY, and ends once its calls have.
     */
    void reload() {
        this.process.signal("HUP");
    }

    /** Take no more calls, say GOAWAY, and end once the last call has. */
    void quit() {
        this.process.signal("QUIT");
    }

}
