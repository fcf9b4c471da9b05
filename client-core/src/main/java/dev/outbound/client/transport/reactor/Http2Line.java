package dev.outbound.client.transport.reactor;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one connection of HTTP/2 (RFC 9113) have in common: whether the
 * connection lives, is going away, and may be used on. Used on the event loop only.
 */
final class Http2Line extends ChannelInboundHandlerAdapter {

    /**
     * What all streams together may have on the way. Netty gives the connection no more
     * than one stream has, so that one response that nobody reads would stop all others.
     */
    private static final int WINDOW = 16 * 1024 * 1024;

    /** More than any server needs to measure a line, or to change its mind. */
    private static final int MOST_CONTROL_FRAMES = 1000;

    private static final long CONTROL_PERIOD = TimeUnit.SECONDS.toNanos(1);

    private final Channel channel;

    private final Http2Connection connection;

    private long lastRead = System.nanoTime();

    private boolean asked;

    private @Nullable Http2Error farewell;

    private @Nullable Throwable fault;

    private int controlFrames;

    private long controlSince = System.nanoTime();

    private Http2Line(Channel channel, Http2Connection connection) {
        this.channel = channel;
        this.connection = connection;
    }

    /** Return what knows a connection that has just been opened. */
    static Http2Line of(Channel channel) {
        ChannelHandlerContext codec = channel.pipeline().context(Http2FrameCodec.class);
        Http2FrameCodec frames = (Http2FrameCodec) codec.handler();
        // Whoever closes it means it; who does not, waits for its streams before.
        frames.gracefulShutdownTimeoutMillis(0);
        Http2Connection connection = frames.connection();
        Http2Line line = new Http2Line(channel, connection);
        line.widen();
        connection.addListener(new Http2ConnectionAdapter() {

            @Override
            public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
                line.farewell = Http2Error.valueOf(errorCode);
            }

        });
        // Before the handler that gives frames to their streams.
        channel.pipeline().addAfter(codec.name(), "outbound.line", line);
        return line;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        this.lastRead = System.nanoTime();
        this.asked = false;
        if (frame instanceof Http2PingFrame || frame instanceof Http2SettingsFrame) {
            countControl();
        }
        if (frame instanceof Http2HeadersFrame head && !hasStatus(head)) {
            // Netty makes a buffer before it looks at the status, and forgets it then.
            Http2Exception malformed = new Http2Exception(Http2Error.PROTOCOL_ERROR, "Malformed :status");
            ctx.fireExceptionCaught(new Http2FrameStreamException(head.stream(), Http2Error.PROTOCOL_ERROR, malformed));
            return;
        }
        ctx.fireChannelRead(frame);
    }

    private static boolean hasStatus(Http2HeadersFrame head) {
        CharSequence status = head.headers().status();
        // Trailers have none.
        return status == null || (status.length() == 3 && status.chars().allMatch((c) -> c >= '0' && c <= '9'));
    }

    /** The codec ends the connection; what is wrong is told to the calls with its end. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException) {
            ctx.fireExceptionCaught(cause);
            return;
        }
        this.fault = cause;
        if (!(cause instanceof Http2Exception)) {
            ctx.close();
        }
    }

    private void widen() {
        try {
            this.connection.local().flowController().incrementWindowSize(this.connection.connectionStream(), WINDOW);
        }
        catch (Http2Exception ex) {
            throw new IllegalStateException("A new connection does not take a window of " + WINDOW + " bytes", ex);
        }
    }

    boolean isGoingAway() {
        return this.connection.goAwayReceived();
    }

    /** Have the server show that it is there (section 6.7). */
    void ask() {
        if (!this.asked) {
            this.asked = true;
            this.channel.writeAndFlush(new DefaultHttp2PingFrame(0));
        }
    }

    /**
     * Have no more streams opened if nothing was received since then. Open streams have
     * their own limits.
     */
    void silentSince(long time) {
        if (this.lastRead - time <= 0) {
            giveUp();
        }
    }

    /**
     * Have no more streams opened, as if the server had said that it goes away: the pool
     * then takes another connection, even for a stream that it is about to open. Open
     * streams go on.
     */
    void giveUp() {
        if (isGoingAway()) {
            return;
        }
        try {
            this.connection.goAwayReceived(Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
        }
        catch (Http2Exception ex) {
            this.channel.close();
        }
    }

    private void countControl() {
        long now = System.nanoTime();
        if (now - this.controlSince > CONTROL_PERIOD) {
            this.controlSince = now;
            this.controlFrames = 0;
        }
        if (++this.controlFrames > MOST_CONTROL_FRAMES) {
            this.channel.close();
        }
    }

    /** Why the connection has ended for a stream (section 6.8). */
    Throwable ending(Call call, int stream) {
        Http2Error farewell = this.farewell;
        if (isGoingAway() && (stream <= 0 || stream > this.connection.local().lastStreamKnownByPeer())) {
            return NettyFailures.unprocessed(call, "is going away");
        }
        if (farewell != null && farewell != Http2Error.NO_ERROR) {
            return NettyFailures.farewell(call, farewell);
        }
        return this.connection.goAwaySent() ? NettyFailures.broken(call, this.fault) : new ClosedChannelException();
    }

}
