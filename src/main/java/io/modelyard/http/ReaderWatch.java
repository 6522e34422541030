package io.modelyard.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;

/**
 * Cuts the connection of a client that does not take its answer: in each window it must take some bytes, or all that
 * there are. It cannot be told why, because what it would be told stands behind what it does not read. Costs nothing
 * while the network takes what is written. One for each connection, next to the network; all methods run on its event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // in a pipeline, a write or close reports to its promise
final class ReaderWatch extends ChannelOutboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderWatch.class);

    private final ClientLimits limits;
    private boolean watching;
    /** Bytes that were not yet taken when this window began. */
    private long before;
    /** Bytes that have come to be sent in this window. */
    private long added;

    ReaderWatch(ClientLimits limits) {
        this.limits = limits;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        added += size(message);
        context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (!watching) {
            ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
            if (buffer != null && !buffer.isEmpty()) {
                watching = true;
                window(context, buffer);
            }
        }
    }

    private void window(ChannelHandlerContext context, ChannelOutboundBuffer buffer) {
        before = left(buffer);
        added = 0;
        context.executor().schedule(() -> check(context), limits.progressWindow().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            watching = false;
            return;
        }
        long taken = before + added - left(buffer);
        if (taken < Math.min(limits.progressBytes(), before)) {
            LOG.info("{} took {} bytes of its answer in {} ms, and is cut off", context.channel().remoteAddress(),
                    taken, limits.progressWindow().toMillis());
            context.channel().close();
        } else {
            window(context, buffer);
        }
    }

    private static long left(ChannelOutboundBuffer buffer) {
        long[] left = new long[1];
        try {
            buffer.forEachFlushedMessage(message -> {
                left[0] += size(message);
                return true;
            });
        } catch (Exception e) {
            throw new IllegalStateException("counting does not throw", e);
        }
        return left[0];
    }

    private static long size(Object message) {
        return switch (message) {
            case ByteBuf bytes -> bytes.readableBytes();
            case FileRegion file -> file.count() - file.transferred();
            default -> 0;
        };
    }
}
