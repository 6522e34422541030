package io.modelyard.registry;

import io.modelyard.registry.DocumentKey.Subject;
import io.modelyard.registry.Findings.Fetched;

import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The documents that this replica knows: every manifest, and of everything with revisions the highest one, below
 * unreadable ones the next that can be read. Safe for use by many threads.
 *
 * <p>
 * Reading the store takes a while, and a document may be written meanwhile by this very process. So every entry knows
 * when it came, and what was found out after a {@link #mark()} changes only entries that are older.
 */
final class DocumentIndex {
    /** After every character that a key may have. */
    private static final String END = "\uffff";

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final Set<Group> changed = new HashSet<>();
    private long changes;

    private record Entry(StoredDocument document, long at) {}

    synchronized long mark() {
        return changes;
    }

    synchronized Optional<StoredDocument> get(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::document);
    }

    /** The documents of a group. */
    synchronized List<StoredDocument> of(Group group) {
        return group.prefixes().stream()
                .flatMap(prefix -> entries.subMap(prefix, true, prefix + END, true).values().stream())
                .map(Entry::document).filter(document -> Group.of(document).equals(group)).toList();
    }

    /** The groups of which a document changed since the last call. */
    synchronized Set<Group> takeChanged() {
        Set<Group> taken = Set.copyOf(changed);
        changed.clear();
        return taken;
    }

    /**
     * What is known of the stretch of keys that one page of a listing covers.
     *
     * @param last the last key of the page, or empty where the listing ends with it
     */
    synchronized List<StoredDocument> stretch(String prefix, String startAfter, Optional<String> last) {
        String from = startAfter.compareTo(prefix) > 0 ? startAfter : prefix;
        NavigableMap<String, Entry> part = entries.subMap(from, false, last.orElse(prefix + END), true);
        return part.values().stream().map(Entry::document).toList();
    }

    /** Whether a revision at or above {@code key} is known that leaves the ones below it without a say. */
    synchronized boolean isSettledFrom(Subject subject, String key) {
        String end = subject.folder() + END;
        return key.compareTo(end) < 0 && entries.subMap(key, true, end, true).values().stream()
                .anyMatch(entry -> settles(subject, entry.document()));
    }

    synchronized void put(StoredDocument document) {
        changes++;
        entries.put(document.key(), new Entry(document, changes));
        changed.add(Group.of(document));
        if (document.place() instanceof DocumentKey.OfRevision place && settles(place.subject(), document)) {
            entries.subMap(place.subject().folder(), true, document.key(), false).clear();
        }
    }

    synchronized void apply(Findings findings) {
        for (String key : findings.gone()) {
            Entry entry = entries.get(key);
            if (entry != null && isOlder(key, findings.mark())) {
                changed.add(Group.of(entry.document()));
                entries.remove(key);
            }
        }
        for (Fetched fetched : findings.found()) {
            StoredDocument document = fetched.document();
            Optional<StoredDocument> before = get(document.key());
            boolean isBelow = before.isEmpty() && document.place() instanceof DocumentKey.OfRevision place
                    && isSettledFrom(place.subject(), document.key());
            if (isOlder(document.key(), findings.mark()) && !isBelow && !before.equals(Optional.of(document))) {
                put(document);
            }
        }
    }

    private boolean isOlder(String key, long mark) {
        Entry entry = entries.get(key);
        return entry == null || entry.at() <= mark;
    }

    /** A key's revision counts even if it cannot be read: the one below may say what it was to take back. */
    static boolean settles(Subject subject, StoredDocument document) {
        return document.isReadable() || subject instanceof Subject.OfKey;
    }
}
