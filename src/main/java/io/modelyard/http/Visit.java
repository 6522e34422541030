package io.modelyard.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** One request of a connection, from its head until its answer. All methods run on the connection's event loop. */
final class Visit {
    private final String id;
    private final HttpRequest head;
    private final String path;
    private final long start = System.nanoTime();
    private final boolean taken;
    private @Nullable AnswerHeaders headers;

    /** @param taken whether it counts as in flight: what comes while the server stops is only refused */
    Visit(String id, HttpRequest head, boolean taken) {
        this.id = id;
        this.head = head;
        this.taken = taken;
        int query = head.uri().indexOf('?');
        this.path = query < 0 ? head.uri() : head.uri().substring(0, query);
    }

    String id() {
        return id;
    }

    String method() {
        return head.method().name();
    }

    /** Without the query. */
    String path() {
        return path;
    }

    boolean taken() {
        return taken;
    }

    @SuppressWarnings("ReferenceEquality") // two requests may look alike
    boolean isOf(HttpRequest request) {
        return head.headers() == request.headers();
    }

    /** The answer is to have these, too. */
    void add(AnswerHeaders more) {
        AnswerHeaders before = headers;
        headers = before == null ? more : setter -> {
            before.write(setter);
            more.write(setter);
        };
    }

    void complete(HttpHeaders answer) {
        if (headers != null) {
            headers.write(answer::set);
        }
    }

    /** @param status of the answer, or {@link AccessLine#GONE} */
    AccessLine line(int status) {
        return new AccessLine(method(), path, status, (System.nanoTime() - start) / 1000,
                CurrentRequest.of(id, head.headers().get(TraceParent.HEADER)));
    }
}
