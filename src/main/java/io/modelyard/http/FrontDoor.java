package io.modelyard.http;

import io.micronaut.http.server.netty.handler.PipeliningServerHandler;
import io.modelyard.http.LargeBodies.Allowance;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What every request passes on its way in and every answer on its way out, also those that never reach a route. Gives
 * the exchange its id, its body a limit and the answer its common headers, writes the line of the access log, and sees to it that a
 * caller who is refused while still sending can read why: closing a connection that has unread bytes resets it, and
 * the answer is lost with it. One for each connection of HTTP/1.1; all methods run on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // in a pipeline, a write or close reports to its promise
final class FrontDoor extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.LOGGER);
    private static final String NO_SNIFF_HEADER = "X-Content-Type-Options";
    private static final String NO_SNIFF = "nosniff";

    /** How long a caller may go on sending a body whose request is already answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long after its body came too slowly a request may take to be answered. */
    private static final Duration LAST_WORD = Duration.ofSeconds(5);

    /**
     * So many requests of one connection are taken before the first is answered. The framework stops reading at two, and
     * who does not read does not see that the client leaves.
     */
    static final int READ_AHEAD = 4;

    private final AccessLog log;
    private final BodyLimits limits;
    private final InFlight inFlight;
    private final SenderWatch sender;
    private @Nullable ChannelHandlerContext context;
    /** What the framework was told last. */
    private @Nullable Allowance allowance;
    /** Asked and not yet answered; several where a client does not wait for answers. */
    private final ArrayDeque<Visit> visits = new ArrayDeque<>(2);
    private boolean bodyIsComing;
    private boolean closeAfterBody;
    /** Of the answer that is being written. */
    private HttpResponseStatus status = HttpResponseStatus.OK;
    /** Whether it says that it is the last one of its connection, because the server stops. */
    private boolean lastAnswer;
    private @Nullable ScheduledFuture<?> patience;

    /** @param sender is told by this where in a request the connection is */
    FrontDoor(AccessLog log, BodyLimits limits, InFlight inFlight, SenderWatch sender) {
        this.log = log;
        this.limits = limits;
        this.inFlight = inFlight;
        this.sender = sender;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        inFlight.opened(this);
        context.channel().closeFuture().addListener(_ -> inFlight.closed(this));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            String id = RequestId.given(request.headers().get(RequestId.HEADER));
            request.headers().set(RequestId.HEADER, id);
            Visit visit = new Visit(id, request, inFlight.begin());
            visits.add(visit);
            bodyIsComing = true;
            Allowance allowed = limits.of(visit.method(), visit.path());
            limit(context, allowed);
            sender.headRead(limits.isLarge(allowed));
            if (HttpUtil.is100ContinueExpected(request)
                    && HttpUtil.getContentLength(request, 0L) > allowed.bytes()) {
                // Who asks before sending what will be refused is not told to go on.
                request.headers().remove(HttpHeaderNames.EXPECT);
            }
        }
        boolean last = message instanceof LastHttpContent;
        if (last) {
            bodyIsComing = false;
            sender.bodyRead();
        }
        context.fireChannelRead(message);
        if (last && patience != null) {
            patience.cancel(false);
            patience = null;
            if (closeAfterBody) {
                // The answer may still wait to be flushed, where it was given before the end of a request was read.
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.fireChannelReadComplete();
        if (visits.size() > 1 && visits.size() < READ_AHEAD && !bodyIsComing) {
            context.read();
        }
    }

    /** A connection that is busy is not idle, and what comes too slowly is answered as far as there is a request. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case IdleStateEvent _ when !visits.isEmpty() -> {
            }
            case Sluggishness.NO_REQUEST -> context.close();
            case Sluggishness.HEAD -> SlowHead.refuse(context, visits.isEmpty());
            case Sluggishness.BODY -> {
                if (visits.isEmpty()) {
                    context.close();
                } else {
                    context.fireExceptionCaught(new SlowBodyException());
                    // Whoever reads the body hears of it and answers; where nobody does, this is the end.
                    context.executor().schedule(() -> context.channel().close(), LAST_WORD.toMillis(),
                            TimeUnit.MILLISECONDS);
                }
            }
            default -> context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse interim && interim.status().code() < 200) {
            context.write(message, promise);
            return;
        }
        Visit visit = visits.peek();
        if (message instanceof HttpResponse response && visit != null) {
            status = response.status();
            complete(response, visit);
        }
        if (!(message instanceof LastHttpContent) || visit == null) {
            context.write(message, promise);
            return;
        }
        visits.poll();
        line(visit, status.code());
        if (status.equals(HttpResponseStatus.REQUEST_TIMEOUT)) {
            // The rest of what it sends is swallowed until the last word is over.
            context.write(message, promise.unvoid()).addListener(_ -> shutdownOutput(context.channel()));
            ended(visit);
        } else if (inFlight.phase() == InFlight.Phase.SERVING) {
            context.write(message, promise);
            ended(visit);
        } else {
            boolean leave = lastAnswer;
            context.write(message, promise.unvoid()).addListener(_ -> {
                ended(visit);
                if (leave && !bodyIsComing) {
                    context.close();
                }
            });
        }
        if (bodyIsComing && visits.isEmpty()) {
            patience = context.executor().schedule(() -> context.close(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Delayed while the caller of an answered request is still sending. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (bodyIsComing && patience != null && !patience.isDone() && context.channel().isActive()) {
            closeAfterBody = true;
            context.channel().closeFuture().addListener(_ -> promise.trySuccess());
        } else {
            context.close(promise);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (patience != null) {
            patience.cancel(false);
        }
        visits.forEach(visit -> {
            line(visit, AccessLine.GONE);
            ended(visit);
        });
        visits.clear();
        context.fireChannelInactive();
    }

    /** The server began to stop, or went on with it. What is on its way to the client counts as in flight until it has left. */
    void phaseChanged() {
        ChannelHandlerContext here = context;
        if (here != null && inFlight.begin()) {
            try {
                here.executor().execute(() -> here.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(_ -> inFlight.end()));
            } catch (RejectedExecutionException e) {
                inFlight.end();
            }
        }
    }

    /** The answer to a request of this connection, if it is not on its way yet, is to have these headers, too. */
    void complete(HttpRequest request, AnswerHeaders headers) {
        for (Visit visit : visits) {
            if (visit.isOf(request)) {
                visit.add(headers);
            }
        }
    }

    /** Ends the connection, whatever it waits for. */
    void abandon() {
        ChannelHandlerContext here = context;
        if (here != null) {
            here.channel().close();
        }
    }

    private static void shutdownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    private void ended(Visit visit) {
        if (visit.taken()) {
            inFlight.end();
        }
    }

    /** The framework's handler has one limit for all requests of a connection, and asks for it when a body begins. */
    private void limit(ChannelHandlerContext context, Allowance allowed) {
        if (!allowed.equals(allowance)) {
            allowance = allowed;
            context.pipeline().get(PipeliningServerHandler.class).setBodySizeLimits(limits.forFramework(allowed));
        }
    }

    private void complete(HttpResponse response, Visit visit) {
        response.headers().set(RequestId.HEADER, visit.id());
        response.headers().set(NO_SNIFF_HEADER, NO_SNIFF);
        visit.complete(response.headers());
        if (bodyIsComing && response.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)) {
            // Tells the caller to stop sending; the connection cannot be used again before the rest has come.
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            closeAfterBody = true;
        }
        if (response.status().equals(HttpResponseStatus.REQUEST_TIMEOUT)) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        lastAnswer = visits.size() == 1 && inFlight.phase() != InFlight.Phase.SERVING;
        if (lastAnswer) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            closeAfterBody |= bodyIsComing;
        }
    }

    private void line(Visit visit, int code) {
        if (LOG.isInfoEnabled() && log.covers(visit.path())) {
            LOG.info("{}", visit.line(code));
        }
    }
}
