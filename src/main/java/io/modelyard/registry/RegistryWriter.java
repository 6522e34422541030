package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentKey.Subject;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.ObjectStore.Creation;
import io.modelyard.store.StoreException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Changes what should be served. Every change is one document that is created and never overwritten; when a method
 * returns, {@link Registry#current()} of this process shows it, and other replicas have been told. All methods read and
 * write the store, so they block; all throw {@link ServingFailure.Unavailable} while it fails. Safe for use by many
 * threads and many processes.
 */
@Singleton
public final class RegistryWriter {
    private final ObjectStore store;
    private final DocumentFormat format;
    private final Registry registry;
    private final KnownRuntimes runtimes;
    private final Clock clock;
    private final ChangeNotices notices;
    private final @Nullable SyncSignal signal;
    private final Revisions<Routing> routings;
    private final Revisions<Platform> platforms;
    private final Revisions<ApiKey> keys;

    /**
     * @param random must be safe for use by many threads
     * @param signal null where other replicas find out by themselves
     */
    @Inject
    RegistryWriter(ObjectStore store, DocumentFormat format, Registry registry, KnownRuntimes runtimes, Clock clock,
            RandomGenerator random, @Nullable SyncSignal signal) {
        this(store, format, registry, runtimes, clock, random, signal, Thread::sleep);
    }

    RegistryWriter(ObjectStore store, DocumentFormat format, Registry registry, KnownRuntimes runtimes, Clock clock,
            RandomGenerator random, @Nullable SyncSignal signal, Revisions.Pause pause) {
        this.store = store;
        this.format = format;
        this.registry = registry;
        this.runtimes = runtimes;
        this.clock = clock;
        this.signal = signal;
        this.notices = new ChangeNotices(store, format, clock, new ChangeIds(random));
        this.routings = new Revisions<>(store, new RevisionKind.OfRouting(format), clock, random, pause);
        this.platforms = new Revisions<>(store, new RevisionKind.OfPlatform(format), clock, random, pause);
        this.keys = new Revisions<>(store, new RevisionKind.OfKey(format), clock, random, pause);
    }

    /**
     * Adds a revision to the routing of a type, built on the newest one in the store.
     *
     * @param expectedRevision what the newest revision must be, 0 for none; null where it may be any
     * @param decide says the next routing, given the newest one if there is one. Its revision, change id and time of
     *        change are set here. It may be called several times, and what it throws is thrown. Where it returns the very
     *        routing that it was given, nothing is written
     * @return the routing as written
     * @throws ServingFailure.RevisionConflict if the newest revision is not the expected one, or others write all the time
     */
    public Routing changeRouting(String type, @Nullable Long expectedRevision,
            Function<Optional<Routing>, Routing> decide) {
        if (!ModelId.isType(type)) {
            throw ServingFailure.NotFound.type(type);
        }
        return asking(() -> {
            var written = routings.change(new Subject.OfType(type), expectedRevision,
                    newest -> about(type, decide.apply(newest), Routing::type));
            show(written, written.document().change().by());
            return written.document();
        });
    }

    /**
     * Adds a revision to an API key, built on the newest one in the store, as {@link #changeRouting} does.
     *
     * @throws ServingFailure.RevisionConflict if others write all the time, or the newest revision cannot be read
     */
    public ApiKey changeKey(String keyId, Function<Optional<ApiKey>, ApiKey> decide) {
        if (!DocumentKey.isKeyId(keyId)) {
            throw new ServingFailure.BadParameter("'" + keyId + "' is not the name of a key: up to 64 of "
                    + "A-Z a-z 0-9 . _ -, a letter or digit first");
        }
        return asking(() -> {
            var written = keys.change(new Subject.OfKey(keyId), null,
                    newest -> about(keyId, decide.apply(newest), ApiKey::id));
            ApiKey.Change change = written.document().change();
            show(written, change == null ? written.document().createdBy() : change.by());
            return written.document();
        });
    }

    /** Says what {@code POST /predict} means from now on. */
    public void changeDefaultType(String type, @Nullable String by) {
        asking(() -> {
            var written = platforms.change(new Subject.OfPlatform(), null, newest -> {
                String before = newest.map(Platform::defaultType).orElse(null);
                return newest.isPresent() && type.equals(before)
                        ? newest.get()
                        : new Platform(type, null,
                                new Routing.Change("", Instant.EPOCH, by, "set_default_type", before, type, null));
            });
            show(written, by);
            return written;
        });
    }

    /**
     * Judges a manifest as {@link #publish} does, and asks the store nothing.
     *
     * @throws ServingFailure.InvalidManifest if a server would not serve it
     */
    public void check(Manifest manifest) {
        checked(manifest);
    }

    /**
     * Publishes a version, whose files must be in the store already. The store is read only where the version is there, so
     * that whoever publishes new ones needs no right to read.
     *
     * @throws ServingFailure.InvalidManifest if a server would not serve it
     * @throws ServingFailure.Conflict if the version is there with other content
     */
    public Publication publish(Manifest manifest) {
        byte[] bytes = checked(manifest);
        String key = DocumentKey.manifest(manifest.id());
        return asking(() -> {
            if (store.create(key, bytes) instanceof Creation.Created created) {
                return published(key, new Content(bytes, created.etag()), manifest);
            }
            Content found = existing(key, manifest);
            // These very bytes are this write, of which only the answer was lost.
            return Arrays.equals(found.bytes(), bytes)
                    ? published(key, found, manifest)
                    : alreadyThere(key, found, manifest);
        });
    }

    /** The revisions of a type's routing that are kept, the newest first. */
    public List<Routing> history(String type) {
        return asking(() -> routings.all(new Subject.OfType(type)));
    }

    private Content existing(String key, Manifest manifest) {
        try {
            return store.get(key).orElseThrow(() -> new StoreException(
                    "'" + key + "' could not be created because it was there, and then it was not", null));
        } catch (StoreException e) {
            if (e.isDenied()) {
                throw new StoreException(
                        manifest.id() + " is published already, and whether with this content cannot be "
                                + "seen: " + e.getMessage(),
                        e, true);
            }
            throw e;
        }
    }

    private byte[] checked(Manifest manifest) {
        try {
            byte[] bytes = format.write(manifest);
            if (!runtimes.names().contains(manifest.runtime())) {
                throw new ServingFailure.InvalidManifest(GroupReading.unknownRuntime(manifest, runtimes));
            }
            Instant now = clock.instant();
            if (GroupReading.isOfTheFuture(manifest, now)) {
                throw new ServingFailure.InvalidManifest("/created_at: " + manifest.createdAt()
                        + " is in the future; it is " + now);
            }
            return bytes;
        } catch (InvalidDocumentException e) {
            throw new ServingFailure.InvalidManifest(String.valueOf(e.getMessage()));
        }
    }

    private Publication published(String key, Content content, Manifest manifest) {
        registry.include(key, content);
        tell(manifest.createdBy(), key);
        return new Publication.Created(new Model(manifest, DocumentFormat.digest(content.bytes())));
    }

    private Publication alreadyThere(String key, Content content, Manifest offered) {
        Model published;
        try {
            published = format.readModel(content.bytes());
        } catch (InvalidDocumentException e) {
            throw ServingFailure.Conflict.versionExists(
                    offered.id() + " exists, and its manifest cannot be read: " + e.getMessage());
        }
        List<String> differences = ManifestDifference.between(format.members(published.manifest()),
                format.members(offered));
        if (!differences.isEmpty()) {
            throw ServingFailure.Conflict.versionExists(offered.id() + " exists with other content: "
                    + String.join("; ", differences) + ". Versions never change: publish it as a new one");
        }
        registry.include(key, content);
        return new Publication.AlreadyPublished(published);
    }

    private void tell(@Nullable String by, String key) {
        notices.tell(by, List.of(key));
        if (signal != null) {
            signal.written();
        }
    }

    private void show(Revisions.Written<?> written, @Nullable String by) {
        Content content = written.content();
        if (content != null) {
            registry.include(written.key(), content);
            tell(by, written.key());
        }
    }

    private static <T> T about(String expected, T decided, Function<T, String> name) {
        if (!expected.equals(name.apply(decided))) {
            throw new IllegalArgumentException(
                    "a change of '" + expected + "' cannot be a document about '" + name.apply(decided) + "'");
        }
        return decided;
    }

    private static <T> T asking(Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreException e) {
            throw ServingFailure.Unavailable.storeUnavailable(String.valueOf(e.getMessage()), e);
        }
    }
}
