package io.modelyard.artifact;

import java.io.IOException;

/** The disk under the cache. */
@FunctionalInterface
interface Disk {
    /** Bytes that this process may still write. */
    long usableBytes() throws IOException;
}
