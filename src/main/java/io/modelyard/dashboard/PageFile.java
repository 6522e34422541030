package io.modelyard.dashboard;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the page, as it is sent: packed once, not for every caller.
 *
 * @param type as {@code Content-Type} has it
 * @param packed by gzip; null where that does not make it smaller
 * @param tag of its content, as {@code ETag} has it
 */
record PageFile(String type, byte[] plain, byte @Nullable [] packed, String tag) {
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "js",
            "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8", "svg", "image/svg+xml", "LICENSE",
            "text/plain; charset=utf-8");
    private static final int TAG_LENGTH = 24;

    /** @throws IllegalArgumentException for a kind of file that the page has not */
    static PageFile of(String name, byte[] content) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException("the page has a file of an unknown kind: " + name);
        }
        byte[] packed = packed(content);
        return new PageFile(type, content, packed.length < content.length ? packed : null,
                '"' + Digest.hex(content).substring(0, TAG_LENGTH) + '"');
    }

    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length / 2);
        try (GZIPOutputStream packing = new GZIPOutputStream(bytes)) {
            packing.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
