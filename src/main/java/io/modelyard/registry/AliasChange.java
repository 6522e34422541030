package io.modelyard.registry;

import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A decision about one alias of a type.
 *
 * @param by who decided
 * @param reason why, if they said so
 */
record AliasChange(String type, String alias, @Nullable String by, @Nullable String reason) {
    private static final Pattern ALIAS = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** @throws ServingFailure.BadParameter if the alias is none that can be given */
    AliasChange {
        if (!ALIAS.matcher(alias).matches()) {
            throw new ServingFailure.BadParameter("'" + alias + "' is not the name of an alias: up to 64 of "
                    + "a-z 0-9 . _ -, a letter or digit first, without the @");
        }
        if (alias.equals("latest")) {
            throw new ServingFailure.BadParameter("@latest is built in and cannot be set; it is always the version "
                    + "that was created last");
        }
    }

    /** The routing in which the alias names that version; the newest itself where it does already. */
    Routing set(Optional<Routing> newest, String version) {
        newest.flatMap(routing -> routing.retirement(version)).ifPresent(retired -> {
            throw new ServingFailure.VersionDeleted(new ModelId(type, version), retired.at(), retired.by());
        });
        Map<String, String> aliases = new HashMap<>(newest.map(Routing::aliases).orElse(Map.of()));
        String before = aliases.put(alias, version);
        return newest.isPresent() && version.equals(before)
                ? newest.get()
                : next(newest.orElse(null), aliases, "set_alias", before, version);
    }

    /** The routing without the alias. */
    Routing removed(Optional<Routing> newest) {
        Map<String, String> aliases = new HashMap<>(newest.map(Routing::aliases).orElse(Map.of()));
        String before = aliases.remove(alias);
        if (before == null) {
            throw ServingFailure.NotFound.alias(type, alias);
        }
        return next(newest.orElse(null), aliases, "remove_alias", before, null);
    }

    private Routing next(@Nullable Routing newest, Map<String, String> aliases, String action, @Nullable String from,
            @Nullable String to) {
        // The writer sets revision, id and time.
        Routing.Change change = new Routing.Change("", Instant.EPOCH, by, action + " @" + alias, from, to, reason);
        return newest == null
                ? new Routing(type, 0, null, null, null, aliases, Map.of(), change)
                : new Routing(type, 0, newest.active(), newest.activeDigest(), newest.previous(), aliases,
                        newest.retired(), change);
    }
}
