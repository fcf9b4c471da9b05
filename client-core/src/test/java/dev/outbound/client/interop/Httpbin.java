package dev.outbound.client.interop;

import java.nio.file.Path;
import java.util.Map;

/**
 * httpbin on gunicorn.
 *
 * @param process the server
 * @param port its port
 */
record Httpbin(ServerProcess process, int port) implements InteropServer {

    static Httpbin start() {
        Path folder = ServerProcess.folder("httpbin");
        int port = ServerProcess.freePort();
        return new Httpbin(ServerProcess.start(folder, port, Map.of("PYTHONDONTWRITEBYTECODE", "1"), "/usr/bin/python3",
                "-m", "gunicorn", "--bind", "127.0.0.1:" + port, "--threads", "8", "--worker-tmp-dir",
                folder.toString(), "httpbin:app"), port);
    }

    String url() {
        return "http://127.0.0.1:" + this.port;
    }

}
