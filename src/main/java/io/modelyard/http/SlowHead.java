package io.modelyard.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Answers a request whose line and headers do not come to an end, so that the framework never sees it. */
@SuppressWarnings("FutureReturnValueIgnored") // in a pipeline, a write or close reports to its promise
final class SlowHead {
    private SlowHead() {}

    /** @param alone whether no other answer is to come before; what is behind others is cut off with them */
    static void refuse(ChannelHandlerContext context, boolean alone) {
        if (!alone) {
            context.close();
            return;
        }
        Diagnosis diagnosis = Diagnostician.tooSlow("the head");
        String id = RequestId.given(null);
        String body = "{\"type\":\"about:blank\",\"title\":\"Request Timeout\",\"status\":408,\"code\":\""
                + diagnosis.code() + "\",\"detail\":\"" + diagnosis.detail() + "\",\"retryable\":true,\"request_id\":\""
                + id + "\"}";
        FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_TIMEOUT,
                ByteBufUtil.writeUtf8(context.alloc(), body));
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE).set(RequestId.HEADER, id);
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
