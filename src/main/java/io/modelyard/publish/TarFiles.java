package io.modelyard.publish;

import io.modelyard.model.ServingFailure;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Unpacks a tar that a stranger sent: plain files only, whole or not at all. Hidden files are left out, as systems add them
 * unasked. For one thread.
 */
final class TarFiles {
    /** Names and other things about an entry may be longer than a block; longer than this they are an attack. */
    private static final int LONGEST_HEADER = 1 << 20;
    private static final int END = 1024;

    private TarFiles() {}

    /**
     * Reads to the end.
     *
     * @throws ServingFailure.InvalidModel if an entry is not allowed, which is named
     * @throws ServingFailure.BadParameter if it is not a tar, or not a whole one
     */
    static void unpack(InputStream packed, ReceivedFiles target) throws IOException {
        Metered metered = new Metered(packed);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(metered, StandardCharsets.UTF_8.name())) {
            for (int i = 0;; i++) {
                metered.allow(LONGEST_HEADER);
                TarArchiveEntry entry = tar.getNextEntry();
                if (entry == null) {
                    break;
                }
                if (!entry.isCheckSumOK()) {
                    throw new IOException("the header of entry " + i + " is damaged");
                }
                metered.allow(Long.MAX_VALUE);
                unpack(entry, "entry " + i + " of the tar, '" + shown(entry.getName()) + "'", tar, target);
            }
            metered.allow(LONGEST_HEADER);
            metered.transferTo(OutputStream.nullOutputStream());
            if (metered.zeros < END) {
                throw new IOException("it has no end");
            }
        } catch (TooMuch e) {
            throw new ServingFailure.InvalidModel("the tar has an entry with a header of more than " + LONGEST_HEADER
                    + " bytes, or as much behind its end", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new ServingFailure.BadParameter("the body is not a whole tar, or not a sound one: " + e.getMessage());
        }
    }

    private static void unpack(TarArchiveEntry entry, String where, InputStream content, ReceivedFiles target)
            throws IOException {
        if (entry.isDirectory() || isHidden(entry.getName())) {
            target.discard(where, content);
            return;
        }
        if (entry.isSymbolicLink() || entry.isLink()) {
            throw new ServingFailure.InvalidModel(where + ": it is a link; pack the file that it leads to (tar -h)",
                    null);
        }
        if (!entry.isFile() || entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            throw new ServingFailure.InvalidModel(where + ": it is not a plain file", null);
        }
        target.write(entry.getName(), where, content);
    }

    private static boolean isHidden(String name) {
        for (String segment : name.split("/", -1)) {
            if (segment.startsWith(".") && !segment.equals(".") && !segment.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static String shown(String name) {
        String printable = name.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= 200 ? printable : printable.substring(0, 200) + "…";
    }

    private static final class TooMuch extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Counts what is read, since the library takes headers whole into memory and does not mind a missing end. */
    private static final class Metered extends FilterInputStream {
        private long allowed;
        /** How many of the last bytes are zero. */
        private long zeros;

        Metered(InputStream in) {
            super(in);
        }

        void allow(long bytes) {
            allowed = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read > 0) {
                allowed -= read;
                if (allowed < 0) {
                    throw new TooMuch();
                }
                int end = offset + read;
                int at = end;
                while (at > offset && buffer[at - 1] == 0) {
                    at--;
                }
                zeros = at == offset ? zeros + read : end - at;
            }
            return read;
        }

        /** By reading, so that what is skipped is counted. */
        @Override
        public long skip(long bytes) throws IOException {
            byte[] skipped = new byte[(int) Math.min(bytes, 1 << 13)];
            return Math.max(0, read(skipped, 0, skipped.length));
        }
    }
}
