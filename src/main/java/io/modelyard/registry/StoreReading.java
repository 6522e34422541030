package io.modelyard.registry;

import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.registry.StoredDocument.Reading;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreException;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The ways in which the store is read for what is not known yet: what Modelyard's tools told of, a step of its listing,
 * all of it, or one version. What was found is applied before it counts as read, so a failure on the way changes
 * nothing. All methods throw {@link StoreException} if the store fails. For one thread at a time, but {@link #named}.
 */
final class StoreReading {
    /** After a longer silence the notices of what was written meanwhile may be gone. */
    private static final Duration LONGEST_SILENCE = Duration.ofDays(1);

    private final DocumentIndex index;
    private final DocumentFetch fetch;
    private final ChangeFeed feed;
    private final DocumentWalk walk;
    private final int stepRequests;
    private final Clock clock;
    private final Consumer<Findings> found;
    private boolean listed;

    /**
     * @param stepRequests how many pages of the listing one step may ask for
     * @param found applies what was found to the index
     */
    StoreReading(ObjectStore store, DocumentFormat format, DocumentIndex index, int stepRequests, Clock clock,
            Consumer<Findings> found) {
        this.index = index;
        this.fetch = new DocumentFetch(store, new DocumentReader(format));
        this.feed = new ChangeFeed(store, format, clock);
        this.walk = new DocumentWalk(store, fetch, index);
        this.stepRequests = stepRequests;
        this.clock = clock;
        this.found = found;
    }

    /**
     * What was told of since the last time; everything where that is too long ago.
     *
     * @param looks whether something may have been written that nobody told of, so that a step of the listing is read too
     */
    void news(boolean looks) {
        if (!listed || Duration.between(feed.lastLook(), clock.instant()).compareTo(LONGEST_SILENCE) > 0) {
            everything();
            return;
        }
        Findings findings = new Findings(index.mark());
        Optional<ChangeFeed.News> written = feed.look();
        fetch.named(written.map(ChangeFeed.News::documents).orElse(Set.of()).stream().filter(this::isNews).toList(),
                findings);
        // Somebody without the right to notices says that there is something, and not what.
        boolean untold = looks || written.filter(news -> news.documents().isEmpty()).isPresent();
        if (untold) {
            walk.restart();
            walk.step(stepRequests, findings);
        }
        if (untold || written.isPresent()) {
            apply(findings);
        }
        written.ifPresent(feed::take);
    }

    /** The next step of the listing; everything the first time. */
    void step() {
        if (!listed) {
            everything();
            return;
        }
        Findings findings = new Findings(index.mark());
        walk.step(stepRequests, findings);
        apply(findings);
    }

    /** The whole listing, from its beginning. */
    void everything() {
        Findings findings = new Findings(index.mark());
        ChangeFeed.News start = feed.beforeListing();
        walk.restart();
        walk.step(Integer.MAX_VALUE, findings);
        apply(findings);
        feed.take(start);
        listed = true;
    }

    /** One version, if it is there. May be called by any thread at any time. */
    void named(ModelId id) {
        Findings findings = new Findings(index.mark());
        fetch.named(List.of(DocumentKey.manifest(id)), findings);
        if (!findings.isEmpty()) {
            apply(findings);
        }
    }

    private void apply(Findings findings) {
        fetch.named(missing(findings), findings);
        found.accept(findings);
        fetch.settle();
    }

    /** What a routing names may have been written a moment before it, and not be told of yet. */
    private List<String> missing(Findings findings) {
        return findings.found().stream().flatMap(fetched -> manifestsOf(fetched.document())).filter(this::isNews)
                .filter(key -> findings.get(key).isEmpty()).distinct().toList();
    }

    private static Stream<String> manifestsOf(StoredDocument document) {
        if (!(document.reading() instanceof Reading.AsRouting(Routing routing))) {
            return Stream.of();
        }
        return routing.versions().stream().filter(ModelId::isVersion)
                .map(version -> DocumentKey.manifest(new ModelId(routing.type(), version)));
    }

    /** A document that is known never changes, and below a revision that counts there is none that does. */
    private boolean isNews(String key) {
        return switch (DocumentKey.parse(key)) {
            case DocumentKey.OfManifest manifest -> index.get(key).isEmpty();
            case DocumentKey.OfRevision revision -> !index.isSettledFrom(revision.subject(), key);
            case DocumentKey.Misplaced nothing -> false;
        };
    }
}
