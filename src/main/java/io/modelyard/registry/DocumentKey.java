package io.modelyard.registry;

import io.modelyard.model.ModelId;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the key of a document says. */
sealed interface DocumentKey {
    String REGISTRY = "registry/";
    String ROUTING = "routing/";
    String ACCESS = "access/";
    String CHANGES = "changes/";
    String GENERATION = "generation";

    /** {@code registry/<type>/<version>.json}. */
    record OfManifest(ModelId id) implements DocumentKey {}

    /** {@code <folder><revision>.json}, of which the highest revision counts. */
    record OfRevision(Subject subject, long revision) implements DocumentKey {}

    /** A document that can be nothing. */
    record Misplaced(String reason) implements DocumentKey {}

    /** What has revisions. */
    sealed interface Subject {
        /** The prefix of its keys, ending with a slash. */
        String folder();

        record OfType(String type) implements Subject {
            @Override
            public String folder() {
                return ROUTING + type + "/";
            }
        }

        record OfPlatform() implements Subject {
            @Override
            public String folder() {
                return ROUTING + "_platform/";
            }
        }

        record OfKey(String id) implements Subject {
            @Override
            public String folder() {
                return ACCESS + id + "/";
            }
        }
    }

    static String manifest(ModelId id) {
        return REGISTRY + id.type() + "/" + id.version() + ".json";
    }

    /** With ten digits, so that keys sort as their numbers do. */
    static String revision(Subject subject, long revision) {
        return subject.folder() + "%010d.json".formatted(revision);
    }

    static boolean isKeyId(String text) {
        return Syntax.KEY_ID.matcher(text).matches();
    }

    static DocumentKey parse(String key) {
        Matcher parts = Syntax.KEY.matcher(key);
        if (!parts.matches()) {
            return new Misplaced("documents lie at registry/<type>/<version>.json, routing/<type>/<revision>.json and "
                    + "access/<key-id>/<revision>.json");
        }
        String folder = parts.group(2);
        String name = parts.group(3);
        if (parts.group(1).equals("registry")) {
            try {
                return new OfManifest(new ModelId(folder, name));
            } catch (IllegalArgumentException e) {
                return new Misplaced(String.valueOf(e.getMessage()));
            }
        }
        Optional<Subject> subject = subject(parts.group(1), folder);
        if (subject.isEmpty()) {
            return new Misplaced("'" + folder + "' is not the name of a " + (parts.group(1).equals("access")
                    ? "key"
                    : "type"));
        }
        OptionalLong revision = revision(name);
        return revision.isPresent()
                ? new OfRevision(subject.get(), revision.getAsLong())
                : new Misplaced("'" + name + "' is not a revision: ten digits, 0000000001 is the first");
    }

    private static Optional<Subject> subject(String root, String folder) {
        if (root.equals("access")) {
            return isKeyId(folder) ? Optional.of(new Subject.OfKey(folder)) : Optional.empty();
        }
        if (folder.equals("_platform")) {
            return Optional.of(new Subject.OfPlatform());
        }
        return ModelId.isType(folder) ? Optional.of(new Subject.OfType(folder)) : Optional.empty();
    }

    private static OptionalLong revision(String name) {
        if (!Syntax.REVISION.matcher(name).matches()) {
            return OptionalLong.empty();
        }
        long revision = Long.parseLong(name);
        return revision == 0 ? OptionalLong.empty() : OptionalLong.of(revision);
    }

    /** The patterns. */
    final class Syntax {
        private static final Pattern KEY = Pattern.compile("(registry|routing|access)/([^/]+)/([^/]+)\\.json");
        private static final Pattern REVISION = Pattern.compile("[0-9]{10}");
        private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

        private Syntax() {}
    }
}
