package dev.outbound.client.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.springframework.util.FileSystemUtils;

/**
 * A server in the foreground, with a folder of its own for its configuration and its log.
 */
final class ServerProcess implements AutoCloseable {

    /**
     * Turns into the server, and leaves one behind that ends it when its input ends: so
     * none outlives this JVM, however that ends.
     */
    private static final String UNTIL_INPUT_ENDS = "exec 3<&0; (cat <&3 >/dev/null; kill $$ 2>/dev/null) &"
            + " exec \"$@\" 3<&- </dev/null";

    private static final String LOG = "log";

    private final String name;

    private final Path folder;

    private final Process process;

    private ServerProcess(String name, Path folder, Process process) {
        this.name = name;
        this.folder = folder;
        this.process = process;
    }

    /** Make a folder that a server can read from which gives up root's rights. */
    static Path folder(String name) {
        try {
            Path folder = Files.createTempDirectory("outbound-" + name + "-");
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    static Path write(Path folder, String name, String content) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content, StandardCharsets.UTF_8);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Start a server and wait until it takes connections.
     * @param folder its folder, deleted when it is closed
     * @param port the port of 127.0.0.1 that it will listen on
     * @param environment variables besides the usual ones
     * @param command what to run
     */
    static ServerProcess start(Path folder, int port, Map<String, String> environment, String... command) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", UNTIL_INPUT_ENDS, "sh"));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(LOG).toFile());
        builder.environment().putAll(environment);
        try {
            ServerProcess server = new ServerProcess(command[0], folder, builder.start());
            try {
                server.awaitReady(port);
                return server;
            }
            catch (IOException | RuntimeException | InterruptedException ex) {
                server.close();
                throw ex;
            }
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    private void awaitReady(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!listens(port)) {
            boolean ended = this.process.waitFor(10, TimeUnit.MILLISECONDS);
            if (ended || System.nanoTime() > end) {
                throw new IllegalStateException(this.name + (ended ? " ended" : " does not listen") + ":\n"
                        + Files.readString(this.folder.resolve(LOG)));
            }
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        }
        catch (IOException ex) {
            return false;
        }
    }

    /** Send a signal to the server, for example {@code HUP}. */
    void signal(String signal) {
        try {
            int code = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + this.process.pid()).start()
                .waitFor();
            if (code != 0) {
                throw new IllegalStateException(this.name + " has ended, and takes no signal");
            }
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(this.process.descendants().toList());
        all.add(this.process.toHandle());
        this.process.destroy();
        try {
            if (!this.process.waitFor(2, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                this.process.waitFor();
            }
            all.forEach(ProcessHandle::destroyForcibly);
            FileSystemUtils.deleteRecursively(this.folder);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

}
