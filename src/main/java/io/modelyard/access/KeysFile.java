package io.modelyard.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.DocumentMapper;
import io.modelyard.registry.InvalidDocumentException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keys from a mounted file, {@code {"keys": [...]}}, for servers that may not write to the store. Each is a key document, of
 * which the revision, its change id and the time of its creation may be left out. It is compared by content, because a mounted
 * secret is swapped by links and keeps no useful time. What is wrong with it leaves what was read before in force. Safe for use
 * by many threads.
 */
@Singleton
final class KeysFile {
    private static final Logger LOG = LoggerFactory.getLogger(KeysFile.class);
    private static final long LARGEST = 4 << 20;

    private final @Nullable Path path;
    private final DocumentFormat format;
    private final InstantSource clock;
    private final ObjectMapper mapper = DocumentMapper.create();
    private byte @Nullable [] seen;
    private volatile Content content = new Content(Map.of(), null);

    /**
     * @param keys by id
     * @param problem why the file as it is now is not in force; null where it is
     */
    record Content(Map<String, ApiKey> keys, @Nullable String problem) {}

    KeysFile(AccessConfiguration configuration, DocumentFormat format, InstantSource clock) {
        this.path = configuration.keysFile();
        this.format = format;
        this.clock = clock;
        look();
    }

    Optional<Path> path() {
        return Optional.ofNullable(path);
    }

    /** By id; the same object until there are others. Does not block. */
    Map<String, ApiKey> keys() {
        return content.keys();
    }

    Content content() {
        return content;
    }

    boolean holdsValidAdmin() {
        Instant now = clock.instant();
        return keys().values().stream().anyMatch(key -> key.roles().contains(Role.ADMIN) && key.isValidAt(now));
    }

    /** Reads the file, if there is to be one and it has changed. Blocks. */
    synchronized void look() {
        if (path == null) {
            return;
        }
        try {
            if (Files.size(path) > LARGEST) {
                throw InvalidKeys.of("it has more than " + LARGEST + " bytes");
            }
            byte[] now = Files.readAllBytes(path);
            if (!Arrays.equals(now, seen)) {
                seen = now;
                Map<String, ApiKey> keys = parse(now);
                content = new Content(keys, null);
                LOG.info("{} keys are read from {}", keys.size(), path);
            }
        } catch (InvalidKeys e) {
            broken(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            seen = null;
            broken("there is no such file");
        } catch (IOException e) {
            seen = null;
            broken("it cannot be read: " + e);
        }
    }

    private void broken(String problem) {
        Content before = content;
        if (!problem.equals(before.problem())) {
            LOG.error("The keys of {} are those that were read before, {} of them, because of what it is now: {}", path,
                    before.keys().size(), problem);
            content = new Content(before.keys(), problem);
        }
    }

    private Map<String, ApiKey> parse(byte[] bytes) throws InvalidKeys {
        JsonNode tree;
        try {
            tree = mapper.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw InvalidKeys.of("it is not JSON (line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + ")");
        } catch (IOException e) {
            throw InvalidKeys.of("it is not UTF-8 text");
        }
        if (!(tree.path("keys") instanceof ArrayNode entries) || tree.size() != 1) {
            throw InvalidKeys.of("it must be an object with one member, the array \"keys\"");
        }
        Map<String, ApiKey> keys = new HashMap<>();
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            ApiKey key = key("/keys/" + i, entries.get(i));
            if (keys.put(key.id(), key) != null || !hashes.add(key.hash())) {
                throw InvalidKeys.of("/keys/" + i + ": the id or the hash of '" + key.id() + "' is there before");
            }
        }
        return Map.copyOf(keys);
    }

    private ApiKey key(String pointer, JsonNode entry) throws InvalidKeys {
        if (!(entry instanceof ObjectNode document)) {
            throw InvalidKeys.of(pointer + ": it is not an object");
        }
        putIfAbsent(document, "revision", mapper.getNodeFactory().numberNode(1));
        putIfAbsent(document, "change_id", mapper.getNodeFactory().textNode("file"));
        putIfAbsent(document, "created_at", mapper.getNodeFactory().textNode(Instant.EPOCH.toString()));
        try {
            return format.readKey(mapper.writeValueAsBytes(document));
        } catch (InvalidDocumentException e) {
            throw InvalidKeys.of(pointer + ": " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written", e);
        }
    }

    private static void putIfAbsent(ObjectNode document, String member, JsonNode value) {
        if (!document.has(member)) {
            document.set(member, value);
        }
    }

    /** Why a file is not in force. */
    private static final class InvalidKeys extends Exception {
        private static final long serialVersionUID = 1;

        private InvalidKeys(String message) {
            super(message, null, false, false);
        }

        static InvalidKeys of(String message) {
            return new InvalidKeys(message);
        }
    }
}
