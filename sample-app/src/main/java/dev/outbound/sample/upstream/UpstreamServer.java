package dev.outbound.sample.upstream;

import java.time.Duration;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * One upstream on a socket of the loopback interface. It keeps its port when it is
 * stopped and started again. Thread-safe.
 */
final class UpstreamServer {

    private final HttpServer server;

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /** Any free port at first. */
    private int port;

    private @Nullable DisposableServer running;

    UpstreamServer(RouterFunction<ServerResponse> script) {
        RouterFunction<ServerResponse> routes = RouterFunctions.route()
            .GET("/", (request) -> ServerResponse.ok().bodyValue("up"))
            .add(script)
            .build();
        this.server = HttpServer.create()
            .host("127.0.0.1")
            .channelGroup(this.connections)
            .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes)));
    }

    synchronized void start() {
        if (this.running == null) {
            this.running = this.server.port(this.port).bindNow();
            this.port = this.running.port();
        }
    }

    /** As if the process had died: connections that are open break. */
    synchronized void stop() {
        if (this.running != null) {
            this.running.channel().close().awaitUninterruptibly();
            this.connections.close().awaitUninterruptibly();
            this.running.disposeNow(Duration.ofSeconds(1));
            this.running = null;
        }
    }

    synchronized boolean isRunning() {
        return this.running != null;
    }

    synchronized int port() {
        return this.port;
    }

}
