package io.modelyard.model;

import java.util.Set;

/**
 * Who asks.
 *
 * @param keyId public name of the key, never the key
 * @param types the types that the caller may use and see; empty means all
 * @param rows how many rows the caller may have predicted
 */
public record Caller(String keyId, Set<Role> roles, Set<String> types, RowQuota rows) {
    public Caller {
        roles = Set.copyOf(roles);
        types = Set.copyOf(types);
    }

    /** Somebody without limits. */
    public Caller(String keyId, Set<Role> roles, Set<String> types) {
        this(keyId, roles, types, RowQuota.UNLIMITED);
    }

    public boolean sees(String type) {
        return types.isEmpty() || types.contains(type);
    }

    /**
     * The type itself, for a caller who may use it.
     *
     * @throws ServingFailure.Forbidden for any other, whether there is such a type or not
     */
    public String demand(String type) {
        if (!sees(type)) {
            throw new ServingFailure.Forbidden("this key is not for the type '" + type + "'");
        }
        return type;
    }
}
