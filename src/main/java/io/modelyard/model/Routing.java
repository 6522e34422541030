package io.modelyard.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What can change about a type, as one revision says it: which version is active, and aliases. Every change is a new
 * revision, and the revisions are the history.
 *
 * @param revision counts from 1; the highest is in force
 * @param active the version that answers, or null to follow {@code @latest}
 * @param activeDigest the digest of the manifest that was activated, or null with active
 * @param previous the version that was active before, to which a rollback returns
 * @param aliases name (without @) to version
 * @param retired deleted versions
 * @param change who made this revision, when and why
 */
public record Routing(String type, long revision, @Nullable String active, @Nullable String activeDigest,
        @Nullable String previous, Map<String, String> aliases, Map<String, Retirement> retired, Change change) {

    /** A version that was deleted: not served any more, its files removed after a while. */
    public record Retirement(Instant at, @Nullable String by, @Nullable String reason) {}

    /**
     * @param id unique for this write, so that a writer recognises its own success after a lost reply
     * @param action what was done, {@code activate} for example
     */
    public record Change(String id, Instant at, @Nullable String by, String action, @Nullable String from,
            @Nullable String to, @Nullable String reason) {}

    public Routing {
        aliases = Map.copyOf(aliases);
        retired = Map.copyOf(retired);
    }

    public Optional<String> activeVersion() {
        return Optional.ofNullable(active);
    }

    public Optional<Retirement> retirement(String version) {
        return Optional.ofNullable(retired.get(version));
    }
}
