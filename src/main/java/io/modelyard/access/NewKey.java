package io.modelyard.access;

import io.modelyard.model.KeyLimits;
import io.modelyard.model.ModelId;
import io.modelyard.model.Role;
import io.modelyard.model.ServingFailure.InvalidInput;
import io.modelyard.tensor.InputProblem;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A key that is to be made.
 *
 * @param roles at least one
 * @param types empty means all
 * @param expiresAt null where it does not expire
 * @param limits null where there are none
 */
public record NewKey(String name, Set<Role> roles, Set<String> types, @Nullable Instant expiresAt,
        @Nullable KeyLimits limits) {
    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_DAYS = 36_500;

    public NewKey {
        roles = Set.copyOf(roles);
        types = Set.copyOf(types);
    }

    /**
     * What somebody asked for in words.
     *
     * @throws InvalidInput with a pointer for everything that is wrong with it
     */
    public static NewKey of(@Nullable String name, @Nullable List<String> roles, @Nullable List<String> types,
            @Nullable Integer expiresInDays, @Nullable Instant expiresAt, @Nullable LimitsWish wish, Instant now) {
        List<InputProblem> problems = new ArrayList<>();
        if (name == null || name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            problems.add(new InputProblem("/name", "a key needs a name of up to " + MAX_NAME_LENGTH
                    + " characters that says who or what will hold it"));
        }
        Set<Role> known = roles(roles == null ? List.of() : roles, problems);
        Set<String> allowed = types(types == null ? List.of() : types, problems);
        if (known.contains(Role.ADMIN) && !allowed.isEmpty()) {
            problems.add(new InputProblem("/types",
                    "an admin cannot be limited to types: it could make itself a key that is not"));
        }
        Instant end = end(expiresInDays, expiresAt, now, problems);
        KeyLimits limits = wish == null ? null : wish.check(problems);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return new NewKey(String.valueOf(name).strip(), known, allowed, end, limits);
    }

    private static Set<Role> roles(List<String> names, List<InputProblem> problems) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (int i = 0; i < names.size(); i++) {
            Optional<Role> role = Role.ofJsonName(String.valueOf(names.get(i)));
            role.ifPresent(roles::add);
            if (role.isEmpty()) {
                problems.add(new InputProblem("/roles/" + i, "there is no role '" + names.get(i) + "', only "
                        + allRoles()));
            }
        }
        if (names.isEmpty()) {
            problems.add(new InputProblem("/roles", "a key needs at least one role of " + allRoles()));
        }
        return roles;
    }

    private static Set<String> types(List<String> names, List<InputProblem> problems) {
        for (int i = 0; i < names.size(); i++) {
            if (!ModelId.isType(String.valueOf(names.get(i)))) {
                problems.add(new InputProblem("/types/" + i, "'" + names.get(i) + "' cannot be the name of a type"));
            }
        }
        return new HashSet<>(names);
    }

    private static @Nullable Instant end(@Nullable Integer inDays, @Nullable Instant at, Instant now,
            List<InputProblem> problems) {
        if (inDays != null && at != null) {
            problems.add(new InputProblem("/expires_at", "give either expires_at or expires_in_days"));
        } else if (inDays != null && (inDays < 1 || inDays > MAX_DAYS)) {
            problems.add(new InputProblem("/expires_in_days", "must be between 1 and " + MAX_DAYS));
        } else if (inDays != null) {
            return now.plus(Duration.ofDays(inDays));
        } else if (at != null && !at.isAfter(now)) {
            problems.add(new InputProblem("/expires_at", at + " is past"));
        }
        return at;
    }

    private static String allRoles() {
        return Arrays.stream(Role.values()).map(Role::jsonName).collect(Collectors.joining(", "));
    }
}
