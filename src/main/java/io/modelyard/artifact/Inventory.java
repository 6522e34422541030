package io.modelyard.artifact;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What an earlier process left on disk: what is whole is taken over, what is unfinished is removed. Looks at names and
 * sizes only, so that a start is quick however much there is.
 */
final class Inventory {
    private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

    /** How long contents without a version, and downloads that broke off, are kept for another try. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final CacheFolder folder;
    private final Ledger ledger;
    private final Instant abandoned;

    Inventory(CacheFolder folder, Ledger ledger, Instant now) {
        this.folder = folder;
        this.ledger = ledger;
        this.abandoned = now.minus(ABANDONED);
    }

    /** To be called before anything else is done with the folder. */
    void take() throws IOException {
        folder.removeUnfinished();
        folder.emptyTrash();
        Map<String, Long> sizes = new HashMap<>();
        for (Path version : folder.versions()) {
            takeVersion(version, sizes);
        }
        for (Path blob : folder.blobs()) {
            takeBlob(blob, sizes);
        }
        takeParts();
        folder.emptyTrash();
    }

    private void takeVersion(Path version, Map<String, Long> sizes) throws IOException {
        String digest = version.getFileName().toString();
        try {
            Contents contents = Contents.read(folder.contents(digest));
            if (!contents.digest().equals(digest)) {
                throw new IOException("it is of the version " + contents.digest());
            }
            contents.files().forEach(file -> sizes.put(file.sha256(), file.size()));
            ledger.hasVersion(contents, Files.getLastModifiedTime(version).toInstant());
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is not a version's folder and is removed: {}", version, e.toString());
            folder.discard(version);
        }
    }

    /** @param sizes of the contents that versions hold */
    private void takeBlob(Path blob, Map<String, Long> sizes) throws IOException {
        String sha256 = blob.getFileName().toString();
        long size = Files.size(blob);
        Long expected = sizes.get(sha256);
        if (expected == null ? isAbandoned(blob) : expected != size) {
            folder.discard(blob);
        } else {
            ledger.hasBlob(sha256, size);
        }
    }

    private void takeParts() throws IOException {
        for (Path file : folder.incoming()) {
            String name = file.getFileName().toString();
            String sha256 = name.substring(0, Math.max(0, name.indexOf('.')));
            Path part = folder.part(sha256);
            if (!Files.exists(part) || !Files.exists(folder.origin(sha256)) || isAbandoned(part)) {
                folder.discard(file);
            } else if (file.equals(part)) {
                ledger.hasPart(sha256, Files.size(part));
            }
        }
    }

    private boolean isAbandoned(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().isBefore(abandoned);
    }
}
