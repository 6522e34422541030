package io.modelyard.publish;

import io.modelyard.model.ServingFailure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A folder into which files of a sender's choice are written, and the bounds within which the sender may choose: nothing
 * leaves the folder, nothing overwrites, and names mean the same on every file system. For one thread.
 */
final class ReceivedFiles {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_NAME = 512;

    private final Path folder;
    private final ReceiveConfiguration limits;
    /** In lower case → as sent. */
    private final Map<String, String> files = new HashMap<>();
    private final Set<String> folders = new HashSet<>();
    private long bytes;

    ReceivedFiles(Path folder, ReceiveConfiguration limits) {
        this.folder = folder;
        this.limits = limits;
    }

    /**
     * Writes one file.
     *
     * @param name as the sender gave it
     * @param where the file stands in what was sent, for the sender
     * @throws ServingFailure.InvalidModel if there cannot be such a file here
     * @throws ServingFailure.Unavailable if the disk refuses it
     * @throws IOException as reading the content does
     */
    void write(String name, String where, InputStream content) throws IOException {
        String path = placed(name, where);
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = open(path)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                count(read, where);
                write(out, buffer, read);
            }
        }
    }

    /** Reads what is not to be written; it counts all the same, so that nobody is kept busy by it. */
    void discard(String where, InputStream content) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            count(read, where);
        }
    }

    /** How many files have a place. */
    int files() {
        return files.size();
    }

    /** The disk is full, or gone: not the sender's fault, and it may pass. */
    static ServingFailure disk(IOException e) {
        return ServingFailure.Unavailable.storeUnavailable(
                "this server has no room on its disk for what was sent (modelyard.publish.work-directory): "
                        + e.getMessage(),
                e);
    }

    private static ServingFailure invalid(String where, String detail) {
        return new ServingFailure.InvalidModel(where + ": " + detail, null);
    }

    private void count(int read, String where) {
        bytes += read;
        if (bytes > limits.maxBytes()) {
            throw invalid(where, "with it the files are larger than " + limits.maxBytes() + " bytes ("
                    + ReceiveConfiguration.MAX_BYTES + ")");
        }
    }

    private OutputStream open(String path) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.resolveSibling(""));
            return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw disk(e);
        }
    }

    private static void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw disk(e);
        }
    }

    private String placed(String name, String where) {
        String path = name.startsWith("./") ? name.substring(2) : name;
        checkName(path, where);
        if (files.size() == limits.maxFiles()) {
            throw invalid(where, "there are more than " + limits.maxFiles() + " files (modelyard.publish.max-files)");
        }
        String lower = path.toLowerCase(Locale.ROOT);
        String before = files.putIfAbsent(lower, path);
        if (before != null) {
            throw invalid(where, before.equals(path) ? "there are two files of this name"
                    : "there is '" + before + "' too, and some file systems take both for one");
        }
        boolean twofold = folders.contains(lower);
        for (int slash = lower.indexOf('/'); slash >= 0; slash = lower.indexOf('/', slash + 1)) {
            folders.add(lower.substring(0, slash));
            twofold |= files.containsKey(lower.substring(0, slash));
        }
        if (twofold) {
            throw invalid(where, "one name is a file and a folder at once");
        }
        return path;
    }

    private static void checkName(String path, String where) {
        if (path.length() > LONGEST_NAME) {
            throw invalid(where, "the name is longer than " + LONGEST_NAME + " characters");
        }
        if (path.startsWith("/") || path.matches("[A-Za-z]:.*")) {
            throw invalid(where, "the name must be relative");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw invalid(where, "the name must not have '.', '..' or nothing between slashes");
            }
        }
        if (path.indexOf('\\') >= 0 || path.chars().anyMatch(Character::isISOControl)) {
            throw invalid(where, "the name must have forward slashes and no control characters");
        }
    }
}
