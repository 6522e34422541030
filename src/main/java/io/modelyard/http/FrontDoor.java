package io.modelyard.http;

import io.micronaut.http.server.netty.handler.PipeliningServerHandler;
import io.modelyard.http.LargeBodies.Allowance;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
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

    /**
     * So many requests of one connection are taken before the first is answered. The framework stops reading at two, and
     * who does not read does not see that the client leaves.
     */
    static final int READ_AHEAD = 4;

    private final AccessLog log;
    private final BodyLimits limits;
    /** What the framework was told last. */
    private @Nullable Allowance allowance;
    /** Asked and not yet answered; several where a client does not wait for answers. */
    private final ArrayDeque<Visit> visits = new ArrayDeque<>(2);
    private boolean bodyIsComing;
    private boolean closeAfterBody;
    /** Of the answer that is being written. */
    private HttpResponseStatus status = HttpResponseStatus.OK;
    private @Nullable ScheduledFuture<?> patience;

    private record Visit(String id, String method, String path, long start) {}

    FrontDoor(AccessLog log, BodyLimits limits) {
        this.log = log;
        this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            String id = RequestId.given(request.headers().get(RequestId.HEADER));
            request.headers().set(RequestId.HEADER, id);
            Visit visit = new Visit(id, request.method().name(), path(request.uri()), System.nanoTime());
            visits.add(visit);
            bodyIsComing = true;
            Allowance allowed = limits.of(visit.method(), visit.path());
            limit(context, allowed);
            if (HttpUtil.is100ContinueExpected(request)
                    && HttpUtil.getContentLength(request, 0L) > allowed.bytes()) {
                // Who asks before sending what will be refused is not told to go on.
                request.headers().remove(HttpHeaderNames.EXPECT);
            }
        }
        boolean last = message instanceof LastHttpContent;
        if (last) {
            bodyIsComing = false;
        }
        context.fireChannelRead(message);
        if (last && patience != null) {
            patience.cancel(false);
            patience = null;
            if (closeAfterBody) {
                context.close();
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
        context.write(message, promise);
        if (message instanceof LastHttpContent && visit != null) {
            visits.poll();
            line(visit, status.codeAsText());
            if (bodyIsComing && visits.isEmpty()) {
                patience = context.executor().schedule(() -> context.close(), PATIENCE.toMillis(),
                        TimeUnit.MILLISECONDS);
            }
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
        visits.forEach(visit -> line(visit, "gone"));
        visits.clear();
        context.fireChannelInactive();
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
        if (bodyIsComing && response.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)) {
            // Tells the caller to stop sending; the connection cannot be used again before the rest has come.
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            closeAfterBody = true;
        }
    }

    private void line(Visit visit, CharSequence outcome) {
        if (LOG.isInfoEnabled() && log.covers(visit.path())) {
            LOG.info("{} {} {} {} us {}", visit.method(), visit.path(), outcome,
                    (System.nanoTime() - visit.start()) / 1000, visit.id());
        }
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
