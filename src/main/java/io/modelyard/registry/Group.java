package io.modelyard.registry;

import io.modelyard.registry.DocumentKey.Subject;

import java.util.List;

/** Documents that are judged together, and apart from all others: so a change costs what its group costs. */
sealed interface Group {
    /** The manifests and the routing of a type. */
    record OfType(String type) implements Group {}

    /** A platform document or an API key with its revisions. */
    record OfRevisions(Subject subject) implements Group {}

    /** A document that can be nothing. */
    record OfNothing(String key) implements Group {}

    static Group of(StoredDocument document) {
        return switch (document.place()) {
            case DocumentKey.OfManifest manifest -> new OfType(manifest.id().type());
            case DocumentKey.OfRevision revision -> switch (revision.subject()) {
                case Subject.OfType type -> new OfType(type.type());
                case Subject.OfPlatform platform -> new OfRevisions(platform);
                case Subject.OfKey key -> new OfRevisions(key);
            };
            case DocumentKey.Misplaced nothing -> new OfNothing(document.key());
        };
    }

    /** The beginnings of the keys of its documents; other groups may have such keys too. */
    default List<String> prefixes() {
        return switch (this) {
            case OfType type -> List.of(DocumentKey.REGISTRY + type.type() + "/", new Subject.OfType(type.type())
                    .folder());
            case OfRevisions revisions -> List.of(revisions.subject().folder());
            case OfNothing nothing -> List.of(nothing.key());
        };
    }
}
