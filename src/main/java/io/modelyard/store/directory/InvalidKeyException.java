package io.modelyard.store.directory;

import java.io.IOException;

/** A key under which a folder can hold nothing. */
final class InvalidKeyException extends IOException {
    InvalidKeyException(String key, String problem) {
        super("'" + key + "' is not a key: " + problem);
    }
}
