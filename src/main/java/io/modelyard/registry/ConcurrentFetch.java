package io.modelyard.registry;

import io.modelyard.store.StoreException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Asks the store many things at once, on virtual threads. */
final class ConcurrentFetch {
    /** As many as a store answers side by side without slowing down, and as HTTP clients keep connections. */
    private static final int AT_ONCE = 32;

    private ConcurrentFetch() {}

    /**
     * The answers, in the order of the questions. After a failure nothing more is asked.
     *
     * @throws StoreException if one of them throws it
     */
    static <Q, A> List<A> all(Collection<Q> questions, Function<Q, A> ask) {
        Semaphore free = new Semaphore(AT_ONCE);
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<A>> pending = new ArrayList<>(questions.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Q question : questions) {
                free.acquire();
                if (failed.get()) {
                    break;
                }
                pending.add(threads.submit(() -> {
                    boolean answered = false;
                    try {
                        A answer = ask.apply(question);
                        answered = true;
                        return answer;
                    } finally {
                        failed.compareAndSet(false, !answered);
                        free.release();
                    }
                }));
            }
            List<A> answers = new ArrayList<>(pending.size());
            for (Future<A> answer : pending) {
                answers.add(answer.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while reading documents", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("reading documents failed", e.getCause());
        }
    }
}
