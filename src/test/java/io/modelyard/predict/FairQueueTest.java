package io.modelyard.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.ServingFailure;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

class FairQueueTest {
    private final AtomicLong now = new AtomicLong(1_000);
    private final FairQueue queue = new FairQueue(now::get);
    private final List<String> done = new ArrayList<>();

    private static ModelQueue model(String name, long cost) {
        ModelQueue model = new ModelQueue(name, 1_000, 1);
        model.learn(cost);
        return model;
    }

    private void add(ModelQueue model, String name, int count) {
        for (int i = 0; i < count; i++) {
            String work = name + i;
            queue.add(model, () -> done.add(work));
        }
    }

    private FairQueue.Task next() {
        try {
            FairQueue.Task task = Objects.requireNonNull(queue.take());
            task.work().run();
            return task;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> all(int count) {
        for (int i = 0; i < count; i++) {
            next();
        }
        return done;
    }

    @Test
    void anArrivalGoesBeforeAllWork() {
        add(model("a", 10), "a", 2);
        queue.arrive(() -> done.add("new"));

        assertThat(all(3)).containsExactly("new", "a0", "a1");
    }

    @Test
    void theWorkOfOneModelStaysInItsOrder() {
        add(model("a", 10), "a", 5);

        assertThat(all(5)).containsExactly("a0", "a1", "a2", "a3", "a4");
    }

    @Test
    void aRequestForAnotherModelDoesNotWaitBehindAFlood() {
        add(model("flood", 5_000_000), "flood", 100);
        add(model("small", 50_000), "small", 2);

        assertThat(all(4)).containsExactly("flood0", "small0", "small1", "flood1");
    }

    @Test
    void twoModelsGetTheSameTimeOfTheThreadsAndNotTheSameNumberOfTurns() {
        add(model("slow", 900), "slow", 50);
        add(model("fast", 300), "fast", 150);

        List<String> first = all(100);

        assertThat(first.stream().filter(work -> work.startsWith("slow"))).hasSizeBetween(24, 26);
        assertThat(first.stream().filter(work -> work.startsWith("fast"))).hasSizeBetween(74, 76);
    }

    @Test
    void whoWasIdleDoesNotSaveUpTurns() {
        ModelQueue steady = model("steady", 100);
        ModelQueue late = model("late", 100);
        add(steady, "steady", 50);
        all(40);
        done.clear();
        add(late, "late", 10);

        assertThat(all(10).stream().filter(work -> work.startsWith("late"))).hasSizeBetween(5, 6);
    }

    @Test
    void whatWasDoneOutOfTurnIsCharged() {
        ModelQueue greedy = model("greedy", 100);
        ModelQueue other = model("other", 100);
        queue.took(greedy, false, 1_000);
        add(greedy, "greedy", 3);
        add(other, "other", 3);

        assertThat(all(6)).startsWith("other0", "other1", "other2");
    }

    @Test
    void whatIsHeldWaitsWhileThereIsSomethingElse() {
        ModelQueue model = model("a", 10);
        queue.hold(model, now.get() + 500, true, () -> done.add("held"));
        add(model, "a", 2);

        assertThat(all(3)).containsExactly("a0", "a1", "held");
    }

    @Test
    void whatIsHeldGoesFirstWhenItHasWaitedLongEnough() {
        ModelQueue model = model("a", 10);
        queue.hold(model, now.get() + 500, true, () -> done.add("held"));
        add(model, "a", 3);
        next();
        now.addAndGet(500);
        queue.arrive(() -> done.add("new"));

        assertThat(all(4)).containsExactly("a0", "held", "new", "a1", "a2");
    }

    @Test
    void aTaskSaysWhetherItsTurnWasPaidFor() {
        ModelQueue model = model("a", 10);
        queue.hold(model, now.get(), true, () -> {});
        add(model, "a", 1);

        assertThat(next().inTurn()).isFalse();
        assertThat(next().inTurn()).isTrue();
    }

    @Test
    void whoWaitsIsWokenByWhateverComes() {
        for (Runnable something : List.<Runnable>of(() -> queue.arrive(() -> {}),
                () -> queue.add(model("a", 1), () -> {}), () -> queue.hold(model("a", 1), 0, false, () -> {}))) {
            CompletableFuture<FairQueue.Task> taken = CompletableFuture.supplyAsync(this::next,
                    Thread::startVirtualThread);
            something.run();
            assertThat(taken.orTimeout(10, TimeUnit.SECONDS).join()).isNotNull();
        }
    }

    @Test
    void aClosedQueueGivesWhatItHasAndThenNothing() throws InterruptedException {
        add(model("a", 10), "a", 1);
        queue.close();

        assertThat(queue.take()).isNotNull();
        assertThat(queue.take()).isNull();
    }

    @Test
    void aModelTakesNoMoreThanItsLimit() {
        ModelQueue model = new ModelQueue("t/1", 2, 4);
        model.learn(8_000_000_000L);
        model.enter();
        model.enter();

        assertThatThrownBy(model::enter).isInstanceOfSatisfying(ServingFailure.Overloaded.class, full -> {
            assertThat(full.code()).isEqualTo("queue_full");
            assertThat(full.detail()).contains("t/1").contains("2 requests");
            assertThat(full.retryAfter()).hasSeconds(2);
        });
        model.leave();
        model.enter();
        assertThat(model.size()).isEqualTo(2);
    }
}
