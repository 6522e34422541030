package io.modelyard.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Caller;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

final class EventStreamTest {
    private final List<EventStream> over = new ArrayList<>();
    private final EventStream stream = new EventStream(new Caller("k", Set.of(), Set.of()), over::add);
    private final Reader reader = new Reader();

    private static final class Reader implements Subscriber<EventStream.Told> {
        final List<String> told = new ArrayList<>();
        private @Nullable Subscription subscription;
        boolean complete;

        void request(long more) {
            Objects.requireNonNull(subscription).request(more);
        }

        void cancel() {
            Objects.requireNonNull(subscription).cancel();
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(EventStream.Told event) {
            told.add(event.name() + " " + event.json());
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {
            complete = true;
        }
    }

    @Test
    void tellsAsMuchAsIsAskedFor() {
        stream.tell("a", "1");
        stream.tell("a", "2");
        stream.subscribe(reader);
        assertThat(reader.told).isEmpty();
        reader.request(1);
        assertThat(reader.told).containsExactly("a 1");
        reader.request(5);
        stream.tell("b", "3");
        assertThat(reader.told).containsExactly("a 1", "a 2", "b 3");
    }

    @Test
    void endsWhenAllThatWaitedIsTold() {
        stream.subscribe(reader);
        stream.tell("a", "1");
        stream.end();
        stream.tell("a", "2");
        assertThat(reader.complete).isFalse();
        reader.request(10);
        assertThat(reader.told).containsExactly("a 1");
        assertThat(reader.complete).isTrue();
        assertThat(over).containsExactly(stream);
    }

    @Test
    void whoTakesNothingIsLetGoBeforeMuchWaits() {
        stream.subscribe(reader);
        for (int i = 0; i < 1000; i++) {
            stream.tell("a", "1");
        }
        assertThat(reader.complete).isTrue();
        assertThat(over).containsExactly(stream);
    }

    @Test
    void whoLeavesIsToldNothingMore() {
        stream.subscribe(reader);
        reader.request(10);
        reader.cancel();
        reader.cancel();
        stream.tell("a", "1");
        stream.end();
        assertThat(reader.told).isEmpty();
        assertThat(reader.complete).isFalse();
        assertThat(over).containsExactly(stream);
    }
}
