package io.modelyard.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.server.netty.NettyHttpRequest;

/**
 * Headers of an answer that are known when it goes out, whatever the answer is. For a few requests: a filter for answers would be passed by all.
 */
@FunctionalInterface
public interface AnswerHeaders {
    /** Receives headers by name; one that is there is replaced. */
    @FunctionalInterface
    interface Setter {
        void set(String name, String value);
    }

    /** Sets them. Called on the request's event loop, right before the answer goes out. */
    void write(Setter answer);

    /** Has the answer to a request carry them. Called on the request's event loop before it is answered, as filters for requests are. */
    static void add(HttpRequest<?> request, AnswerHeaders headers) {
        switch (request) {
            case NettyHttpRequest<?> received -> {
                FrontDoor door = received.getChannelHandlerContext().pipeline().get(FrontDoor.class);
                if (door != null) {
                    door.complete(received.getNativeRequest(), headers);
                }
            }
            case HttpRequestWrapper<?> wrapper -> add(wrapper.getDelegate(), headers);
            default -> throw new IllegalArgumentException("not a request that this server received: " + request);
        }
    }
}
