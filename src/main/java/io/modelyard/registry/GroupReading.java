package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.registry.RegistrySnapshot.Quarantined;
import io.modelyard.registry.StoredDocument.Reading;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the documents of one group say. The same documents, past and moment say the same.
 *
 * <p>
 * A manifest never changes. So of a version that was seen before, or that a routing activated by its digest, only that
 * very content is served; another one is quarantined as {@code manifest_changed}, and the known one goes on being
 * served.
 */
final class GroupReading {
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final KnownRuntimes runtimes;
    private final Map<ModelId, Model> firstSeen;
    private final Map<String, Instant> quarantinedBefore;
    private final Instant now;

    private final List<Model> models = new ArrayList<>();
    private final List<Quarantined> quarantine = new ArrayList<>();
    private @Nullable Routing routing;
    private @Nullable ApiKey apiKey;
    private @Nullable Platform platform;
    private SnapshotId id = SnapshotId.NONE;

    /** @param quarantine by key */
    record Said(List<Model> models, Optional<Routing> routing, Optional<ApiKey> apiKey, Optional<Platform> platform,
            List<Quarantined> quarantine, SnapshotId id) {
        static final Said NOTHING = new Said(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                SnapshotId.NONE);
    }

    /**
     * @param firstSeen the versions that this process has served, as they were then
     * @param quarantinedBefore since when the keys of the group are in quarantine
     */
    GroupReading(KnownRuntimes runtimes, Map<ModelId, Model> firstSeen, Map<String, Instant> quarantinedBefore,
            Instant now) {
        this.runtimes = runtimes;
        this.firstSeen = firstSeen;
        this.quarantinedBefore = quarantinedBefore;
        this.now = now;
    }

    /** To be called once. */
    Said read(Collection<StoredDocument> documents) {
        List<StoredDocument> revisions = new ArrayList<>();
        List<StoredDocument> manifests = new ArrayList<>();
        for (StoredDocument document : documents) {
            switch (document.place()) {
                case DocumentKey.OfManifest place -> manifests.add(document);
                case DocumentKey.OfRevision place -> revisions.add(document);
                case DocumentKey.Misplaced place -> quarantine(document.key(), "misplaced: " + place.reason());
            }
        }
        readHighest(revisions);
        for (StoredDocument document : manifests) {
            if (document.place() instanceof DocumentKey.OfManifest place) {
                readManifest(place.id(), document);
            }
        }
        quarantine.sort(Comparator.comparing(Quarantined::key));
        return new Said(List.copyOf(models), Optional.ofNullable(routing), Optional.ofNullable(apiKey),
                Optional.ofNullable(platform), List.copyOf(quarantine), id);
    }

    private void readHighest(List<StoredDocument> revisions) {
        revisions.sort(Comparator.comparing(StoredDocument::key).reversed());
        for (StoredDocument document : revisions) {
            switch (document.reading()) {
                case Reading.AsRouting read -> routing = read.routing();
                case Reading.AsPlatform read -> platform = read.platform();
                case Reading.AsKey read -> apiKey = read.apiKey();
                case Reading.AsModel read -> throw new IllegalStateException(read.model().id() + " has no revisions");
                case Reading.Unreadable read -> quarantine(document.key(), read.reason());
            }
            if (document.isReadable()) {
                id = id.with(document.key(), document.digest());
                return;
            }
            if (document.place() instanceof DocumentKey.OfRevision(DocumentKey.Subject.OfKey key, long revision)) {
                // The revision before may be the one that this one was to take back.
                return;
            }
        }
    }

    private void readManifest(ModelId model, StoredDocument document) {
        Optional<Model> expected = Optional.ofNullable(firstSeen.get(model));
        Optional<String> activated = activatedDigest(model);
        if (document.reading() instanceof Reading.AsModel read) {
            Model found = read.model();
            Optional<String> required = activated.or(() -> expected.map(Model::digest));
            if (required.isEmpty() || required.get().equals(found.digest())) {
                admit(document.key(), found);
                return;
            }
            quarantine(document.key(), "manifest_changed: its SHA-256 is " + found.digest() + ", and "
                    + required.get() + " was " + (activated.isPresent() ? "activated" : "first seen")
                    + "; put that document back, and publish the new one as a new version");
        } else if (document.reading() instanceof Reading.Unreadable unreadable) {
            quarantine(document.key(), expected.isEmpty()
                    ? unreadable.reason()
                    : "manifest_changed: it was readable when it was first seen, and now is " + unreadable.reason());
        }
        expected.filter(first -> activated.isEmpty() || activated.get().equals(first.digest()))
                .ifPresent(first -> serve(document.key(), first));
    }

    private void admit(String key, Model found) {
        Manifest manifest = found.manifest();
        if (!runtimes.names().contains(manifest.runtime())) {
            quarantine(key, unknownRuntime(manifest, runtimes));
        } else if (isOfTheFuture(manifest, now)) {
            quarantine(key, "created_in_future: created_at is " + manifest.createdAt() + " and it is " + now
                    + "; set the publisher's clock, or wait");
        } else {
            serve(key, found);
        }
    }

    private void serve(String key, Model model) {
        models.add(model);
        id = id.with(key, model.digest());
    }

    static String unknownRuntime(Manifest manifest, KnownRuntimes runtimes) {
        return "unknown_runtime: there is no runtime '" + manifest.runtime() + "' here; there are "
                + String.join(", ", runtimes.names().stream().sorted().toList());
    }

    static boolean isOfTheFuture(Manifest manifest, Instant now) {
        return manifest.createdAt().isAfter(now.plus(CLOCK_SKEW));
    }

    private Optional<String> activatedDigest(ModelId model) {
        return routing != null && model.version().equals(routing.active())
                ? Optional.ofNullable(routing.activeDigest())
                : Optional.empty();
    }

    private void quarantine(String key, String reason) {
        quarantine.add(new Quarantined(key, reason, quarantinedBefore.getOrDefault(key, now)));
    }
}
