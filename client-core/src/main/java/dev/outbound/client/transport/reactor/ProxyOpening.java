package dev.outbound.client.transport.reactor;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.ProxyException;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.Tunnel;

/**
 * Holds back that a channel is active until the proxy that it was connected to has been
 * spoken to, so that all other handlers see a channel that leads to the server. Used on
 * the event loop only.
 */
final class ProxyOpening extends ChannelInboundHandlerAdapter {

    private final Proxy proxy;

    private final @Nullable Tunnel tunnel;

    private final Runnable opened;

    private final Consumer<Throwable> failed;

    private boolean ended;

    /**
     * Create what opens the way through a proxy.
     * @param tunnel what is said to it, or {@code null} where only TLS is to be waited
     * for
     * @param opened is run when the channel leads to the server
     * @param failed is given what went wrong
     */
    ProxyOpening(Proxy proxy, @Nullable Tunnel tunnel, Runnable opened, Consumer<Throwable> failed) {
        this.proxy = proxy;
        this.tunnel = tunnel;
        this.opened = opened;
        this.failed = failed;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (this.proxy.isSecure()) {
            ctx.read();
        }
        else {
            begin(ctx);
        }
    }

    private void begin(ChannelHandlerContext ctx) {
        if (this.tunnel == null) {
            open(ctx);
            return;
        }
        write(ctx, this.tunnel.begin());
        ctx.read();
    }

    private static void write(ChannelHandlerContext ctx, byte[] bytes) {
        if (bytes.length > 0) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        }
    }

    private void open(ChannelHandlerContext ctx) {
        this.ended = true;
        this.opened.run();
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (this.ended || this.tunnel == null) {
                return;
            }
            write(ctx, this.tunnel.received(bytes.nioBuffer()));
            if (this.tunnel.needsAnotherConnection()) {
                fail(ctx, new AnotherConnection());
            }
            else if (this.tunnel.isOpen()) {
                open(ctx);
            }
        }
        catch (ProxyException ex) {
            fail(ctx, ex);
        }
        finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!this.ended) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    /** The handshake with the proxy is not the one that others wait for. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            ctx.fireUserEventTriggered(event);
        }
        else if (handshake.isSuccess()) {
            begin(ctx);
        }
        else {
            fail(ctx, handshake.cause());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (this.tunnel != null) {
            fail(ctx, this.tunnel.closed());
        }
        ctx.fireChannelInactive();
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        if (!this.ended) {
            this.ended = true;
            this.failed.accept(cause);
            ctx.close();
        }
    }

    /** Not a failure: the call goes on with another connection to the proxy. */
    static final class AnotherConnection extends RuntimeException {

        private static final long serialVersionUID = 1L;

        AnotherConnection() {
            super("The proxy wants another connection", null, false, false);
        }

    }

}
