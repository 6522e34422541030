package io.modelyard.model;

import java.util.Locale;
import java.util.Optional;

/** What the holder of a key may do. */
public enum Role {
    PREDICT, READ, LOGS, PUBLISH, OPERATE, ADMIN;

    /** The name in JSON and in security rules, {@code predict} for example. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> ofJsonName(String name) {
        for (Role role : values()) {
            if (role.jsonName().equals(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
