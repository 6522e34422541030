package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.registry.DocumentKey.Subject;
import io.modelyard.registry.StoredDocument.Reading;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.ObjectStore.Entry;

/** Reads documents and checks that they are what their keys say. What is wrong becomes a reason, never an exception. */
final class DocumentReader {
    /** Far above any document; a larger object is something else in the wrong place. */
    static final long LARGEST = 8L << 20;

    private final DocumentFormat format;

    DocumentReader(DocumentFormat format) {
        this.format = format;
    }

    StoredDocument read(String key, Content content) {
        DocumentKey place = DocumentKey.parse(key);
        return new StoredDocument(key, place, content.etag(), content.bytes().length,
                DocumentFormat.digest(content.bytes()), reading(place, content.bytes()));
    }

    /** For an entry that need not be fetched to know that it is nothing. */
    StoredDocument unfetched(Entry entry, String reason) {
        return new StoredDocument(entry.key(), DocumentKey.parse(entry.key()), entry.etag(), entry.size(), "",
                new Reading.Unreadable(reason));
    }

    private Reading reading(DocumentKey place, byte[] bytes) {
        try {
            return switch (place) {
                case DocumentKey.OfManifest manifest -> model(manifest, bytes);
                case DocumentKey.OfRevision revision -> revision(revision, bytes);
                case DocumentKey.Misplaced misplaced -> new Reading.Unreadable("misplaced: " + misplaced.reason());
            };
        } catch (InvalidDocumentException e) {
            return new Reading.Unreadable((e.isNewerForm() ? "newer_form: " : "invalid_document: ") + e.getMessage());
        }
    }

    private Reading model(DocumentKey.OfManifest place, byte[] bytes) throws InvalidDocumentException {
        Model model = format.readModel(bytes);
        agree("/type", place.id().type(), model.id().type());
        agree("/version", place.id().version(), model.id().version());
        return new Reading.AsModel(model);
    }

    private Reading revision(DocumentKey.OfRevision place, byte[] bytes) throws InvalidDocumentException {
        return switch (place.subject()) {
            case Subject.OfType type -> {
                Routing routing = format.readRouting(bytes);
                agree("/type", type.type(), routing.type());
                agree("/revision", place.revision(), routing.revision());
                yield new Reading.AsRouting(routing);
            }
            case Subject.OfPlatform platform -> {
                Platform read = format.readPlatform(bytes);
                if (read.revision() != null) {
                    agree("/revision", place.revision(), read.revision());
                }
                yield new Reading.AsPlatform(read);
            }
            case Subject.OfKey key -> {
                ApiKey read = format.readKey(bytes);
                agree("/id", key.id(), read.id());
                agree("/revision", place.revision(), read.revision());
                yield new Reading.AsKey(read);
            }
        };
    }

    private static void agree(String pointer, Object inKey, Object inDocument) throws InvalidDocumentException {
        if (!inKey.equals(inDocument)) {
            throw InvalidDocumentException.of(pointer, "it is " + inDocument + " here and " + inKey
                    + " in the key; they must agree", null);
        }
    }
}
