package dev.outbound.client.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A program that tests start, and the Debian packages that bring it.
 */
enum Program {

    NGINX("/usr/sbin/nginx", "nginx-light", Nginx.class, (servers) -> Nginx.start()),

    SQUID("/usr/sbin/squid", "squid", Squid.class, (servers) -> Squid.start()),

    DANTE("/usr/sbin/danted", "dante-server libnss-wrapper", Dante.class, (servers) -> Dante.start()) {

        @Override
        boolean isInstalled() {
            return super.isInstalled() && Dante.accounts().isPresent();
        }

    },

    HTTPBIN("/usr/lib/python3/dist-packages/httpbin", "gunicorn python3-httpbin python3-brotli", Httpbin.class,
            (servers) -> Httpbin.start()),

    NGHTTPX("/usr/sbin/nghttpx", "nghttp2-proxy", Nghttpx.class,
            (servers) -> Nghttpx.start((Nginx) servers.apply(NGINX)));

    private final Path path;

    private final String packages;

    private final Class<? extends InteropServer> type;

    private final Function<Function<Program, InteropServer>, InteropServer> starter;

    Program(String path, String packages, Class<? extends InteropServer> type,
            Function<Function<Program, InteropServer>, InteropServer> starter) {
        this.path = Path.of(path);
        this.packages = packages;
        this.type = type;
        this.starter = starter;
    }

    /** Return the program that serves as what a test asks for. */
    static Optional<Program> of(Class<?> type) {
        return Stream.of(values()).filter((program) -> program.type == type).findFirst();
    }

    boolean isInstalled() {
        return Files.exists(this.path);
    }

    String path() {
        return this.path.toString();
    }

    /**
     * Start it.
     * @param servers starts the servers that it needs
     */
    InteropServer start(Function<Program, InteropServer> servers) {
        return this.starter.apply(servers);
    }

    String packages() {
        return this.packages;
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

}
