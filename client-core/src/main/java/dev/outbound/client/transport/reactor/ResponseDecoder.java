package dev.outbound.client.transport.reactor;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Limits;
import dev.outbound.client.transport.BodyScanner;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.IncomingHeadReader;

/**
 * Reads what comes on a connection of HTTP/1.1, in the place of Netty's decoder, by the
 * same rules as every engine: Netty folds lines, makes one length of two, and takes lines
 * that end with CR LF only. Nothing is read of what comes between calls: the connection
 * is closed. Used on the event loop only.
 */
final class ResponseDecoder extends ChannelInboundHandlerAdapter {

    private final ChannelGuard guard;

    private final IncomingHeadReader reader;

    private final BodyScanner body;

    private boolean inBody;

    /** Nothing more can be understood. */
    private boolean broken;

    /** Whether something was passed on of what was read at once. */
    private boolean passedOn;

    /** What belongs to the body and was not passed on, for it may be the last of it. */
    private @Nullable ByteBuf content;

    ResponseDecoder(ChannelGuard guard, Limits limits) {
        this.guard = guard;
        this.reader = new IncomingHeadReader(limits);
        this.body = new BodyScanner(limits);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!this.inBody && this.guard.call() == null) {
                // Nobody asked for it. It must not become the answer to the next request.
                ctx.close();
            }
            else if (!this.broken && bytes.isReadable()) {
                decode(ctx, bytes);
            }
        }
        catch (RuntimeException ex) {
            this.broken = true;
            passOn(ctx);
            this.guard.broken(ex);
            ctx.close();
        }
        finally {
            bytes.release();
        }
    }

    private void decode(ChannelHandlerContext ctx, ByteBuf bytes) {
        ByteBuffer source = bytes.nioBuffer();
        while (source.hasRemaining() && !this.inBody) {
            Call call = this.guard.call();
            IncomingHead head = this.reader.read(source);
            if (head == null || call == null) {
                return;
            }
            begin(ctx, head, call.request().method().name());
        }
        int start = bytes.readerIndex();
        this.body.scan(source, (piece) -> {
            passOn(ctx);
            this.content = bytes.retainedSlice(start + piece.position(), piece.remaining());
        });
        if (this.body.isEnded() && source.hasRemaining()) {
            this.guard.spoilt();
        }
        endPart(ctx);
    }

    private void begin(ChannelHandlerContext ctx, IncomingHead head, String method) {
        boolean interim = head.status() < 200;
        long length = interim ? 0 : head.bodyLength(method);
        this.passedOn = true;
        ctx.fireChannelRead(new DecodedHead(head, length));
        if (interim) {
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        else {
            this.inBody = true;
            this.body.begin(length);
        }
    }

    private void endPart(ChannelHandlerContext ctx) {
        if (!this.inBody || !this.body.isEnded()) {
            passOn(ctx);
            return;
        }
        this.inBody = false;
        ByteBuf content = this.content;
        this.content = null;
        this.passedOn = true;
        ctx.fireChannelRead(
                (content != null) ? new DefaultLastHttpContent(content) : LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void passOn(ChannelHandlerContext ctx) {
        ByteBuf content = this.content;
        if (content != null) {
            this.content = null;
            this.passedOn = true;
            ctx.fireChannelRead(new DefaultHttpContent(content));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean passedOn = this.passedOn;
        this.passedOn = false;
        ctx.fireChannelReadComplete();
        // Who waits for a message does not know that there was none in what has come.
        if (!passedOn && !ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        this.broken = true;
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (this.inBody && this.body.isOpenEnded() && !this.broken) {
            this.inBody = false;
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        ctx.fireChannelInactive();
    }

}
