package io.modelyard.publish;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Makes a tar of whatever entries, those included that no tar command makes. */
final class Tars {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    Tars() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    /** All files of a folder below a path that ends with a slash or is empty. */
    static byte[] of(Path folder, String below) {
        Tars tars = new Tars();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = below + folder.relativize(file);
                if (Files.isRegularFile(file)) {
                    tars.file(name, Files.readAllBytes(file));
                } else if (!name.isEmpty()) {
                    tars.entry(new TarArchiveEntry(name + "/", true), new byte[0]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tars.end();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    Tars file(String name, byte[] content) {
        return entry(new TarArchiveEntry(name, true), content);
    }

    Tars link(String name, String target) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true);
        entry.setLinkName(target);
        return entry(entry, new byte[0]);
    }

    /** @param type one of {@link TarConstants} */
    Tars special(String name, byte type) {
        return entry(new TarArchiveEntry(name, type, true), new byte[0]);
    }

    /** As GNU tar writes a name that does not fit into a block. */
    Tars longName(byte[] name) {
        return entry(new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME), name);
    }

    Tars files(int count) {
        for (int i : List.of(0, 1, 2, 3, 4, 5, 6, 7).subList(0, count)) {
            file("file-" + i, new byte[]{1});
        }
        return this;
    }

    byte[] end() {
        try {
            tar.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private Tars entry(TarArchiveEntry entry, byte[] content) {
        try {
            entry.setSize(content.length);
            entry.setModTime(0);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
