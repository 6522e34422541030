package io.modelyard.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of the files beside an ONNX file in which it keeps its weights. Each tensor kept so has an entry
 * {@code location} among its {@code external_data}, which are StringStringEntryProto: the key in field 1, the value in
 * field 2. They are found by these bytes, so that a file of any size is read once and by nothing that it could mislead;
 * what is found and is no such entry names no file that exists.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/ExternalData.md">the format</a>
 */
final class ExternalData {
    private static final byte[] KEY = "\n\blocation\u0012".getBytes(UTF_8);
    private static final int WINDOW = 1 << 26;
    /** More than a key and the longest name that is looked for. */
    private static final int OVERLAP = 4096;

    private ExternalData() {}

    /** The locations, as they are written in the file. */
    static List<String> of(Path onnx) throws IOException {
        Set<String> locations = new LinkedHashSet<>();
        try (FileChannel channel = FileChannel.open(onnx)) {
            long size = channel.size();
            for (long from = 0; from < size; from += WINDOW) {
                ByteBuffer window = channel.map(FileChannel.MapMode.READ_ONLY, from,
                        Math.min(WINDOW + OVERLAP, size - from));
                collect(window, locations);
            }
        }
        return new ArrayList<>(locations);
    }

    private static void collect(ByteBuffer bytes, Set<String> locations) {
        int last = Math.min(bytes.limit(), WINDOW + KEY.length) - KEY.length;
        for (int at = 0; at < last; at++) {
            if (bytes.get(at) == KEY[0] && isKey(bytes, at)) {
                String location = text(bytes, at + KEY.length);
                if (!location.isEmpty()) {
                    locations.add(location);
                }
            }
        }
    }

    private static boolean isKey(ByteBuffer bytes, int at) {
        for (int i = 1; i < KEY.length; i++) {
            if (bytes.get(at + i) != KEY[i]) {
                return false;
            }
        }
        return true;
    }

    /** The length-delimited text at that place; empty where there is none of a length that a name can have. */
    private static String text(ByteBuffer bytes, int at) {
        int length = bytes.get(at) & 0x7f;
        int start = at + 1;
        if (bytes.get(at) < 0) {
            if (start >= bytes.limit() || bytes.get(start) < 0) {
                return "";
            }
            length |= bytes.get(start) << 7;
            start++;
        }
        if (length > OVERLAP / 2 || start + length > bytes.limit()) {
            return "";
        }
        byte[] text = new byte[length];
        bytes.get(start, text);
        return new String(text, UTF_8);
    }
}
