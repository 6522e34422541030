package io.modelyard.dashboard;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the page, as it is sent: packed once, not for every caller.
 *
 * @param packed null where packing does not make it smaller
 * @param tag of its content, as {@code ETag} has it
 */
record PageFile(MediaType type, byte[] plain, byte @Nullable [] packed, String tag) {
    private static final Map<String, MediaType> TYPES = Map.of(
            "html", MediaType.of("text/html; charset=utf-8"),
            "js", MediaType.of("text/javascript; charset=utf-8"),
            "css", MediaType.of("text/css; charset=utf-8"),
            "svg", MediaType.of("image/svg+xml"),
            "LICENSE", MediaType.of("text/plain; charset=utf-8"));

    /** @throws IllegalArgumentException for a kind of file that the page has not */
    static PageFile of(String name, byte[] content) {
        MediaType type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException("the page has a file of an unknown kind: " + name);
        }
        byte[] packed = packed(content);
        return new PageFile(type, content, packed.length < content.length ? packed : null,
                '"' + Digest.hex(content).substring(0, 24) + '"');
    }

    /** The file for this caller, or 304 where he has it. */
    MutableHttpResponse<byte[]> answer(HttpRequest<?> request) {
        MutableHttpResponse<byte[]> answer = isHeldBy(request) ? HttpResponse.notModified() : whole(request);
        return answer.header(HttpHeaders.ETAG, tag).header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    }

    private MutableHttpResponse<byte[]> whole(HttpRequest<?> request) {
        return packed != null && takesPacked(request)
                ? HttpResponse.ok(packed).contentType(type).header(HttpHeaders.CONTENT_ENCODING, "gzip")
                : HttpResponse.ok(plain).contentType(type);
    }

    private boolean isHeldBy(HttpRequest<?> request) {
        String held = request.getHeaders().get(HttpHeaders.IF_NONE_MATCH);
        return held != null && held.contains(tag);
    }

    private static boolean takesPacked(HttpRequest<?> request) {
        String accepted = request.getHeaders().get(HttpHeaders.ACCEPT_ENCODING);
        return accepted != null && accepted.toLowerCase(Locale.ROOT).contains("gzip")
                && !accepted.toLowerCase(Locale.ROOT).replace(" ", "").contains("gzip;q=0");
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
