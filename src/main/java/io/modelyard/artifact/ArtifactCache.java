package io.modelyard.artifact;

import io.micronaut.context.event.ApplicationEventPublisher;
import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.background.BackgroundThreads;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Model;
import io.modelyard.store.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Keeps the files of versions on local disk, each content once: a version's folder consists of links to contents that are
 * named by their SHA-256. What is handed out has the size and digest that the manifest names. Safe for many threads; a
 * folder belongs to one process.
 */
@Singleton
public final class ArtifactCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCache.class);

    private final CacheFolder folder;
    private final Ledger ledger;
    private final VersionFolders versions;
    private final Flights flights;
    private final Room room;
    private final Reading reading;
    private final boolean verifies;
    private final Counters counters = new Counters();
    private final ApplicationEventPublisher<ArtifactMended> events;
    private final InstantSource clock;
    private final ConcurrentHashMap<String, Fetch> fetches = new ConcurrentHashMap<>();
    private final ExecutorService mending = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("artifact-mending-", 0).factory());

    @Inject
    ArtifactCache(ObjectStore store, ArtifactConfiguration configuration, KeptVersions kept,
            ApplicationEventPublisher<ArtifactMended> events, Clock clock, BackgroundThreads background) {
        this(store, configuration, kept, events, clock, background, Links.HARD, Optional.empty());
    }

    /**
     * @param disk where empty, the one under the directory
     * @throws ConfigurationException if the directory cannot be used, or is used by another process
     */
    ArtifactCache(ObjectStore store, ArtifactConfiguration configuration, KeptVersions kept,
            ApplicationEventPublisher<ArtifactMended> events, InstantSource clock, BackgroundThreads background,
            Links links, Optional<Disk> disk) {
        this.folder = CacheFolder.open(configuration.directory());
        this.verifies = !configuration.verifyInterval().isZero();
        this.events = events;
        this.clock = clock;
        try {
            Verified verified = new Verified(configuration.verifyInterval(), clock, background);
            this.ledger = new Ledger(folder);
            this.versions = new VersionFolders(folder, links, verified);
            new Inventory(folder, ledger, clock.instant()).take();
            this.room = new Room(folder, ledger, kept, disk.orElse(() -> Files.getFileStore(folder.root())
                    .getUsableSpace()), counters, configuration.limit());
            this.reading = new Reading(folder, verified, counters, configuration.verifyRate());
            this.flights = new Flights(store, folder, ledger, verified, counters, this::mendHolders,
                    configuration, background);
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw new ConfigurationException("The artifact cache " + folder.root() + " cannot be used (" + e
                    + "): give this process the right to it, or choose another folder with"
                    + " modelyard.artifact.directory", e);
        }
    }

    /**
     * The model's files, fetched now as far as they are not there. They stay until what this returns is closed. Blocks
     * while it fetches; the same version, and the same content of several versions, is fetched once for all who wait.
     *
     * @throws ArtifactException if a file is missing, cannot be read or is not what the manifest says, or the disk refuses
     */
    public Artifact open(Model model) throws ArtifactException {
        try {
            return open(Contents.of(model));
        } catch (IllegalArgumentException e) {
            throw new ArtifactException("the manifest of " + model.id() + " makes no sense: " + e.getMessage(), e);
        }
    }

    private Artifact open(Contents contents) throws ArtifactException {
        Ledger.Pin pin = ledger.pin(contents);
        try {
            provide(pin);
            ledger.hold(pin);
            return new Artifact(folder.files(contents.digest()), () -> release(pin));
        } finally {
            ledger.unpin(pin);
        }
    }

    private void provide(Ledger.Pin pin) throws ArtifactException {
        Contents contents = pin.contents();
        try {
            synchronized (pin) {
                provide(contents);
                versions.touch(contents.digest(), clock.instant());
                ledger.used(contents.digest(), clock.instant());
            }
        } catch (IOException e) {
            throw new ArtifactException("the files of " + contents.model() + " (" + contents.totalSize()
                    + " bytes) cannot be kept in " + folder.root() + ": " + e.getMessage() + ". Where the disk is full,"
                    + " free space on it or choose another with modelyard.artifact.directory", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArtifactException("the server is shutting down", e);
        }
    }

    /** Sees to it that the folder is there and right. */
    private void provide(Contents contents) throws IOException, ArtifactException, InterruptedException {
        boolean isThere = ledger.version(contents.digest()).isPresent();
        List<ArtifactFile> damaged = isThere ? versions.damaged(contents) : List.of();
        if (isThere && damaged.isEmpty()) {
            return;
        }
        for (ArtifactFile file : damaged) {
            if (counters.damaged(contents.digest(), file.path())) {
                LOG.error("{} of {} in the artifact cache is not what it was when it was fetched: the disk or a process"
                        + " damaged it. It is replaced", file.path(), contents.model());
            }
        }
        fetch(contents);
        ledger.hasVersion(versions.build(contents), clock.instant());
        counters.mended(contents.digest());
        if (isThere) {
            LOG.info("The files of {} in the artifact cache are right again", contents.model());
            if (ledger.isHeld(contents.digest())) {
                events.publishEvent(new ArtifactMended(contents.digest()));
            }
        }
    }

    private void fetch(Contents contents) throws IOException, ArtifactException, InterruptedException {
        room.makeFor(contents);
        Fetch fetch = new Fetch(contents, flights);
        fetches.put(contents.digest(), fetch);
        try {
            fetch.await();
            counters.sharedBytes.add(fetch.progress().sharedBytes());
        } finally {
            fetches.remove(contents.digest());
        }
    }

    /** Versions with a content that was damaged here still link to what it was. */
    private void mendHolders(String sha256) {
        for (Contents contents : ledger.versions()) {
            if (contents.holdsAny(Set.of(sha256))) {
                try {
                    mending.execute(() -> mend(contents));
                } catch (RejectedExecutionException e) {
                    LOG.debug("{} is mended after the next start", contents.model(), e);
                }
            }
        }
    }

    /** Replaces files of the version that are known to be damaged. */
    void mend(Contents contents) {
        Ledger.Pin pin = ledger.pin(contents);
        try {
            provide(pin);
        } catch (ArtifactException e) {
            LOG.error(
                    "{} is damaged in the artifact cache and cannot be fetched again yet; it is not loaded from there:"
                            + " {}",
                    contents.model(), e.reason());
        }
    }

    /**
     * Reads what was not read for the verify-interval, and mends what is damaged. Blocks for as long as the pace allows;
     * stops early when the thread is interrupted.
     */
    void verify() {
        if (verifies) {
            Set<String> damaged = reading.damaged(ledger.versions());
            ledger.versions().stream().filter(version -> version.holdsAny(damaged)).forEach(this::mend);
        }
    }

    private void release(Ledger.Pin pin) {
        String digest = pin.contents().digest();
        ledger.used(digest, clock.instant());
        try {
            versions.touch(digest, clock.instant());
        } catch (IOException e) {
            LOG.debug("The use of {} is not remembered", pin.contents().model(), e);
        }
        ledger.release(pin);
        try {
            room.keepLimit();
        } catch (IOException e) {
            LOG.warn("The artifact cache {} could not be tidied: {}", folder.root(), e.toString());
        }
    }

    /** How far a version is that is being fetched now. */
    public Optional<Progress> progress(String digest) {
        return Optional.ofNullable(fetches.get(digest)).map(Fetch::progress);
    }

    /** Digests of the versions whose files are all there. */
    Set<String> digests() {
        return ledger.versions().stream().map(Contents::digest).collect(Collectors.toSet());
    }

    /**
     * Removes a version's files, and the contents that no other version shares.
     *
     * @return the bytes that this gave back; empty where the version is loaded or loading, and stays
     * @throws ArtifactException if the disk refuses
     */
    public OptionalLong remove(String digest) throws ArtifactException {
        AtomicBoolean inUse = new AtomicBoolean();
        Eviction gone = evict(holdings -> {
            inUse.set(holdings.inUse().contains(digest));
            return holdings.versions().stream().filter(version -> !inUse.get() && version.digest().equals(digest))
                    .findFirst().map(version -> Eviction.of(holdings, version)).orElse(Eviction.NOTHING);
        });
        return inUse.get() ? OptionalLong.empty() : OptionalLong.of(gone.bytes());
    }

    private Eviction evict(Function<Holdings, Eviction> choice) throws ArtifactException {
        try {
            Eviction gone = ledger.evict(choice);
            folder.emptyTrash();
            return gone;
        } catch (IOException e) {
            throw new ArtifactException("files cannot be removed from " + folder.root() + ": " + e.getMessage(), e);
        }
    }

    public ArtifactStats stats() {
        return counters.stats(ledger.holdings(), room.maxBytes());
    }

    /** Stops downloads, which go on after the next start, and gives the folder free. */
    @PreDestroy
    @Override
    public void close() {
        mending.shutdownNow();
        flights.close();
        folder.close();
    }
}
