package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.registry.DocumentKey.Subject;
import io.modelyard.registry.RegistrySnapshot.Quarantined;
import io.modelyard.registry.StoredDocument.Reading;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes one snapshot of the documents in the store: the same documents, past and moment make the same snapshot.
 *
 * <p>
 * A manifest never changes. So of a version that was seen before, or that a routing activated by its digest, only that
 * very content is served; another one is quarantined as {@code manifest_changed}, and the known one goes on being
 * served.
 */
final class SnapshotBuilder {
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final int ID_LENGTH = 32;

    private final KnownRuntimes runtimes;
    private final Map<ModelId, Model> firstSeen;
    private final Instant now;
    private final Map<String, Instant> quarantinedBefore = new HashMap<>();

    private final Map<ModelId, Model> models = new HashMap<>();
    private final Map<String, Routing> routings = new HashMap<>();
    private final Map<String, ApiKey> keys = new HashMap<>();
    private final List<Quarantined> quarantine = new ArrayList<>();
    private final SortedMap<String, String> digests = new TreeMap<>();
    private @Nullable String defaultType;

    /** @param firstSeen the versions that this process has served, as they were then */
    SnapshotBuilder(KnownRuntimes runtimes, Map<ModelId, Model> firstSeen, List<Quarantined> before, Instant now) {
        this.runtimes = runtimes;
        this.firstSeen = firstSeen;
        this.now = now;
        before.forEach(entry -> quarantinedBefore.put(entry.key(), entry.since()));
    }

    /** To be called once. */
    RegistrySnapshot build(Collection<StoredDocument> documents) {
        Map<ModelId, StoredDocument> manifests = new HashMap<>();
        Map<Subject, List<StoredDocument>> revisions = new HashMap<>();
        for (StoredDocument document : documents) {
            switch (document.place()) {
                case DocumentKey.OfManifest place -> manifests.put(place.id(), document);
                case DocumentKey.OfRevision place ->
                    revisions.computeIfAbsent(place.subject(), subject -> new ArrayList<>()).add(document);
                case DocumentKey.Misplaced place -> quarantine(document.key(), "misplaced: " + place.reason());
            }
        }
        revisions.forEach(this::addHighest);
        manifests.forEach(this::addManifest);
        quarantine.sort(Comparator.comparing(Quarantined::key));
        return new RegistrySnapshot(id(), now, models, routings, defaultType, keys, quarantine);
    }

    private void addHighest(Subject subject, List<StoredDocument> revisions) {
        revisions.sort(Comparator.comparing(StoredDocument::key).reversed());
        for (StoredDocument document : revisions) {
            if (document.reading() instanceof Reading.Unreadable unreadable) {
                quarantine(document.key(), unreadable.reason());
                if (subject instanceof Subject.OfKey) {
                    // The revision before may be the one that this one was to take back.
                    return;
                }
            } else {
                digests.put(document.key(), document.digest());
                addRevision(document.reading());
                return;
            }
        }
    }

    private void addRevision(Reading reading) {
        switch (reading) {
            case Reading.AsRouting read -> routings.put(read.routing().type(), read.routing());
            case Reading.AsPlatform read -> defaultType = read.platform().defaultType();
            case Reading.AsKey read -> keys.put(read.apiKey().id(), read.apiKey());
            case Reading.AsModel read -> throw new IllegalStateException(read.model().id() + " has no revisions");
            case Reading.Unreadable read -> throw new IllegalStateException(read.reason());
        }
    }

    private void addManifest(ModelId id, StoredDocument document) {
        Optional<Model> expected = Optional.ofNullable(firstSeen.get(id));
        Optional<String> activated = activatedDigest(id);
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
        expected.filter(model -> activated.isEmpty() || activated.get().equals(model.digest()))
                .ifPresent(model -> serve(document.key(), model));
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
        models.put(model.id(), model);
        digests.put(key, model.digest());
    }

    static String unknownRuntime(Manifest manifest, KnownRuntimes runtimes) {
        return "unknown_runtime: there is no runtime '" + manifest.runtime() + "' here; there are "
                + String.join(", ", runtimes.names().stream().sorted().toList());
    }

    static boolean isOfTheFuture(Manifest manifest, Instant now) {
        return manifest.createdAt().isAfter(now.plus(CLOCK_SKEW));
    }

    private Optional<String> activatedDigest(ModelId id) {
        Routing routing = routings.get(id.type());
        return routing != null && id.version().equals(routing.active())
                ? Optional.ofNullable(routing.activeDigest())
                : Optional.empty();
    }

    private void quarantine(String key, String reason) {
        quarantine.add(new Quarantined(key, reason, quarantinedBefore.getOrDefault(key, now)));
    }

    /** The digest of the digests of what is in force: the same wherever the same documents are, whatever the store. */
    private String id() {
        StringBuilder lines = new StringBuilder();
        digests.forEach((key, digest) -> lines.append(digest).append("  ").append(key).append('\n'));
        return DocumentFormat.digest(lines.toString().getBytes(StandardCharsets.UTF_8)).substring(0, ID_LENGTH);
    }
}
