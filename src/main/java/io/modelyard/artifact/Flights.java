package io.modelyard.artifact;

import io.modelyard.background.BackgroundThreads;
import io.modelyard.model.ArtifactFile;
import io.modelyard.store.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Brings contents to disk, each once for all who wait for it, and a few at a time. Safe for many threads. */
final class Flights implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ObjectStore store;
    private final CacheFolder folder;
    private final Ledger ledger;
    private final Verified verified;
    private final Counters counters;
    private final Consumer<String> replaced;
    private final Duration retry;
    private final BackgroundThreads background;
    private final Semaphore slots;
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("artifact-download-", 0).factory());
    private final ConcurrentHashMap<String, Flight> flights = new ConcurrentHashMap<>();

    /** @param replaced told of contents that were here, damaged, and are right again: whoever links to them does not */
    Flights(ObjectStore store, CacheFolder folder, Ledger ledger, Verified verified, Counters counters,
            Consumer<String> replaced, ArtifactConfiguration configuration, BackgroundThreads background) {
        this.store = store;
        this.folder = folder;
        this.ledger = ledger;
        this.verified = verified;
        this.counters = counters;
        this.replaced = replaced;
        this.background = background;
        this.retry = configuration.downloadRetry();
        this.slots = new Semaphore(configuration.concurrentDownloads(), true);
    }

    /** One content on its way. */
    static final class Flight implements Download.Listener {
        private final ArtifactFile file;
        private final String key;
        private final Counters counters;
        private final CompletableFuture<Boolean> landed = new CompletableFuture<>();
        private volatile long bytes;

        Flight(ArtifactFile file, String key, Counters counters) {
            this.file = file;
            this.key = key;
            this.counters = counters;
        }

        ArtifactFile file() {
            return file;
        }

        String key() {
            return key;
        }

        long remaining() {
            return file.size() - bytes;
        }

        /**
         * Completes when the blob is there, with whether it had to be fetched. Fails with an {@link ArtifactException} or
         * {@link IOException}.
         */
        CompletableFuture<Boolean> landed() {
            return landed;
        }

        @Override
        public void has(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public void fetched(int bytes) {
            counters.fetchedBytes.add(bytes);
        }

        @Override
        public void failed() {
            counters.brokenOff.increment();
        }
    }

    /** @param key of an object that has the content; another may be on its way already for somebody else */
    Flight board(ArtifactFile file, String key) {
        return flights.computeIfAbsent(file.sha256(), sha256 -> {
            Flight flight = new Flight(file, key, counters);
            try {
                threads.execute(() -> fly(flight));
            } catch (RejectedExecutionException e) {
                flight.landed.completeExceptionally(closing(e));
            }
            return flight;
        });
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it is, those who wait must hear of it
    private void fly(Flight flight) {
        State state = State.ABSENT;
        Throwable failure = null;
        try {
            state = look(flight.file);
            if (state != State.SOUND) {
                fetch(flight);
            }
            flight.has(flight.file.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = closing(e);
        } catch (ExecutionException e) {
            failure = e.getCause();
        } catch (Exception | Error e) {
            failure = e;
        }
        // Whoever comes from now on looks for himself.
        flights.remove(flight.file.sha256());
        if (failure == null) {
            flight.landed.complete(state != State.SOUND);
            if (state == State.DAMAGED) {
                replaced.accept(flight.file.sha256());
            }
        } else {
            flight.landed.completeExceptionally(failure);
        }
    }

    private enum State {
        SOUND, ABSENT, DAMAGED
    }

    /** A damaged blob is removed. */
    private State look(ArtifactFile file) throws IOException {
        Path blob = folder.blob(file.sha256());
        try {
            if (verified.isSound(blob, file)) {
                ledger.hasBlob(file.sha256(), file.size());
                return State.SOUND;
            }
        } catch (NoSuchFileException absent) {
            ledger.lostBlob(file.sha256());
            return State.ABSENT;
        }
        LOG.warn("{} is not what it was when it was fetched, and is fetched again", blob);
        ledger.lostBlob(file.sha256());
        Files.deleteIfExists(blob);
        return State.DAMAGED;
    }

    /** Copying and hashing is work; only the waiting for it is this thread's. */
    private void fetch(Flight flight) throws ExecutionException, InterruptedException {
        slots.acquire();
        try {
            boolean _ = background.run("artifact-copying", () -> copy(flight));
        } finally {
            slots.release();
        }
    }

    private boolean copy(Flight flight) throws ArtifactException, IOException, InterruptedException {
        ArtifactFile file = flight.file;
        try (Part part = Part.open(folder, file, store.location(), flight.key)) {
            try {
                new Download(store, file, flight.key, part, flight).run(retry);
                part.complete(folder.blob(file.sha256()), verified);
                ledger.hasBlob(file.sha256(), file.size());
                return true;
            } catch (IOException e) {
                // The disk refuses; what cannot be finished must not take its space.
                part.delete();
                throw e;
            } finally {
                if (!Files.exists(folder.blob(file.sha256()))) {
                    ledger.hasPart(file.sha256(), part.size());
                }
            }
        }
    }

    private static ArtifactException closing(Exception cause) {
        return new ArtifactException("the server is shutting down", cause);
    }

    /** Downloads break off; what they have is there for the next process. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Downloads do not end; they are left to the end of the process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
