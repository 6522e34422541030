package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.model.Role;
import io.modelyard.model.Routing;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A change, as the document that made it says.
 *
 * @param by null where nobody is named
 * @param subject the version, type or key that it is about
 * @param action what was done, {@code activate} for example; {@code unreadable} where the document cannot be read
 * @param revision of the subject; null for a version, which never changes
 */
public record RecordedChange(Instant at, @Nullable String by, Kind kind, String subject, String action,
        @Nullable String from, @Nullable String to, @Nullable String reason, @Nullable Long revision) {

    /** What changed. */
    public enum Kind {
        VERSION, ROUTING, PLATFORM, KEY;

        public String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> ofJsonName(String name) {
            for (Kind kind : values()) {
                if (kind.jsonName().equals(name)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    static RecordedChange of(Manifest manifest) {
        ModelId id = manifest.id();
        return new RecordedChange(manifest.createdAt(), manifest.createdBy(), Kind.VERSION, id.toString(), "publish",
                null, id.version(), null, null);
    }

    static RecordedChange of(Routing routing) {
        return of(routing.change(), Kind.ROUTING, routing.type(), routing.revision());
    }

    /** @param written when the store took the document, for one that does not say */
    static RecordedChange of(Platform platform, long revision, Instant written) {
        return platform.change() == null
                ? new RecordedChange(written, null, Kind.PLATFORM, "default_type", "set_default_type", null,
                        platform.defaultType(), null, revision)
                : of(platform.change(), Kind.PLATFORM, "default_type", revision);
    }

    /** As for a platform. */
    static RecordedChange of(ApiKey key, Instant written) {
        ApiKey.Change change = key.change();
        if (change != null) {
            return new RecordedChange(change.at(), change.by(), Kind.KEY, key.id(), change.action(), null, null,
                    change.reason(), key.revision());
        }
        boolean first = key.revision() == 1;
        return new RecordedChange(first ? key.createdAt() : written, first ? key.createdBy() : null, Kind.KEY,
                key.id(), key.revoked() ? "revoke" : first ? "create" : "change", null, key.revoked() ? null : may(key),
                null, key.revision());
    }

    static RecordedChange unreadable(Kind kind, String subject, long revision, Instant written, String why) {
        return new RecordedChange(written, null, kind, subject, "unreadable", null, null, why, revision);
    }

    private static RecordedChange of(Routing.Change change, Kind kind, String subject, long revision) {
        return new RecordedChange(change.at(), change.by(), kind, subject, change.action(), change.from(), change.to(),
                change.reason(), revision);
    }

    private static String may(ApiKey key) {
        String roles = key.roles().stream().sorted().map(Role::jsonName).collect(Collectors.joining(", "));
        return key.types().isEmpty()
                ? roles
                : roles + " of " + key.types().stream().sorted().collect(Collectors.joining(", "));
    }
}
