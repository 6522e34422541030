package io.modelyard.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What can change about a type, as one revision says it: which version is active, aliases, and an experiment. Every change is a new
 * revision, and the revisions are the history.
 *
 * @param revision counts from 1; the highest is in force
 * @param active the version that answers, or null to follow {@code @latest}
 * @param activeDigest the digest of the manifest that was activated, or null with active
 * @param previous the version that was active before, to which a rollback returns
 * @param aliases name (without @) to version
 * @param retired deleted versions
 * @param experiment that runs or was the last to run; null where there was none
 * @param change who made this revision, when and why
 */
public record Routing(String type, long revision, @Nullable String active, @Nullable String activeDigest,
        @Nullable String previous, Map<String, String> aliases, Map<String, Retirement> retired,
        @Nullable Experiment experiment,
        Change change) {

    /**
     * A version that was deleted: not served any more, its files removed after a while.
     *
     * @param purgingSince from when on its files may be missing, so that it cannot be restored; null before
     * @param purgedAt when the last of its files was removed; null before
     */
    public record Retirement(Instant at, @Nullable String by, @Nullable String reason, @Nullable Instant purgingSince,
            @Nullable Instant purgedAt) {
        public static Retirement of(Instant at, @Nullable String by, @Nullable String reason) {
            return new Retirement(at, by, reason, null, null);
        }

        /** Whether all of its files are still there. */
        public boolean isRestorable() {
            return purgingSince == null;
        }
    }

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

    /** The same, made by another change. */
    public Routing with(Change change) {
        return new Routing(type, revision, active, activeDigest, previous, aliases, retired, experiment, change);
    }

    /** The same with another active version; null follows {@code @latest}. */
    public Routing with(@Nullable String active, @Nullable String activeDigest, @Nullable String previous) {
        return new Routing(type, revision, active, activeDigest, previous, aliases, retired, experiment, change);
    }

    public Routing withAliases(Map<String, String> aliases) {
        return new Routing(type, revision, active, activeDigest, previous, aliases, retired, experiment, change);
    }

    public Routing withRetired(Map<String, Retirement> retired) {
        return new Routing(type, revision, active, activeDigest, previous, aliases, retired, experiment, change);
    }

    public Routing withExperiment(@Nullable Experiment experiment) {
        return new Routing(type, revision, active, activeDigest, previous, aliases, retired, experiment, change);
    }

    public Optional<Experiment> runningExperiment() {
        return Optional.ofNullable(experiment).filter(Experiment::isRunning);
    }

    public Optional<String> activeVersion() {
        return Optional.ofNullable(active);
    }

    /** The versions that requests may be led to without naming them, now or after a rollback. */
    public Set<String> versions() {
        Set<String> versions = new HashSet<>(aliases.values());
        activeVersion().ifPresent(versions::add);
        if (previous != null) {
            versions.add(previous);
        }
        runningExperiment().ifPresent(running -> running.arms().forEach(arm -> versions.add(arm.version())));
        return versions;
    }

    public Optional<Retirement> retirement(String version) {
        return Optional.ofNullable(retired.get(version));
    }
}
