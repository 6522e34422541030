package io.modelyard.dashboard;

import io.modelyard.model.Caller;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What one page is told. Whoever does not take it as fast as it comes is let go when too much waits: the page then asks again,
 * and begins with how things are. No thread belongs to it. Thread-safe.
 */
final class EventStream implements Publisher<EventStream.Told>, Subscription {
    private static final int MOST_WAITING = 60;

    /** One event. */
    record Told(String name, String json) {}

    private final Caller caller;
    private final Consumer<EventStream> whenOver;
    /** All guarded by this. */
    private final ArrayDeque<Told> waiting = new ArrayDeque<>();
    private @Nullable Subscriber<? super Told> subscriber;
    private long wanted;
    private boolean complete;
    private boolean over;
    private boolean emitting;

    /** @param whenOver told once, when nothing more can be told */
    EventStream(Caller caller, Consumer<EventStream> whenOver) {
        this.caller = caller;
        this.whenOver = whenOver;
    }

    Caller caller() {
        return caller;
    }

    @Override
    public void subscribe(Subscriber<? super Told> one) {
        synchronized (this) {
            if (subscriber != null) {
                throw new IllegalStateException("one page, one stream");
            }
            subscriber = one;
        }
        one.onSubscribe(this);
        emit();
    }

    /** Tells this as soon as it can be taken. */
    void tell(String name, String json) {
        synchronized (this) {
            if (complete || over) {
                return;
            }
            if (waiting.size() == MOST_WAITING) {
                waiting.clear();
                complete = true;
            } else {
                waiting.add(new Told(name, json));
            }
        }
        emit();
    }

    /** What waits is told yet, and nothing after it. */
    void end() {
        synchronized (this) {
            complete = true;
        }
        emit();
    }

    @Override
    public void request(long more) {
        synchronized (this) {
            wanted = wanted + more < 0 ? Long.MAX_VALUE : wanted + more;
        }
        emit();
    }

    @Override
    public void cancel() {
        boolean first;
        synchronized (this) {
            first = !over;
            over = true;
            waiting.clear();
        }
        if (first) {
            whenOver.accept(this);
        }
    }

    /** One thread at a time tells what can be told; another that comes meanwhile leaves it to that one. */
    private void emit() {
        synchronized (this) {
            if (emitting || subscriber == null) {
                return;
            }
            emitting = true;
        }
        while (true) {
            Told next;
            Subscriber<? super Told> one;
            synchronized (this) {
                boolean ends = complete && waiting.isEmpty() && !over;
                next = wanted > 0 && !over ? waiting.poll() : null;
                if (next == null) {
                    emitting = false;
                    if (!ends) {
                        return;
                    }
                    over = true;
                } else {
                    wanted--;
                }
                one = subscriber;
            }
            if (next == null) {
                one.onComplete();
                whenOver.accept(this);
                return;
            }
            one.onNext(next);
        }
    }
}
