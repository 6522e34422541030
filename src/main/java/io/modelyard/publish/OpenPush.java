package io.modelyard.publish;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A push under way: its id, and which files are in the store already. A remembered one is written to a file at each step, so
 * that another process can go on with it; what cannot be written is only not remembered. Safe for use by many threads.
 */
final class OpenPush {
    private static final Logger LOG = LoggerFactory.getLogger(OpenPush.class);

    private final String id;
    private final @Nullable Path memory;
    private final Set<String> stored = ConcurrentHashMap.newKeySet();

    /**
     * @param memory the file that remembers it; null where nobody could go on with it
     * @param stored the paths that an earlier process brought to the store
     */
    OpenPush(String id, @Nullable Path memory, Set<String> stored) {
        this.id = id;
        this.memory = memory;
        this.stored.addAll(stored);
    }

    /** One that ends with this process. */
    static OpenPush unremembered() {
        return new OpenPush(PushId.fresh(), null, Set.of());
    }

    String id() {
        return id;
    }

    /** Whether another process may go on with it, or do so at this moment. */
    boolean isRemembered() {
        return memory != null;
    }

    boolean isStored(String path) {
        return stored.contains(path);
    }

    /** The file is in the store, whole. */
    void stored(String path) {
        stored.add(path);
        if (memory != null) {
            append(memory, path);
        }
    }

    /** Nobody is to go on with it. */
    void forget() {
        if (memory != null) {
            try {
                Files.deleteIfExists(memory);
            } catch (IOException e) {
                LOG.debug("{} stays until it is too old", memory, e);
            }
        }
    }

    /** One line in one write, so that two processes on one push do not mix theirs. */
    static void append(Path file, String line) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            LOG.debug("{} is not remembered in {}", line, file, e);
        }
    }
}
