package io.modelyard.store.directory;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What a file system says of a file.
 *
 * @param changed when content or attributes last changed; unlike {@code modified} nobody can set it. Where the system
 *        does not tell, the same as modified
 * @param identity of the file on its file system
 */
record FileStat(long size, Instant modified, Instant changed, String identity) {
    static final boolean UNIX = FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    static FileStat of(Path file) throws IOException {
        if (!UNIX) {
            BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            Instant modified = basic.lastModifiedTime().toInstant();
            return new FileStat(basic.size(), modified, modified, String.valueOf(basic.fileKey()));
        }
        Map<String, Object> unix = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino",
                LinkOption.NOFOLLOW_LINKS);
        return new FileStat((Long) get(unix, "size"), ((FileTime) get(unix, "lastModifiedTime")).toInstant(),
                ((FileTime) get(unix, "ctime")).toInstant(), get(unix, "ino").toString());
    }

    private static Object get(Map<String, Object> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }
}
