package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Routing;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** How one kind of document with revisions is read, written and stamped. */
sealed interface RevisionKind<T> {
    T read(byte[] document) throws InvalidDocumentException;

    byte[] write(T document) throws InvalidDocumentException;

    /** The document as the revision that it becomes. */
    T stamped(T document, long revision, String changeId, Instant at);

    /** Null where somebody wrote the document by hand without one. */
    @Nullable
    String changeId(T document);

    /**
     * Whether, where the highest revision cannot be read, the next lower one may be built upon. What the unreadable one
     * said is lost then.
     */
    boolean buildsOnLower();

    record OfRouting(DocumentFormat format) implements RevisionKind<Routing> {
        @Override
        public Routing read(byte[] document) throws InvalidDocumentException {
            return format.readRouting(document);
        }

        @Override
        public byte[] write(Routing document) throws InvalidDocumentException {
            return format.write(document);
        }

        @Override
        public Routing stamped(Routing r, long revision, String changeId, Instant at) {
            return new Routing(r.type(), revision, r.active(), r.activeDigest(), r.previous(), r.aliases(),
                    r.retired(), r.experiment(), stamp(r.change(), changeId, at));
        }

        @Override
        public String changeId(Routing document) {
            return document.change().id();
        }

        @Override
        public boolean buildsOnLower() {
            return true;
        }
    }

    record OfPlatform(DocumentFormat format) implements RevisionKind<Platform> {
        @Override
        public Platform read(byte[] document) throws InvalidDocumentException {
            return format.readPlatform(document);
        }

        @Override
        public byte[] write(Platform document) throws InvalidDocumentException {
            return format.write(document);
        }

        @Override
        public Platform stamped(Platform p, long revision, String changeId, Instant at) {
            return new Platform(p.defaultType(), revision, p.change() == null ? null : stamp(p.change(), changeId, at));
        }

        @Override
        public @Nullable String changeId(Platform document) {
            return document.change() == null ? null : document.change().id();
        }

        @Override
        public boolean buildsOnLower() {
            return true;
        }
    }

    record OfKey(DocumentFormat format) implements RevisionKind<ApiKey> {
        @Override
        public ApiKey read(byte[] document) throws InvalidDocumentException {
            return format.readKey(document);
        }

        @Override
        public byte[] write(ApiKey document) throws InvalidDocumentException {
            return format.write(document);
        }

        @Override
        public ApiKey stamped(ApiKey k, long revision, String changeId, Instant at) {
            ApiKey.Change change = k.change();
            return k.as(revision, changeId,
                    change == null ? null : new ApiKey.Change(at, change.by(), change.action(), change.reason()));
        }

        @Override
        public String changeId(ApiKey document) {
            return document.changeId();
        }

        /** A key's lower revision may hold what the higher one took away. */
        @Override
        public boolean buildsOnLower() {
            return false;
        }
    }

    private static Routing.Change stamp(Routing.Change change, String id, Instant at) {
        return new Routing.Change(id, at, change.by(), change.action(), change.from(), change.to(), change.reason());
    }
}
