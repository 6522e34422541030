package io.modelyard.registry;

import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.Routing.Retirement;
import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What somebody decides about the routing of a type: functions from the newest routing, if there is one, to the next,
 * made for {@link RegistryWriter#changeRouting}, which sets revision, change id and time. Where nothing is to be changed
 * they return the routing that they were given. Pure; they throw a {@link ServingFailure} where the newest routing does
 * not allow the change.
 *
 * @param by who decided
 * @param reason why, if they said so
 */
public record RoutingChanges(String type, @Nullable String by, @Nullable String reason) {
    private static final Pattern ALIAS = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final String LATEST = "@latest";

    /** To whom a rollback leads; empty where nothing was active before. */
    public static Optional<String> previous(Optional<Routing> newest) {
        return newest.map(Routing::previous);
    }

    /**
     * Makes a version the active one.
     *
     * @param followed where {@code @latest} leads now, in case that the type follows it; empty where that is not known
     * @throws ServingFailure.VersionDeleted if the version is deleted
     */
    public Routing activate(Optional<Routing> newest, Model model, Optional<String> followed) {
        return activate("activate", newest, model, followed);
    }

    /** Lets the type follow {@code @latest} again; {@code followed} as in {@link #activate}. */
    public Routing followLatest(Optional<Routing> newest, Optional<String> followed) {
        if (newest.isPresent() && newest.get().active() == null) {
            return newest.get();
        }
        String from = active(newest, followed);
        String previous = from == null ? newest.map(Routing::previous).orElse(null) : from;
        return next(newest, change("activate", from, LATEST)).with(null, null, previous);
    }

    /**
     * Makes the version that was active before active again.
     *
     * @param model the version that {@link #previous} named
     * @param followed as in {@link #activate}
     * @throws ServingFailure.RevisionConflict if another version is the previous one by now
     * @throws ServingFailure.VersionDeleted if the version is deleted
     */
    public Routing rollback(Optional<Routing> newest, Model model, Optional<String> followed) {
        if (!previous(newest).equals(Optional.of(model.id().version()))) {
            throw new ServingFailure.RevisionConflict("somebody changed the active version of '" + type
                    + "' at the same time: look at GET /models/" + type + "/history and decide again");
        }
        return activate("rollback", newest, model, followed);
    }

    /**
     * Gives a version another name.
     *
     * @throws ServingFailure.BadParameter if the alias is none that can be given
     * @throws ServingFailure.VersionDeleted if the version is deleted
     */
    public Routing setAlias(Optional<Routing> newest, String alias, String version) {
        checkAlias(alias);
        demandNotRetired(newest, version);
        Map<String, String> aliases = aliases(newest);
        String before = aliases.put(alias, version);
        return newest.isPresent() && version.equals(before)
                ? newest.get()
                : next(newest, change("set_alias @" + alias, before, version)).withAliases(aliases);
    }

    /**
     * Takes a name away.
     *
     * @throws ServingFailure.NotFound if there is no such alias
     */
    public Routing removeAlias(Optional<Routing> newest, String alias) {
        checkAlias(alias);
        Map<String, String> aliases = aliases(newest);
        String before = aliases.remove(alias);
        if (before == null) {
            throw ServingFailure.NotFound.alias(type, alias);
        }
        return next(newest, change("remove_alias @" + alias, before, null)).withAliases(aliases);
    }

    /**
     * Deletes a version: it is not served any more, and can be {@link #restore restored} until its files are purged.
     *
     * @param followed as in {@link #activate}
     * @throws ServingFailure.Conflict if requests may lead to the version without naming it
     * @throws ServingFailure.VersionDeleted if it is deleted already
     */
    public Routing retire(Optional<Routing> newest, String version, Optional<String> followed, Instant now) {
        demandNotRetired(newest, version);
        ModelId id = new ModelId(type, version);
        if (newest.flatMap(Routing::activeVersion).equals(Optional.of(version))) {
            throw ServingFailure.Conflict.versionInUse(id + " is the active version; activate another one first");
        }
        if (version.equals(active(newest, followed))) {
            throw ServingFailure.Conflict.versionInUse(id + " is what " + LATEST + " leads to, and '" + type
                    + "' follows that; activate another version first");
        }
        List<String> names = aliases(newest).entrySet().stream().filter(alias -> alias.getValue().equals(version))
                .map(alias -> "@" + alias.getKey()).sorted().toList();
        if (!names.isEmpty()) {
            throw ServingFailure.Conflict.versionInUse(id + " is named by " + String.join(", ", names)
                    + "; let these name another version, or remove them, first");
        }
        newest.flatMap(Routing::runningExperiment).filter(running -> running.arms().stream()
                .anyMatch(arm -> arm.version().equals(version))).ifPresent(running -> {
                    throw ServingFailure.Conflict.versionInUse(id + " takes part in the experiment " + running.id()
                            + "; end it, or take that arm out, first");
                });
        return retired("retire", newest, List.of(version), now);
    }

    /**
     * Deletes all these versions, those in use too. What is active and aliased is not forgotten, so that restoring them
     * brings all of that back.
     */
    public Routing retireAll(Optional<Routing> newest, Collection<String> versions, Instant now) {
        List<String> fresh = versions.stream().filter(version -> retirement(newest, version).isEmpty()).toList();
        return newest.isPresent() && fresh.isEmpty() ? newest.get() : retired("retire_all", newest, fresh, now);
    }

    /**
     * Takes back a deletion.
     *
     * @throws ServingFailure.VersionDeleted if the files are gone, or about to go
     * @throws ServingFailure.NotFound if nothing of the type was ever deleted
     */
    public Routing restore(Optional<Routing> newest, String version) {
        Routing current = newest.orElseThrow(() -> ServingFailure.NotFound
                .other(new ModelId(type, version) + " is not deleted, so it cannot be restored"));
        Optional<Retirement> retirement = current.retirement(version);
        if (retirement.isEmpty()) {
            return current;
        }
        if (!retirement.get().isRestorable()) {
            throw new ServingFailure.VersionDeleted(new ModelId(type, version), retirement.get());
        }
        Map<String, Retirement> rest = new HashMap<>(current.retired());
        rest.remove(version);
        return next(newest, change("restore", null, version)).withRetired(rest);
    }

    /**
     * Begins an experiment, or goes on with it in another way where it has the id of the one that runs.
     *
     * @throws ServingFailure.VersionDeleted if the version of an arm is deleted
     */
    public Routing experiment(Optional<Routing> newest, Experiment experiment) {
        experiment.arms().forEach(arm -> demandNotRetired(newest, arm.version()));
        Optional<Experiment> running = newest.flatMap(Routing::runningExperiment);
        if (running.equals(Optional.of(experiment))) {
            return newest.orElseThrow();
        }
        boolean goesOn = running.map(Experiment::id).equals(Optional.of(experiment.id()));
        return next(newest, change(goesOn ? "change_experiment" : "begin_experiment",
                running.map(RoutingChanges::shares).orElse(null), shares(experiment))).withExperiment(experiment);
    }

    /**
     * Sets the weights of the experiment that runs.
     *
     * @param weights one for each arm, in their order
     */
    public Routing reweight(Optional<Routing> newest, List<Double> weights, Instant now) {
        Experiment running = newest.flatMap(Routing::runningExperiment).orElseThrow(() -> noExperiment());
        Experiment reweighted = running.reweighted(weights, now);
        return next(newest, change("reweight_experiment", shares(running), shares(reweighted)))
                .withExperiment(reweighted);
    }

    /**
     * Ends the experiment that runs: the active version answers again.
     *
     * @throws ServingFailure.NotFound if none runs
     */
    public Routing endExperiment(Optional<Routing> newest, Instant now) {
        Experiment running = newest.flatMap(Routing::runningExperiment).orElseThrow(() -> noExperiment());
        return next(newest, change("end_experiment", shares(running), null)).withExperiment(running.ended(now));
    }

    private ServingFailure noExperiment() {
        return ServingFailure.NotFound.other("there is no experiment for '" + type + "' that runs");
    }

    /** {@code random 1: 0.5, 2: 0.5}. */
    private static String shares(Experiment experiment) {
        return experiment.strategy().jsonName() + " " + experiment.arms().stream()
                .map(arm -> (arm.name().equals(arm.version()) ? "" : arm.name() + "=") + arm.version() + ": "
                        + Math.round(arm.weight() * 1e4) / 1e4)
                .collect(Collectors.joining(", "));
    }

    private Routing activate(String action, Optional<Routing> newest, Model model, Optional<String> followed) {
        String version = model.id().version();
        demandNotRetired(newest, version);
        boolean same = newest.isPresent() && version.equals(newest.get().active())
                && model.digest().equals(newest.get().activeDigest());
        if (same) {
            return newest.get();
        }
        String from = active(newest, followed);
        String previous = from == null || from.equals(version) ? newest.map(Routing::previous).orElse(null) : from;
        return next(newest, change(action, from, version)).with(version, model.digest(), previous);
    }

    private Routing retired(String action, Optional<Routing> newest, List<String> versions, Instant now) {
        Map<String, Retirement> all = new HashMap<>(newest.map(Routing::retired).orElse(Map.of()));
        versions.forEach(version -> all.put(version, Retirement.of(now, by, reason)));
        return next(newest, change(action, String.join(", ", versions), null)).withRetired(all);
    }

    private void demandNotRetired(Optional<Routing> newest, String version) {
        retirement(newest, version).ifPresent(retirement -> {
            throw new ServingFailure.VersionDeleted(new ModelId(type, version), retirement);
        });
    }

    private Routing next(Optional<Routing> newest, Routing.Change change) {
        return newest.map(routing -> routing.with(change))
                .orElseGet(() -> new Routing(type, 0, null, null, null, Map.of(), Map.of(), null, change));
    }

    /** The writer sets id and time. */
    private Routing.Change change(String action, @Nullable String from, @Nullable String to) {
        return new Routing.Change("", Instant.EPOCH, by, action, from, to, reason);
    }

    private static @Nullable String active(Optional<Routing> newest, Optional<String> followed) {
        return newest.flatMap(Routing::activeVersion).or(() -> followed).orElse(null);
    }

    private static Optional<Retirement> retirement(Optional<Routing> newest, String version) {
        return newest.flatMap(routing -> routing.retirement(version));
    }

    private static Map<String, String> aliases(Optional<Routing> newest) {
        return new TreeMap<>(newest.map(Routing::aliases).orElse(Map.of()));
    }

    private static void checkAlias(String alias) {
        if (!ALIAS.matcher(alias).matches()) {
            throw new ServingFailure.BadParameter("'" + alias + "' is not the name of an alias: up to 64 of "
                    + "a-z 0-9 . _ -, a letter or digit first, without the @");
        }
        if (alias.equals("latest")) {
            throw new ServingFailure.BadParameter("@latest is built in and cannot be set; it is always the version "
                    + "that was created last");
        }
    }
}
