package io.modelyard.access;

import io.micronaut.security.authentication.Authentication;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Caller;
import io.modelyard.model.Role;
import io.modelyard.model.RowQuota;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who holds a valid key, as Micronaut Security sees it. Made once per key, not once per request. */
final class Holder implements Authentication {
    private static final long serialVersionUID = 1;

    private final transient ApiKey key;
    private final transient Caller caller;
    private final transient @Nullable KeyLimiter limiter;
    private final transient LastUse lastUse;
    private final List<String> roleNames;

    /** @param limiter null for a key without limits */
    Holder(ApiKey key, @Nullable KeyLimiter limiter, LastUse lastUse) {
        this.key = key;
        this.lastUse = lastUse;
        this.limiter = limiter;
        this.caller = new Caller(key.id(), effective(key.roles()), key.types(),
                limiter == null ? RowQuota.UNLIMITED : limiter);
        this.roleNames = caller.roles().stream().map(Role::jsonName).sorted().toList();
    }

    /** Who may make keys can make one with any role, so {@code admin} includes them all. */
    private static Set<Role> effective(Set<Role> roles) {
        return roles.contains(Role.ADMIN) ? EnumSet.allOf(Role.class) : roles;
    }

    ApiKey key() {
        return key;
    }

    LastUse lastUse() {
        return lastUse;
    }

    @Nullable
    KeyLimiter limiter() {
        return limiter;
    }

    Caller caller() {
        return caller;
    }

    @Override
    public String getName() {
        return caller.keyId();
    }

    @Override
    public Collection<String> getRoles() {
        return roleNames;
    }

    @Override
    public Map<String, Object> getAttributes() {
        return Map.of();
    }
}
