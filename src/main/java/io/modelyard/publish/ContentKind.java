package io.modelyard.publish;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What comes without a name, told by its first bytes. */
enum ContentKind {
    GZIP(""), TAR(""), ZIP("model.zip"), UBJSON("model.ubj"), JSON("model.json"), ONNX("model.onnx"), PICKLE(
            "model.pkl"), HDF5("model.h5"), UNKNOWN("model");

    /** A tar says what it is behind the first name, mode and owner. */
    private static final int HEAD = 512;
    private static final int TAR_MAGIC_AT = 257;

    private final String fileName;

    ContentKind(String fileName) {
        this.fileName = fileName;
    }

    /** What such a file is called where nobody gave it a name. */
    String fileName() {
        return fileName;
    }

    /** Looks at the first bytes and leaves them to be read. */
    static ContentKind of(BufferedInputStream content) throws IOException {
        content.mark(HEAD);
        byte[] head = content.readNBytes(HEAD);
        content.reset();
        return of(head);
    }

    private static ContentKind of(byte[] head) {
        if (startsWith(head, 0x1f, 0x8b)) {
            return GZIP;
        }
        if (head.length == HEAD && Arrays.equals(head, TAR_MAGIC_AT, TAR_MAGIC_AT + 5,
                "ustar".getBytes(StandardCharsets.US_ASCII), 0, 5)) {
            return TAR;
        }
        if (startsWith(head, 'P', 'K', 3, 4)) {
            return ZIP;
        }
        if (startsWith(head, 0x89, 'H', 'D', 'F')) {
            return HDF5;
        }
        if (head.length > 1 && startsWith(head, 0x80) && head[1] >= 2 && head[1] <= 5) {
            return PICKLE;
        }
        if (startsWith(head, '{')) {
            // An object of UBJSON goes on with the type of a length; one of JSON with a name or white space.
            boolean typed = head.length > 1 && (Character.isLetter(head[1]) || head[1] == '$' || head[1] == '#');
            return typed ? UBJSON : JSON;
        }
        // The first field of an ONNX file is the version of its format, a number.
        return startsWith(head, 0x08) ? ONNX : UNKNOWN;
    }

    private static boolean startsWith(byte[] head, int... bytes) {
        if (head.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((head[i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
