package io.modelyard.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices a client that sends its request too slowly. What counts is the time in which this server could have read and
 * nothing came: while it does not read, the client is not to blame. A request that comes in one piece costs neither a
 * timer nor a look at the clock. One for each connection, before the decoder, where bytes are bytes; all methods run on
 * the connection's event loop.
 */
final class SenderWatch extends ChannelDuplexHandler {
    private enum Phase {
        /** Connected; no byte has come yet. */
        FRESH,
        /** Between requests. */
        BETWEEN, HEAD, BODY
    }

    private final ClientLimits limits;
    private final LongSupplier nanoTime;
    private Phase phase = Phase.FRESH;
    /** Of the body that comes; a large one must only get on. */
    private boolean byProgress;
    /** Nanoseconds spent waiting in this phase, or in this window of it. */
    private long waited;
    private boolean waiting;
    /** When the server began to wait, where it does. */
    private long since;
    /** In this window. */
    private long bytes;
    private @Nullable ScheduledFuture<?> check;

    SenderWatch(ClientLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** A request line and its headers have been read. */
    void headRead(boolean largeBody) {
        begin(Phase.BODY);
        byProgress = largeBody;
    }

    /** The body has been read to its end. */
    void bodyRead() {
        begin(Phase.BETWEEN);
        cancel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        waiting = true;
        since = nanoTime.getAsLong();
        schedule(context);
        context.fireChannelActive();
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (phase != Phase.BETWEEN && !waiting) {
            waiting = true;
            since = nanoTime.getAsLong();
        }
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf read) {
            if (phase == Phase.FRESH || phase == Phase.BETWEEN) {
                begin(Phase.HEAD);
            }
            bytes += read.readableBytes();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        pause();
        context.fireChannelReadComplete();
        if (check == null && phase != Phase.BETWEEN) {
            schedule(context);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancel();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }

    private void begin(Phase next) {
        phase = next;
        waiting = false;
        waited = 0;
        bytes = 0;
    }

    private void pause() {
        if (waiting) {
            waited += nanoTime.getAsLong() - since;
            waiting = false;
        }
    }

    private void check(ChannelHandlerContext context) {
        check = null;
        if (phase == Phase.BETWEEN || !context.channel().isActive()) {
            return;
        }
        boolean wasWaiting = waiting;
        pause();
        if (wasWaiting) {
            waiting = true;
            since = nanoTime.getAsLong();
        }
        if (waited < limit()) {
            schedule(context);
        } else if (phase == Phase.BODY && byProgress && bytes >= limits.progressBytes()) {
            waited = 0;
            bytes = 0;
            schedule(context);
        } else {
            Sluggishness what = switch (phase) {
                case FRESH, BETWEEN -> Sluggishness.NO_REQUEST;
                case HEAD -> Sluggishness.HEAD;
                case BODY -> Sluggishness.BODY;
            };
            begin(Phase.BETWEEN);
            context.fireUserEventTriggered(what);
        }
    }

    private long limit() {
        if (phase != Phase.BODY) {
            return limits.headTimeout().toNanos();
        }
        return (byProgress ? limits.progressWindow() : limits.bodyTimeout()).toNanos();
    }

    private void schedule(ChannelHandlerContext context) {
        long left = Math.max(limit() - waited, TimeUnit.MILLISECONDS.toNanos(1));
        check = context.executor().schedule(() -> check(context), left, TimeUnit.NANOSECONDS);
    }

    private void cancel() {
        if (check != null) {
            check.cancel(false);
            check = null;
        }
    }
}
