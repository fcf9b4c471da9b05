package dev.outbound.client.interop;

import java.nio.file.Path;
import java.util.Map;

/**
 * squid as a proxy for {@code user} with {@code secret}, that caches nothing.
 *
 * @param process the server
 * @param port its port
 */
record Squid(ServerProcess process, int port) implements InteropServer {

    static Squid start() {
        Path folder = ServerProcess.folder("squid");
        int port = ServerProcess.freePort();
        Path users = ServerProcess.write(folder, "users.sh", """
                while read -r credentials; do
                  if [ "$credentials" = "user secret" ]; then echo OK; else echo ERR; fi
                done
                """);
        Path settings = ServerProcess.write(folder, "squid.conf", """
                http_port 127.0.0.1:%d
                auth_param basic program /bin/sh %s
                auth_param basic children 1 startup=1
                auth_param basic realm interop
                acl known proxy_auth REQUIRED
                http_access allow known
                http_access deny all
                cache deny all
                cache_mem 0
                access_log none
                cache_log /dev/null
                netdb_filename none
                pinger_enable off
                pid_filename none
                max_filedescriptors 1024
                shutdown_lifetime 0 seconds
                coredump_dir none
                """.formatted(port, users));
        return new Squid(ServerProcess.start(folder, port, Map.of(), Program.SQUID.path(), "-N", "-d", "1", "-f",
                settings.toString()), port);
    }

    String url(String userinfo) {
        return "http://" + userinfo + "127.0.0.1:" + this.port;
    }

}
