package io.modelyard.registry;

import io.modelyard.model.Caller;

/** Which documents a caller may know of. */
final class Visibility {
    private Visibility() {}

    /** @param key of a document; also without revision and {@code .json}, as in a {@link SyncReport} */
    static boolean sees(Caller caller, String key) {
        if (caller.types().isEmpty()) {
            return true;
        }
        String[] segments = key.split("/", -1);
        boolean ofType = segments.length >= 2 && (segments[0].equals("registry") || segments[0].equals("routing"));
        return ofType && caller.sees(segments[1]);
    }
}
