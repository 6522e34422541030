package io.modelyard.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in the place of all else on a connection for which there is no room: tells so, without waiting for a request,
 * and lets the client read it: what it has sent is swallowed for a moment, because closing would take the answer with it.
 * Only so many may linger like that; who comes when there are more is cut off without a word.
 */
@SuppressWarnings("FutureReturnValueIgnored") // in a pipeline, a write or close reports to its promise
final class Refusal extends ChannelInboundHandlerAdapter {
    private static final long LINGER_SECONDS = 2;
    private static final String BODY = """
                                       {"type":"about:blank","title":"Service Unavailable","status":503,\
                                       "code":"too_many_connections","detail":"this server has as many connections as it \
                                       may have (modelyard.http.max-connections); come back, or reuse one",\
                                       "retryable":true,"request_id":""}""";
    private static final byte[] ANSWER = ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + Problem.MEDIA_TYPE
            + "\r\nContent-Length: " + BODY.length() + "\r\nRetry-After: 1\r\nConnection: close\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private final AtomicInteger lingering;
    private final int most;

    /** @param lingering the number of all refusals that are not over yet, which this keeps */
    Refusal(AtomicInteger lingering, int most) {
        this.lingering = lingering;
        this.most = most;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().closeFuture().addListener(_ -> lingering.decrementAndGet());
        if (lingering.incrementAndGet() > most) {
            context.close();
            return;
        }
        context.writeAndFlush(Unpooled.wrappedBuffer(ANSWER)).addListener(_ -> {
            if (context.channel() instanceof DuplexChannel channel) {
                channel.shutdownOutput();
            }
        });
        context.executor().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
