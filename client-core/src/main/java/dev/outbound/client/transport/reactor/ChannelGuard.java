package dev.outbound.client.transport.reactor;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.TimeStatistics;
import dev.outbound.client.transport.TransportSettings;

/**
 * Stands in each channel between the HTTP codec and Reactor Netty, for the whole life of
 * the channel, so that no call adds or removes a handler; of HTTP/2 in each stream. It
 * knows the call that the channel serves, or is being opened for; times it; and keeps
 * from Reactor Netty what it would take for an answer or log as a warning. Used on the
 * event loop only.
 */
final class ChannelGuard extends ChannelDuplexHandler implements ChannelFutureListener {

    static final String NAME = "outbound.guard";

    private static final String DECODER = "outbound.decoder";

    private static final AttributeKey<ChannelGuard> KEY = AttributeKey.valueOf(ChannelGuard.class, "guard");

    private static final long ANSWER_MILLIS = 100;

    private final Channel channel;

    private final ProgressTimer timer;

    private final ResponseCheck check;

    private final TimeStatistics connects;

    /** When the channel began to be opened, until it is open. */
    private long begun = System.nanoTime();

    /** With what TLS is spoken, or {@code null} in clear text. */
    private final @Nullable TransportSettings secure;

    /**
     * Whether the channel is to speak HTTP/2, or may: then others guard what it serves.
     */
    private final boolean onlyOpens;

    /**
     * Where the connection has a permit for as long as it is open, and gives way; or
     * {@code null} where each call has one.
     */
    private @Nullable Room room;

    /** Connects when there is room. */
    private @Nullable Runnable connecting;

    /** Whether it is none of the client's connections yet: it waits for room. */
    private volatile boolean waiting;

    /** Knows the connection, where the channel is one of its streams. */
    private @Nullable Http2Line line;

    /** How many streams of HTTP/2 are open. */
    private int streams;

    private @Nullable Call opening;

    private @Nullable Call call;

    private @Nullable Connection connection;

    private @Nullable Future<?> openingLimit;

    /** Whether there is more to do than to connect before the channel is open. */
    private boolean byProxy;

    /** Since when it waits for a call, or 0. */
    private volatile long idleSince;

    /** Whether the channel is closed when its call is over. */
    private volatile boolean retired;

    /** Since when it is to be closed for one that waits, or 0. */
    private volatile long givesWaySince;

    /** Between the first and the last message of what was read at once. */
    private boolean reading;

    ChannelGuard(Channel channel, @Nullable Call opening, Limits limits, TimeStatistics connects,
            @Nullable TransportSettings secure, @Nullable Room room) {
        this.channel = channel;
        this.room = room;
        this.onlyOpens = room != null;
        this.waiting = room != null;
        this.connects = connects;
        this.check = new ResponseCheck(limits);
        this.secure = secure;
        this.timer = new ProgressTimer(channel, this);
        channel.attr(KEY).set(this);
        channel.closeFuture().addListener((future) -> releasePermits());
        if (opening != null) {
            this.opening = opening;
            opening.guard(this);
            opening.phase(Phase.LOOKUP);
            limitOpening(opening);
        }
    }

    /** The channel is closed. */
    private void releasePermits() {
        Call opening = this.opening;
        Call call = this.call;
        // One that has not ended is about to try another address.
        if (opening != null && opening.isEnded()) {
            opening.releasePermit();
        }
        if (call != null) {
            call.releasePermit();
        }
    }

    boolean isClosed() {
        return !this.channel.isOpen();
    }

    /** Since when this waits for a call, or 0. From any thread. */
    long idleSince() {
        return this.idleSince;
    }

    static @Nullable ChannelGuard of(Channel channel) {
        return channel.attr(KEY).get();
    }

    boolean onlyOpens() {
        return this.onlyOpens;
    }

    /** Whether it waits for a call. From any thread. */
    boolean isIdle() {
        return this.idleSince != 0;
    }

    /** Whether this is one of the client's connections, also when not yet open. */
    boolean isConnection() {
        return !isStream() && !this.waiting;
    }

    /** Whether closing this helps one that waits, and was not asked for yet. */
    boolean mayGiveWay() {
        return this.room != null && !this.retired && !givesWay();
    }

    /** Whether it is closed when its call is over. */
    boolean isRetired() {
        return this.retired;
    }

    boolean givesWay() {
        return this.givesWaySince != 0;
    }

    long givesWaySince() {
        return this.givesWaySince;
    }

    /**
     * Close the channel for one that waits, as soon as it serves no call. From any
     * thread.
     * @param drain whether it serves no further call until then; otherwise it goes on if
     * it has begun to serve one
     */
    void giveWay(boolean drain) {
        this.givesWaySince = System.nanoTime() | 1;
        if (drain) {
            retire();
            return;
        }
        this.channel.eventLoop().execute(() -> {
            if (isUnused()) {
                retire();
                return;
            }
            this.givesWaySince = 0;
            if (this.room != null) {
                this.room.make(null);
            }
        });
    }

    /**
     * Return what guards the calls of this channel, which turned out to speak HTTP/1.1,
     * or of one of its streams.
     */
    ChannelGuard serve(Channel served, Limits limits) {
        countConnect();
        limited(null);
        this.opening = null;
        ChannelGuard guard = new ChannelGuard(served, null, limits, this.connects, this.secure, null);
        guard.begun = 0;
        served.pipeline().addBefore(NettyPipeline.ReactiveBridge, NAME + ".serving", guard);
        if (served == this.channel) {
            guard.retired = this.retired;
            guard.room = this.room;
            guard.decode(served, limits);
            served.pipeline().remove(this);
        }
        else {
            Http2Line line = this.line;
            if (line == null) {
                line = Http2Line.of(this.channel);
                this.line = line;
            }
            guard.line = line;
            this.streams++;
            this.idleSince = 0;
            Http2Line used = line;
            served.closeFuture().addListener((future) -> streamEnded(used));
        }
        return guard;
    }

    private void countConnect() {
        if (this.begun != 0) {
            this.connects.add(System.nanoTime() - this.begun);
            this.begun = 0;
        }
    }

    private void streamEnded(Http2Line line) {
        this.streams--;
        if (this.streams == 0) {
            this.idleSince = System.nanoTime() | 1;
        }
        // The server lets a connection that it has given up to the client to end.
        if (this.retired || line.isGoingAway()) {
            closeUnused();
        }
        else if (this.room != null && !isClosed()) {
            this.room.make(this);
        }
    }

    private boolean isUnused() {
        // Another one guards what has turned out to speak HTTP/1.1.
        return this.call == null && this.opening == null && this.streams == 0 && of(this.channel) == this;
    }

    private void closeUnused() {
        if (isUnused()) {
            this.channel.close();
        }
    }

    private void limitOpening(Call opening) {
        if (opening.isEnded()) {
            this.channel.eventLoop().execute(() -> breakOff(opening));
            return;
        }
        Duration limit = opening.request().timeouts().connect();
        if (limit != null) {
            limited(this.channel.eventLoop()
                .schedule(
                        () -> opening.fail(new ConnectTimeoutException(opening.phase(),
                                "no connection to " + opening.route() + " within " + NettyFailures.text(limit), null)),
                        opening.openingTimeLeft(limit), TimeUnit.NANOSECONDS));
        }
    }

    private void limited(@Nullable Future<?> limit) {
        Future<?> before = this.openingLimit;
        if (before != null) {
            before.cancel(false);
        }
        this.openingLimit = limit;
    }

    /**
     * Limit the wait for the server's settings, before which Reactor Netty opens no
     * stream (RFC 9113, section 3.4).
     */
    private void awaitSettings() {
        Call opening = this.opening;
        Duration limit = (opening != null) ? opening.request().timeouts().connect() : null;
        if (this.onlyOpens && opening != null && limit != null) {
            limited(this.channel.eventLoop()
                .schedule(
                        () -> opening
                            .fail(new ConnectTimeoutException(Phase.CONNECT,
                                    NettyFailures.peer(opening) + " did not begin to speak HTTP/2 within "
                                            + NettyFailures.text(limit),
                                    null)),
                        limit.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        Call opening = this.opening;
        if (this.room == null) {
            connectNow(ctx, remote, local, promise);
        }
        else if (opening == null) {
            promise.setFailure(new ClosedChannelException());
        }
        else {
            this.channel.closeFuture().addListener((closed) -> promise.tryFailure(new ClosedChannelException()));
            limited(null);
            long since = System.nanoTime();
            this.connecting = () -> {
                opening.waited(System.nanoTime() - since);
                limitOpening(opening);
                connectNow(ctx, remote, local, promise);
            };
            opening.phase(Phase.POOL);
            opening.awaitPermit();
        }
    }

    /** There is room for the connection. From any thread. */
    void connectWaiting() {
        this.channel.eventLoop().execute(() -> {
            Runnable connecting = this.connecting;
            Call opening = this.opening;
            this.connecting = null;
            if (this.room != null && connecting != null && opening != null && !opening.isEnded() && !isClosed()) {
                this.waiting = false;
                connecting.run();
                this.room.opens();
            }
        });
    }

    private void connectNow(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local,
            ChannelPromise promise) {
        Call opening = this.opening;
        if (opening != null) {
            opening.phase(Phase.CONNECT);
        }
        promise.addListener((future) -> {
            if (future.isSuccess() && this.room != null && opening != null) {
                opening.leavePermit(this.channel);
            }
            if (!future.isSuccess() || !this.byProxy) {
                opened(future.isSuccess());
            }
        });
        ctx.connect(remote, local, promise);
    }

    /**
     * Have the proxy of the call that this channel is opened for spoken to, before any
     * other handler sees that the channel is active.
     */
    void openByProxy(Proxy proxy, @Nullable SslContext tls) {
        Call opening = this.opening;
        if (opening == null) {
            this.channel.close();
            return;
        }
        this.byProxy = true;
        this.channel.pipeline()
            .addFirst("outbound.proxy",
                    new ProxyOpening(proxy, opening.tunnel(), () -> opened(true), opening::refused));
        if (tls != null) {
            this.channel.pipeline()
                .addFirst("outbound.proxy.tls",
                        Tls.handler(tls, proxy.tls(), this.channel, proxy.host(), proxy.port()));
        }
    }

    /** Close a channel that is being opened, for its server is not the right one. */
    static void refuse(Channel channel, Throwable why) {
        ChannelGuard guard = of(channel);
        Call opening = (guard != null) ? guard.opening : null;
        if (opening != null) {
            opening.broken(why);
        }
        channel.close();
    }

    private void opened(boolean success) {
        limited(null);
        if (success && this.opening != null) {
            this.opening.phase(Phase.TLS);
            if (this.secure == null) {
                awaitSettings();
            }
        }
    }

    /** Begin to serve a call. */
    void begin(Call call, Connection connection) {
        countConnect();
        this.opening = null;
        this.idleSince = 0;
        this.call = call;
        this.connection = connection;
        call.guard(this);
        this.check.begin(this.reading);
        this.timer.begin(call);
    }

    private void end() {
        this.call = null;
        this.connection = null;
        this.timer.end();
    }

    /**
     * End what is done for a call by closing the channel, if the channel is still the
     * call's.
     */
    void breakOff(Call call) {
        if (!this.channel.eventLoop().inEventLoop()) {
            this.channel.eventLoop().execute(() -> breakOff(call));
            return;
        }
        Connection connection = this.connection;
        if (this.call == call && connection != null) {
            end();
            this.channel.closeFuture().addListener((future) -> call.releasePermit());
            connection.dispose();
        }
        else if (this.opening == call) {
            this.opening = null;
            this.channel.closeFuture().addListener((future) -> call.releasePermit());
            opened(false);
            this.channel.close();
        }
    }

    boolean isOutdated(TransportSettings current) {
        return this.secure != null && this.secure != current;
    }

    /**
     * Close the channel when it serves no call any more, and have it serve no further
     * ones. From any thread.
     */
    void retire() {
        this.retired = true;
        this.channel.eventLoop().execute(() -> {
            if (this.line != null) {
                this.line.giveUp();
            }
            closeUnused();
        });
    }

    /** End the call of the channel, and close it. From any thread. */
    void close() {
        this.channel.eventLoop().execute(() -> {
            Call call = (this.call != null) ? this.call : this.opening;
            if (call != null) {
                call.closed();
            }
            this.channel.close();
        });
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        Call call = this.call;
        if (isStream() && message instanceof HttpRequest request && call != null) {
            request.setUri(call.target());
        }
        if (call != null) {
            call.sent((message instanceof ByteBuf bytes) ? bytes.readableBytes()
                    : (message instanceof ByteBufHolder content) ? content.content().readableBytes() : 0);
        }
        if (message instanceof LastHttpContent && call != null) {
            if (isStream()) {
                RequestWriter.withoutNeedlessLength(call.request(), message);
            }
            ctx.write(message, timed(promise.unvoid())).addListener(this);
        }
        else if (isStream() && call != null) {
            ctx.write(message, timed(promise.unvoid()));
        }
        else {
            ctx.write(message, promise);
        }
    }

    boolean isStream() {
        return this.channel instanceof Http2StreamChannel;
    }

    /**
     * Nothing has come for a while. A stream does not tell whether its connection lives.
     */
    void askForLife() {
        Http2Line line = this.line;
        if (line != null) {
            line.ask();
        }
    }

    /**
     * A read limit has run out: a connection that has not shown life is not used again.
     */
    void silentSince(long time) {
        Http2Line line = this.line;
        if (line != null) {
            line.silentSince(time);
        }
    }

    /** A stream has no buffer to look at: what is on its way there is counted. */
    private ChannelPromise timed(ChannelPromise promise) {
        if (isStream()) {
            this.timer.writing();
            promise.addListener((future) -> this.timer.wrote());
        }
        return promise;
    }

    /** The request is written to its end, or not. */
    @Override
    public void operationComplete(ChannelFuture written) {
        Call call = this.call;
        if (call == null) {
            return;
        }
        if (written.isSuccess()) {
            if (call.phase() == Phase.WRITE) {
                call.phase(Phase.HEAD);
            }
            this.timer.requestWritten();
        }
        else {
            writeFailed(call, written.cause());
        }
    }

    /**
     * A write of a call has failed. A server that refuses a large body answers and stops
     * reading; its answer may be here already.
     */
    void writeFailed(Call call, Throwable cause) {
        Connection connection = this.connection;
        if (this.call != call || connection == null) {
            return;
        }
        connection.markPersistent(false);
        if (!(cause instanceof IOException) || !this.channel.isActive()) {
            brokenBeforeHead(call, cause);
            return;
        }
        this.channel.read();
        this.channel.eventLoop().schedule(() -> brokenBeforeHead(call, cause), ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void brokenBeforeHead(Call call, Throwable cause) {
        if (this.call == call && call.phase() == Phase.WRITE) {
            call.broken(cause);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (this.onlyOpens) {
            ctx.fireChannelRead(message);
            return;
        }
        this.reading = true;
        Call call = this.call;
        if (call == null) {
            // Nobody asked for it. It must not become the answer to the next request.
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        Throwable fault = this.check.fault(message);
        if (fault != null && !call.isBodyRead()) {
            ReferenceCountUtil.release(message);
            call.broken(fault);
            return;
        }
        if (this.check.isInformational()) {
            ReferenceCountUtil.release(message);
            if (message instanceof LastHttpContent) {
                ctx.read();
            }
            return;
        }
        if (message instanceof HttpResponse head) {
            call.head(head, message instanceof LastHttpContent);
        }
        else if (!call.hasHead()) {
            ReferenceCountUtil.release(message);
            call.broken(NettyFailures.broken(call, null));
            return;
        }
        if (message instanceof LastHttpContent && fault == null) {
            readLast(ctx, message, call.body());
        }
        else {
            ResponseBody body = call.body();
            if (body != null) {
                body.buffered();
            }
            ctx.fireChannelRead(message);
        }
    }

    /**
     * The channel is of no use any more, and about to be closed. Reactor Netty is told of
     * that only: it would log a second failure as a warning.
     */
    void broken(Throwable fault) {
        Call call = this.call;
        if (call != null) {
            call.brokenBehind(fault);
        }
    }

    /** Something is behind the response, and nobody's. */
    void spoilt() {
        if (this.connection != null) {
            this.connection.markPersistent(false);
        }
    }

    private void readLast(ChannelHandlerContext ctx, Object message, @Nullable ResponseBody body) {
        Connection connection = this.connection;
        boolean written = this.timer.isRequestWritten();
        Call call = this.call;
        // Before it is passed on, for then the channel may be given to the next call.
        end();
        this.idleSince = System.nanoTime() | 1;
        if (this.room != null) {
            this.room.make(this);
        }
        if (connection != null && (this.retired || !written)) {
            connection.markPersistent(false);
        }
        if (body != null) {
            body.complete();
        }
        ctx.fireChannelRead(message);
        if (call != null) {
            call.releasePermit();
        }
        if (body != null) {
            body.returned();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        this.reading = false;
        this.check.hasRead();
        this.timer.hasRead();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Call call = (this.call != null) ? this.call : this.opening;
        if (call == null) {
            ctx.close();
        }
        else if (!call.isBodyRead()) {
            call.broken(cause);
        }
        else if (isStream()) {
            ctx.fireExceptionCaught(cause);
        }
        else {
            broken(cause);
            ctx.close();
        }
        if (!this.channel.isActive()) {
            openingEnded(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        Call call = this.call;
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            awaitSettings();
        }
        if (event instanceof Http2ResetFrame reset && call != null) {
            if (reset.errorCode() == Http2Error.HTTP_1_1_REQUIRED.code()) {
                call.speakHttp11();
            }
            call.broken(NettyFailures.reset(call, reset.errorCode()));
        }
        if (event instanceof SslCloseCompletionEvent closed && !closed.isSuccess() && call != null
                && call.phase() == Phase.BODY) {
            // An end without the closing alert may be anybody's.
            call.broken(new TruncatedBodyException(
                    NettyFailures.peer(call)
                            + " ended the connection in the middle of the body, without TLS's closing alert",
                    closed.cause()));
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        opened(false);
        this.timer.stop();
        Call call = (this.call != null) ? this.call : this.opening;
        if (call != null && !call.isBodyRead()) {
            call.broken(ending(call));
        }
        if (this.call != null) {
            this.call.releasePermit();
        }
        this.call = null;
        this.opening = null;
        this.connection = null;
        openingEnded(ctx);
        ctx.fireChannelInactive();
    }

    /**
     * Tell the pool of streams that there will be none: Reactor Netty tells it nothing
     * when the channel ends before they are possible, and would count it forever.
     */
    private void openingEnded(ChannelHandlerContext ctx) {
        if (this.onlyOpens && this.begun != 0 && ctx.pipeline().get(NettyPipeline.ReactiveBridge) != null) {
            this.begun = 0;
            ctx.fireExceptionCaught(new ClosedChannelException());
        }
    }

    /** Have HTTP/1.1 written and read by our rules on a channel of this guard. */
    void decode(Channel channel, Limits limits) {
        channel.pipeline().addBefore(NettyPipeline.HttpCodec, DECODER, new ResponseDecoder(this, limits));
        channel.pipeline().replace(NettyPipeline.HttpCodec, NettyPipeline.HttpCodec, new RequestEncoder(this));
    }

    @Nullable Call call() {
        return this.call;
    }

    /** Why the channel has ended, as far as HTTP/2 tells (RFC 9113, section 6.8). */
    private Throwable ending(Call call) {
        Http2Line line = this.line;
        return (line != null && this.channel instanceof Http2StreamChannel stream)
                ? line.ending(call, stream.stream().id()) : new ClosedChannelException();
    }

}
