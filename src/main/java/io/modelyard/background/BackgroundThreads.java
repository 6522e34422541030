package io.modelyard.background;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that give way to requests, and the way back from them. On Linux their priority is lower than that of the process;
 * elsewhere they are threads as all others. Safe for use by many threads.
 *
 * <p>A thread that is started inherits the priority of the one that starts it, and cannot have a higher one again without a
 * special right. So nothing that is to run for requests may be started on these threads: neither threads of the native
 * libraries, nor those of a pool that grows when it is given work, as the carriers of virtual threads do when one is woken.
 * Whatever leads there is given to {@link #ordinary()}.
 */
@Singleton
public final class BackgroundThreads {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);

    private final Runnable lower;
    private final ThreadFactory ordinaries = Thread.ofPlatform().name("ordinary-", 0).daemon().factory();
    /** Is there before anybody gives it work, so it has nobody else's priority. */
    private final ThreadPoolExecutor starter = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), Thread.ofPlatform().name("thread-starter-", 0).daemon().factory());
    private final Executor ordinary = work -> starter.execute(() -> ordinaries.newThread(work).start());

    /** To be made on a thread of ordinary priority. */
    public BackgroundThreads(BackgroundConfiguration configuration) {
        starter.prestartAllCoreThreads();
        lower = configuration.niceness() > 0 && Niceness.isOfThreads()
                ? lowering(Niceness.ofThreads(), configuration.niceness())
                : () -> {};
    }

    private static Runnable lowering(Niceness niceness, int by) {
        int lowered = Math.min(Niceness.MOST, niceness.current() + by);
        return () -> {
            if (!niceness.set(lowered)) {
                LOG.debug("The priority of {} could not be lowered to {}", Thread.currentThread(), lowered);
            }
        };
    }

    /**
     * Makes such threads.
     *
     * @param name is followed by a number
     */
    public ThreadFactory factory(String name) {
        ThreadFactory threads = Thread.ofPlatform().name(name, 0).daemon().factory();
        return work -> threads.newThread(() -> {
            lower.run();
            work.run();
        });
    }

    /**
     * Does the work on such a thread while the caller waits, who is woken by an ordinary one. An interrupt is handed on, and
     * the end of the work is waited for all the same.
     *
     * @throws ExecutionException with whatever the work throws as its cause
     */
    public <T> T run(String name, Callable<T> work) throws ExecutionException, InterruptedException {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread worker = factory(name).newThread(() -> perform(work, done));
        worker.start();
        try {
            return done.get();
        } catch (InterruptedException e) {
            worker.interrupt();
            done.handle((result, failure) -> null).join();
            throw e;
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it is, the caller must hear of it
    private <T> void perform(Callable<T> work, CompletableFuture<T> done) {
        try {
            T result = work.call();
            ordinary.execute(() -> done.complete(result));
        } catch (Throwable e) {
            ordinary.execute(() -> done.completeExceptionally(e));
        }
    }

    /**
     * The way back: a new thread for each piece of work, with the priority that this process has whoever gives it. To complete
     * futures, and for what starts threads itself.
     */
    public Executor ordinary() {
        return ordinary;
    }

    @PreDestroy
    void close() {
        starter.shutdown();
    }
}
