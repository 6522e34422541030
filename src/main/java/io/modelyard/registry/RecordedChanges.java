package io.modelyard.registry;

import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentKey.Subject;
import io.modelyard.registry.RecordedChange.Kind;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every change of what should be served and of who may ask for it, as the documents of the store record it: revisions of
 * routings, keys and the default type, and manifests. What the writers have removed of old revisions is not there any more.
 *
 * <p>A page costs a listing of what the filters leave of {@code routing/} and {@code access/}, one request for each 1,000
 * documents, and one request for each of its entries that was not read before; manifests are known already. Changes are sorted by
 * when the store took them, which a listing says, so that only those of the page need be read. Safe for use by many threads; blocks.
 */
@Singleton
public final class RecordedChanges {
    /** Documents never change, and a change of some 200 bytes is kept of each. */
    private static final int MOST_REMEMBERED = 5_000;
    private static final Comparator<Place> NEWEST_FIRST = Comparator.comparing(Place::at).thenComparing(Place::key)
            .reversed();

    private final ObjectStore store;
    private final DocumentFormat format;
    private final Registry registry;
    private final Map<String, RecordedChange> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RecordedChange> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /**
     * Which changes.
     *
     * @param kind null for all, as the others
     * @param type only of the type itself and of its versions
     * @param keyId only of this key
     * @param since only from then on, by the clock of the store
     * @param until only before
     * @param after only those that come after this place, of a page before
     */
    public record Query(@Nullable Kind kind, @Nullable String type, @Nullable String keyId, @Nullable Instant since,
            @Nullable Instant until, @Nullable Place after, int limit) {
        boolean asksFor(Kind wanted) {
            return (kind == null || kind == wanted)
                    && (type == null || wanted == Kind.VERSION || wanted == Kind.ROUTING)
                    && (keyId == null || wanted == Kind.KEY);
        }
    }

    /** Where a change stands among the others: when the store took it, and under which key. */
    public record Place(Instant at, String key) {}

    /**
     * @param changes newest first
     * @param last the place of the last one where there may be more; null where there is not
     */
    public record Page(List<RecordedChange> changes, @Nullable Place last) {}

    RecordedChanges(ObjectStore store, DocumentFormat format, Registry registry) {
        this.store = store;
        this.format = format;
        this.registry = registry;
    }

    /** @throws ServingFailure.Unavailable if the store cannot be read */
    public Page page(Query query) {
        try {
            List<Place> places = Stream.concat(published(query), revisions(query))
                    .filter(place -> query.since() == null || !place.at().isBefore(query.since()))
                    .filter(place -> query.until() == null || place.at().isBefore(query.until()))
                    .filter(place -> query.after() == null || NEWEST_FIRST.compare(place, query.after()) > 0)
                    .sorted(NEWEST_FIRST).limit(query.limit() + 1L).toList();
            boolean more = places.size() > query.limit();
            List<Place> asked = more ? places.subList(0, query.limit()) : places;
            return new Page(ConcurrentFetch.all(asked, this::read).stream().flatMap(Optional::stream).toList(),
                    more ? asked.getLast() : null);
        } catch (StoreException e) {
            throw ServingFailure.Unavailable.storeUnavailable(String.valueOf(e.getMessage()), e);
        }
    }

    private Stream<Place> published(Query query) {
        if (!query.asksFor(Kind.VERSION)) {
            return Stream.empty();
        }
        RegistrySnapshot now = registry.current();
        Stream<Model> models = query.type() == null
                ? now.types().stream().flatMap(type -> now.versions(type).stream())
                : now.versions(query.type()).stream();
        return models.map(model -> new Place(model.manifest().createdAt(), DocumentKey.manifest(model.id())));
    }

    private Stream<Place> revisions(Query query) {
        List<Place> places = new ArrayList<>();
        for (String folder : folders(query)) {
            store.list(folder).forEach(entry -> {
                if (DocumentKey.parse(entry.key()) instanceof DocumentKey.OfRevision place
                        && query.asksFor(kind(place.subject()))) {
                    places.add(new Place(entry.lastModified(), entry.key()));
                }
            });
        }
        return places.stream();
    }

    private static List<String> folders(Query query) {
        List<String> folders = new ArrayList<>();
        if (query.asksFor(Kind.ROUTING)) {
            folders.add(query.type() == null ? DocumentKey.ROUTING : new Subject.OfType(query.type()).folder());
        } else if (query.asksFor(Kind.PLATFORM)) {
            folders.add(new Subject.OfPlatform().folder());
        }
        if (query.asksFor(Kind.KEY)) {
            folders.add(query.keyId() == null ? DocumentKey.ACCESS : new Subject.OfKey(query.keyId()).folder());
        }
        return folders;
    }

    private static Kind kind(Subject subject) {
        return switch (subject) {
            case Subject.OfType _ -> Kind.ROUTING;
            case Subject.OfPlatform _ -> Kind.PLATFORM;
            case Subject.OfKey _ -> Kind.KEY;
        };
    }

    /** Empty where it was removed meanwhile. */
    private Optional<RecordedChange> read(Place place) {
        if (DocumentKey.parse(place.key()) instanceof DocumentKey.OfManifest(var id)) {
            return registry.current().model(id).map(model -> RecordedChange.of(model.manifest()));
        }
        synchronized (remembered) {
            RecordedChange known = remembered.get(place.key());
            if (known != null) {
                return Optional.of(known);
            }
        }
        Optional<RecordedChange> read = store.get(place.key()).map(content -> read(place, content.bytes()));
        read.ifPresent(change -> {
            synchronized (remembered) {
                remembered.put(place.key(), change);
            }
        });
        return read;
    }

    private RecordedChange read(Place place, byte[] document) {
        if (!(DocumentKey.parse(place.key()) instanceof DocumentKey.OfRevision(Subject subject, long revision))) {
            throw new IllegalStateException(place.key() + " is no revision");
        }
        try {
            return switch (subject) {
                case Subject.OfType _ -> RecordedChange.of(format.readRouting(document));
                case Subject.OfPlatform _ ->
                    RecordedChange.of(format.readPlatform(document), revision, place.at());
                case Subject.OfKey _ -> RecordedChange.of(format.readKey(document), place.at());
            };
        } catch (InvalidDocumentException e) {
            return RecordedChange.unreadable(kind(subject), name(subject), revision, place.at(),
                    String.valueOf(e.getMessage()));
        }
    }

    private static String name(Subject subject) {
        return switch (subject) {
            case Subject.OfType(String type) -> type;
            case Subject.OfPlatform _ -> "default_type";
            case Subject.OfKey(String id) -> id;
        };
    }
}
