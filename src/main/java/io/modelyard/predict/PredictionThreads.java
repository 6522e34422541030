package io.modelyard.predict;

import io.modelyard.model.Model;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** The threads that compute, as many as there are cores. They take from one fair queue. Safe for use by many threads. */
@Singleton
public final class PredictionThreads {
    private static final Logger LOG = LoggerFactory.getLogger(PredictionThreads.class);

    private final FairQueue queue = new FairQueue(System::nanoTime);
    /** By digest; one small object for every model that was ever asked for. */
    private final ConcurrentHashMap<String, ModelQueue> models = new ConcurrentHashMap<>();
    private final List<Worker> workers;
    private final int limitPerModel;

    private final class Worker extends Thread {
        Worker(int number) {
            super("predict-" + number);
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                for (FairQueue.Task task = queue.take(); task != null; task = queue.take()) {
                    perform(task);
                }
            } catch (InterruptedException e) {
                LOG.debug("{} ends: {}", getName(), e.toString());
            }
        }
    }

    PredictionThreads(PredictConfiguration configuration) {
        int cores = Runtime.getRuntime().availableProcessors();
        this.limitPerModel = configuration.queuePerModel(cores);
        this.workers = IntStream.range(0, configuration.threads(cores)).mapToObj(Worker::new).toList();
        workers.forEach(Thread::start);
    }

    /** Where the requests for a model are counted and get their turns. */
    ModelQueue queueOf(Model model) {
        return models.computeIfAbsent(model.digest(),
                digest -> new ModelQueue(model.id().toString(), limitPerModel, workers.size()));
    }

    /** Reads a request that has just come. */
    void arrive(Runnable work) {
        queue.arrive(work);
    }

    /** Computes now, on the thread that asks, where that is one of these and nobody waits; else in its turn. */
    void compute(ModelQueue model, Runnable work) {
        if (isWorker() && queue.isEmpty()) {
            perform(new FairQueue.Task(work, model, false));
        } else {
            queue.add(model, work);
        }
    }

    /**
     * Goes on with a request for a model that waited for something else than a thread, when it is the model's turn.
     *
     * @param work must not throw
     */
    public void resume(Model model, Runnable work) {
        queue.add(queueOf(model), work);
    }

    /** Computes when there is nothing else to do, and at the latest at a time as of {@link System#nanoTime()}. */
    void hold(Model model, long latest, Runnable work) {
        queue.hold(queueOf(model), latest, isWorker(), work);
    }

    /** How many there are. */
    int size() {
        return workers.size();
    }

    /** How many of them have something to do. */
    int busy() {
        return workers.size() - queue.takers();
    }

    int queueDepth() {
        return queue.size();
    }

    /** Requests for the model that are under way. */
    int inFlight(Model model) {
        ModelQueue known = models.get(model.digest());
        return known == null ? 0 : known.size();
    }

    private static boolean isWorker() {
        return Thread.currentThread() instanceof Worker;
    }

    private void perform(FairQueue.Task task) {
        long start = System.nanoTime();
        try {
            task.work().run();
        } catch (RuntimeException | Error e) {
            // A step answers for its own failures: this one was not foreseen, and the thread is needed for the next.
            LOG.error("a step of a prediction failed", e);
        }
        ModelQueue model = task.model();
        if (model != null) {
            queue.took(model, task.inTurn(), System.nanoTime() - start);
        }
    }

    @PreDestroy
    void close() {
        queue.close();
    }
}
