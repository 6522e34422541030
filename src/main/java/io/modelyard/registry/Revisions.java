package io.modelyard.registry;

import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentKey.Subject;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.ObjectStore.Creation;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Changes one kind of document by adding revisions: read the newest, decide, create the next. Creation is atomic, so
 * of several writers one gets the revision; the others read again and decide again. Safe for use by many threads and
 * many processes.
 */
final class Revisions<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Revisions.class);
    private static final int TRIES = 40;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);
    private static final int KEPT = 100;
    private static final Duration KEPT_FOR = Duration.ofHours(24);

    private final ObjectStore store;
    private final RevisionKind<T> kind;
    private final Clock clock;
    private final RandomGenerator random;
    private final ChangeIds ids;
    private final Pause pause;

    /** How a writer that lost waits before it tries again. */
    interface Pause {
        void pause(Duration duration) throws InterruptedException;
    }

    /** The newest revision, as written. Nothing was written where {@code content} is null. */
    record Written<T>(T document, String key, @Nullable Content content) {}

    /** @param highest of the revisions there are; 0 where there is none */
    private record Newest<T>(long highest, Optional<T> document, List<Entry> all) {}

    Revisions(ObjectStore store, RevisionKind<T> kind, Clock clock, RandomGenerator random, Pause pause) {
        this.store = store;
        this.kind = kind;
        this.clock = clock;
        this.random = random;
        this.ids = new ChangeIds(random);
        this.pause = pause;
    }

    /**
     * @param expected the revision that must be the newest; null where any may be
     * @param decide is given the newest revision and says the next, whose revision, change id and time are set here; may
     *        be called more than once, with newer revisions. Where it returns what it was given, nothing is written
     */
    Written<T> change(Subject subject, @Nullable Long expected, Function<Optional<T>, T> decide) {
        for (int tries = 0; tries < TRIES; tries++) {
            Newest<T> newest = newest(subject);
            if (expected != null && expected != newest.highest()) {
                throw conflict(subject, expected, newest.highest());
            }
            T decided = decide.apply(newest.document());
            if (newest.document().isPresent() && newest.document().get().equals(decided)) {
                return new Written<>(decided, DocumentKey.revision(subject, newest.highest()), null);
            }
            long revision = newest.highest() + 1;
            T next = kind.stamped(decided, revision, ids.next(), clock.instant());
            String key = DocumentKey.revision(subject, revision);
            Optional<Content> created = create(key, next);
            if (created.isPresent()) {
                removeOld(newest.all());
                return new Written<>(next, key, created.get());
            }
            if (expected != null) {
                throw conflict(subject, expected, revision);
            }
            waitAWhile(tries);
        }
        throw new ServingFailure.RevisionConflict(
                subject.folder() + " is being changed by others all the time: gave up "
                        + "after " + TRIES + " tries; try again");
    }

    /** All revisions that can be read, the newest first. */
    List<T> all(Subject subject) {
        List<Entry> entries = revisions(subject);
        return ConcurrentFetch.all(entries, entry -> store.get(entry.key()).flatMap(content -> {
            try {
                return Optional.of(kind.read(content.bytes()));
            } catch (InvalidDocumentException e) {
                return Optional.<T>empty();
            }
        })).stream().flatMap(Optional::stream).toList();
    }

    /** Empty where somebody else was first. */
    private Optional<Content> create(String key, T next) {
        byte[] bytes;
        try {
            bytes = kind.write(next);
        } catch (InvalidDocumentException e) {
            throw new IllegalArgumentException(key + " would not be a document that can be read: " + e.getMessage(), e);
        }
        if (bytes.length > DocumentReader.LARGEST) {
            throw new ServingFailure.PayloadTooLarge(
                    key + " would have " + bytes.length + " bytes, and no server reads "
                            + "a document of more than " + DocumentReader.LARGEST);
        }
        return switch (store.create(key, bytes)) {
            case Creation.Created created -> Optional.of(new Content(bytes, created.etag()));
            case Creation.Exists exists -> store.get(key).filter(content -> isOurs(content, next));
        };
    }

    /** Whether it was this write that succeeded, and only its answer was lost. */
    private boolean isOurs(Content content, T next) {
        try {
            String theirs = kind.changeId(kind.read(content.bytes()));
            return theirs != null && theirs.equals(kind.changeId(next));
        } catch (InvalidDocumentException e) {
            return false;
        }
    }

    private Newest<T> newest(Subject subject) {
        List<Entry> entries = revisions(subject);
        long highest = entries.isEmpty() ? 0 : revision(entries.getFirst().key()).orElseThrow();
        for (Entry entry : entries) {
            Optional<Content> content = store.get(entry.key());
            if (content.isPresent()) {
                try {
                    return new Newest<>(highest, Optional.of(kind.read(content.get().bytes())), entries);
                } catch (InvalidDocumentException e) {
                    if (e.isNewerForm() || !kind.buildsOnLower()) {
                        throw new ServingFailure.RevisionConflict(entry.key() + " cannot be read, so it cannot be "
                                + "changed: " + e.getMessage());
                    }
                }
            }
        }
        return new Newest<>(highest, Optional.empty(), entries);
    }

    private List<Entry> revisions(Subject subject) {
        return store.list(subject.folder()).stream().filter(entry -> revision(entry.key()).isPresent()).toList()
                .reversed();
    }

    private static OptionalLong revision(String key) {
        return DocumentKey.parse(key) instanceof DocumentKey.OfRevision place
                ? OptionalLong.of(place.revision())
                : OptionalLong.empty();
    }

    private void removeOld(List<Entry> newestFirst) {
        Instant limit = clock.instant().minus(KEPT_FOR);
        try {
            // One more is kept: the one that was just created.
            newestFirst.stream().skip(KEPT - 1).filter(entry -> entry.lastModified().isBefore(limit))
                    .forEach(entry -> store.delete(entry.key()));
        } catch (StoreException e) {
            LOG.warn("Old revisions could not be removed; the next change tries again: {}", e.getMessage());
        }
    }

    private void waitAWhile(int tries) {
        long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(tries, 10));
        try {
            pause.pause(Duration.ofMillis(random.nextLong(most + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ServingFailure.Unavailable.shuttingDown();
        }
    }

    private static ServingFailure conflict(Subject subject, long expected, long actual) {
        return new ServingFailure.RevisionConflict("the newest revision below " + subject.folder() + " is " + actual
                + " and not " + expected + "; read it and decide again");
    }
}
