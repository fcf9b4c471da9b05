package dev.outbound.client.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * dante as a SOCKS 5 proxy, for everyone on one port and for {@code user} with
 * {@code secret} on another.
 *
 * @param process the server for everyone
 * @param port its port
 * @param restricted the server for those who know the password
 * @param restrictedPort its port
 */
record Dante(ServerProcess process, int port, ServerProcess restricted, int restrictedPort) implements InteropServer {

    /** crypt(3) of "secret". */
    private static final String HASH = "$6$interop$x6IMPaNg.wYf47ZC6VrhGKHL2a7TAYYUj.97SBKfqC2CuGYspHC"
            + "/llsBbgXVGt.GlNNMaiFQr/tfrVCsfunv70";

    static Dante start() {
        int port = ServerProcess.freePort();
        int restrictedPort = ServerProcess.freePort();
        ServerProcess open = start(port, "none", Map.of());
        try {
            return new Dante(open, port, start(restrictedPort, "username", withAccounts()), restrictedPort);
        }
        catch (RuntimeException ex) {
            open.close();
            throw ex;
        }
    }

    private static ServerProcess start(int port, String method, Map<String, String> accounts) {
        Path folder = ServerProcess.folder("dante");
        Map<String, String> environment = new HashMap<>();
        accounts.forEach((variable, content) -> environment.put(variable,
                content.startsWith("/") ? content : ServerProcess.write(folder, variable, content).toString()));
        Path settings = ServerProcess.write(folder, "danted.conf", """
                logoutput: stderr
                internal: 127.0.0.1 port = %d
                external: lo
                clientmethod: none
                socksmethod: %s
                client pass { from: 127.0.0.0/8 to: 0/0 }
                socks pass { from: 127.0.0.0/8 to: 0/0 command: connect }
                """.formatted(port, method));
        return ServerProcess.start(folder, port, environment, Program.DANTE.path(), "-N", "1", "-f",
                settings.toString(), "-p", folder.resolve("pid").toString());
    }

    /**
     * dante asks for accounts of the machine: shown to it alone, by a library before
     * libc's.
     */
    private static Map<String, String> withAccounts() {
        String own = System.getProperty("user.name");
        try {
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return Map.of("LD_PRELOAD", accounts().orElseThrow().toString(), "NSS_WRAPPER_PASSWD",
                    own + ":x:" + uid + ":65534::/:/bin/sh\nuser:x:12345:65534::/:/bin/sh\n", "NSS_WRAPPER_GROUP",
                    "root:x:0:\nnogroup:x:65534:\n", "NSS_WRAPPER_SHADOW", "user:" + HASH + ":19000:0:99999:7:::\n");
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Return nss_wrapper's library, of whatever architecture. */
    static Optional<Path> accounts() {
        try (var folders = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu*")) {
            for (Path folder : folders) {
                Path library = folder.resolve("libnss_wrapper.so");
                if (Files.exists(library)) {
                    return Optional.of(library);
                }
            }
            return Optional.empty();
        }
        catch (IOException ex) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        List.of(this.process, this.restricted).forEach(ServerProcess::close);
    }

}
