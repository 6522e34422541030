package io.modelyard.artifact;

import io.modelyard.artifact.Flights.Flight;
import io.modelyard.model.ArtifactFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One version's contents on their way to disk. Waited for by one thread, watched by any. */
final class Fetch {
    private static final Logger LOG = LoggerFactory.getLogger(Fetch.class);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Contents contents;
    private final Flights flights;
    private final Map<String, Flight> boarded = new ConcurrentHashMap<>();
    private final long begun = System.nanoTime();
    private long lastLine = begun;

    /** Begins at once. */
    Fetch(Contents contents, Flights flights) {
        this.contents = contents;
        this.flights = flights;
        contents.blobs().values().forEach(this::board);
    }

    private Flight board(ArtifactFile file) {
        Flight flight = flights.board(file, contents.key(file));
        boarded.put(file.sha256(), flight);
        return flight;
    }

    Progress progress() {
        long different = 0;
        long remaining = 0;
        long shared = 0;
        for (Flight flight : boarded.values()) {
            different += flight.file().size();
            remaining += flight.remaining();
            shared += isShared(flight) ? flight.file().size() : 0;
        }
        long total = contents.totalSize();
        return new Progress(total - remaining, total, shared + total - different);
    }

    private boolean isShared(Flight flight) {
        return flight.landed().state() == Future.State.SUCCESS
                && !(flight.landed().resultNow() && isOurs(flight));
    }

    private boolean isOurs(Flight flight) {
        return flight.key().startsWith(contents.prefix());
    }

    /**
     * Returns when all blobs are there. Where one cannot be had the others are waited for all the same: the next try will
     * want them.
     */
    void await() throws ArtifactException, IOException, InterruptedException {
        @Nullable
        Throwable first = null;
        for (ArtifactFile file : contents.blobs().values()) {
            Throwable failure = failure(file);
            first = first == null ? failure : first;
        }
        switch (first) {
            case null -> LOG.info("{}", line("Fetched"));
            case ArtifactException e -> throw e;
            case IOException e -> throw e;
            default -> throw new ArtifactException("the files of " + contents.model() + " cannot be fetched: " + first,
                    first);
        }
    }

    private @Nullable Throwable failure(ArtifactFile file) throws InterruptedException {
        Flight flight = Objects.requireNonNull(boarded.get(file.sha256()));
        Throwable failure = failure(flight);
        // That another version's object cannot be had says nothing of ours.
        return failure == null || isOurs(flight) ? failure : failure(board(file));
    }

    private @Nullable Throwable failure(Flight flight) throws InterruptedException {
        while (true) {
            try {
                long untilLine = BETWEEN_LINES.toNanos() - (System.nanoTime() - lastLine);
                flight.landed().get(Math.max(1, untilLine), TimeUnit.NANOSECONDS);
                return null;
            } catch (TimeoutException e) {
                LOG.info("{}", line("Fetching"));
                lastLine = System.nanoTime();
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }

    private String line(String what) {
        Progress now = progress();
        double seconds = (System.nanoTime() - begun) / 1e9;
        return String.format(Locale.ROOT, "%s %s: %d files, %.1f of %.1f MB in %.1f s (%.1f MB/s), %.1f MB of it shared"
                + " with other versions", what, contents.model(), contents.files().size(), now.bytes() / 1e6,
                now.totalBytes() / 1e6, seconds, (now.bytes() - now.sharedBytes()) / 1e6 / seconds,
                now.sharedBytes() / 1e6);
    }
}
