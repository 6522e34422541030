package io.modelyard.artifact;

import io.modelyard.model.ArtifactFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The folders that runtimes are given: built whole, or not at all. A version's pin is held by whoever builds it. */
final class VersionFolders {
    private final CacheFolder folder;
    private final Links links;
    private final Verified verified;

    VersionFolders(CacheFolder folder, Links links, Verified verified) {
        this.folder = folder;
        this.links = links;
        this.verified = verified;
    }

    /** Files of the version that are not what they should be, read again where it is time for that. */
    List<ArtifactFile> damaged(Contents contents) throws IOException {
        List<ArtifactFile> damaged = new ArrayList<>();
        for (ArtifactFile file : contents.files()) {
            try {
                if (!verified.isSound(folder.files(contents.digest()).resolve(file.path()), file)) {
                    damaged.add(file);
                }
            } catch (NoSuchFileException missing) {
                damaged.add(file);
            }
        }
        return damaged;
    }

    /**
     * Builds the folder from blobs, in the place of one that may be there.
     *
     * @throws ArtifactException if a path leads out of the folder
     */
    Contents build(Contents contents) throws IOException, ArtifactException {
        Path fresh = folder.fresh();
        try {
            Path files = Files.createDirectories(fresh.resolve("files"));
            boolean copied = false;
            for (ArtifactFile file : contents.files()) {
                Path name = files.resolve(file.path()).normalize();
                if (!name.startsWith(files) || name.equals(files)) {
                    throw new ArtifactException("the path '" + file.path() + "' leaves the version's folder", null);
                }
                Files.createDirectories(name.resolveSibling(""));
                copied |= links.place(folder.blob(file.sha256()), name);
            }
            Contents built = contents.asCopied(copied);
            built.write(fresh.resolve("contents.json"));
            Durably.syncTree(fresh);
            Path place = folder.version(contents.digest());
            folder.discard(place);
            Durably.move(fresh, place);
            return built;
        } finally {
            CacheFolder.delete(fresh);
        }
    }

    /** Remembers on disk when the version was used. */
    void touch(String digest, Instant now) throws IOException {
        Files.setLastModifiedTime(folder.version(digest), FileTime.from(now));
    }

    Instant lastUse(String digest) throws IOException {
        return Files.getLastModifiedTime(folder.version(digest)).toInstant();
    }
}
