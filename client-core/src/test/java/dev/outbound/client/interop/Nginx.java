package dev.outbound.client.interop;

import java.nio.file.Path;
import java.util.Map;

import dev.outbound.client.lab.TestCertificates;

/**
 * nginx in clear text and, with HTTP/2 for those who ask, over TLS.
 *
 * @param process the server
 * @param port the port of clear text
 * @param securePort the port of TLS
 */
record Nginx(ServerProcess process, int port, int securePort) implements InteropServer {

    static final TestCertificates CERTIFICATES = TestCertificates.of("ip:127.0.0.1");

    /** How many requests it takes on a connection before it closes it. */
    static final int REQUESTS_PER_CONNECTION = 10;

    static final String TEXT = "A line of text.\n".repeat(5000);

    static Nginx start() {
        Path folder = ServerProcess.folder("nginx");
        int port = ServerProcess.freePort();
        int securePort = ServerProcess.freePort();
        ServerProcess.write(folder, "www/text.txt", TEXT);
        ServerProcess.write(folder, "www/store/here.txt", "");
        ServerProcess.write(folder, "certificate.pem", CERTIFICATES.certificatePem());
        ServerProcess.write(folder, "key.pem", CERTIFICATES.privateKeyPem());
        // A worker of root's would be nobody, who may not write to the folder.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        ServerProcess.write(folder, "nginx.conf", user + """
                daemon off;
                pid nginx.pid;
                worker_processes 1;
                events { worker_connections 256; }
                http {
                  access_log off;
                  default_type text/plain;
                  types { text/plain txt; }
                  client_body_temp_path temp-body;
                  proxy_temp_path temp-proxy;
                  fastcgi_temp_path temp-fastcgi;
                  uwsgi_temp_path temp-uwsgi;
                  scgi_temp_path temp-scgi;
                  gzip on;
                  gzip_types text/plain;
                  gzip_proxied any;
                  client_max_body_size 1m;
                  keepalive_requests %1$d;
                  limit_req_zone $server_name zone=calls:64k rate=20r/s;
                  limit_req_status 429;
                  server {
                    listen 127.0.0.1:%2$d;
                    listen 127.0.0.1:%3$d ssl http2;
                    server_name interop;
                    ssl_certificate certificate.pem;
                    ssl_certificate_key key.pem;
                    root www;
                    add_header X-Connection $connection always;
                    location /store/ { dav_methods PUT DELETE; client_max_body_size 16m; }
                    location /slowly/ { alias www/; gzip off; limit_rate 100k; }
                    location /seldom/ { alias www/; limit_req zone=calls nodelay; }
                    location = /echo {
                      proxy_pass http://127.0.0.1:%2$d/sink;
                      add_header X-Body $request_body;
                      add_header X-Content-Type $content_type;
                    }
                    location = /sink { return 200 "sunk"; }
                    location = /old { return 301 /text.txt; }
                    location = /nothing { return 204; }
                  }
                }
                """.formatted(REQUESTS_PER_CONNECTION, port, securePort));
        ServerProcess process = ServerProcess.start(folder, port, Map.of(), Program.NGINX.path(), "-p",
                folder.toString(), "-c", "nginx.conf", "-e", "stderr");
        return new Nginx(process, port, securePort);
    }

    String url() {
        return "http://127.0.0.1:" + this.port;
    }

    String secureUrl() {
        return "https://127.0.0.1:" + this.securePort;
    }

    /** Let new workers take over; the old ones end once their calls have. */
    void reload() {
        this.process.signal("HUP");
    }

}
