package io.modelyard.artifact;

import io.modelyard.background.BackgroundThreads;
import io.modelyard.model.ArtifactFile;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;

/**
 * Whether a file still is what its digest says. When that was last seen stands in the file's time of modification, so all
 * links to one content share it and a restart does not forget it. It is a whole second always: whoever writes to the file
 * leaves another time, and is found by that.
 */
final class Verified {
    private static final int CHUNK = 1 << 18;
    private static final FileTime NEVER = FileTime.fromMillis(0);

    private final Duration interval;
    private final InstantSource clock;
    private final BackgroundThreads background;

    /** @param interval after what time a file is to be read again; zero for never */
    Verified(Duration interval, InstantSource clock, BackgroundThreads background) {
        this.interval = interval;
        this.clock = clock;
        this.background = background;
    }

    /** Says that the content was just seen to be right. */
    void stamp(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().truncatedTo(ChronoUnit.SECONDS)));
    }

    /** Says that the content, under all its names, is not to be believed until it was read again. */
    void revoke(Path file) throws IOException {
        Files.setLastModifiedTime(file, NEVER);
    }

    /** Whether it has its size and was seen to be right, not too long ago; nothing is read for that. */
    boolean isFresh(Path file, long size) throws IOException {
        Instant seen = Files.getLastModifiedTime(file).toInstant();
        Instant now = clock.instant();
        return Files.size(file) == size && seen.equals(seen.truncatedTo(ChronoUnit.SECONDS))
                && !seen.equals(NEVER.toInstant())
                && !seen.isAfter(now) && (interval.isZero() || now.isBefore(seen.plus(interval)));
    }

    /**
     * Whether the file is right, read again if it must be; its stamp says so afterwards.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    boolean isSound(Path path, ArtifactFile file) throws IOException {
        return isFresh(path, file.size()) || check(path, file, read -> {});
    }

    /**
     * Reads the file, and stamps it or revokes its stamp.
     *
     * @param pace is told how much was read, bit by bit, and may take its time
     */
    boolean check(Path path, ArtifactFile file, IntConsumer pace) throws IOException {
        boolean sound = Files.size(path) == file.size() && read(path, pace).equals(file.sha256());
        if (sound) {
            stamp(path);
        } else {
            revoke(path);
        }
        return sound;
    }

    private String read(Path path, IntConsumer pace) throws IOException {
        try {
            return background.run("artifact-verification", () -> sha256(path, pace));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server is shutting down");
        } catch (ExecutionException e) {
            throw new IOException(path + " cannot be read: " + e.getCause(), e);
        }
    }

    private static String sha256(Path path, IntConsumer pace) throws IOException {
        MessageDigest sha256 = newSha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(path)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                sha256.update(chunk, 0, n);
                pace.accept(n);
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
