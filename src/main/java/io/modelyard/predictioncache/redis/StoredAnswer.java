package io.modelyard.predictioncache.redis;

import io.modelyard.predictioncache.BitReader;
import io.modelyard.predictioncache.BitWriter;
import io.modelyard.predictioncache.CacheKey;
import io.modelyard.tensor.Tensor;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Outputs as bytes: the version of this form, the key, until when they may be given out (milliseconds since 1970), how many
 * tensors there are and the tensors as {@link BitWriter} writes them, and the CRC-32C of all that. The key is in it because a
 * connection that has lost its place gives the right answer to somebody else's question.
 */
record StoredAnswer(List<Tensor> outputs, Instant until) {
    /** Raised with every change of the form; what has another version is not read. */
    static final byte VERSION = 1;

    /** All but the tensors. */
    private static final int FRAME = 1 + CacheKey.BYTES + Long.BYTES + Integer.BYTES + Integer.BYTES;
    private static final int MOST_OUTPUTS = 10_000;

    byte[] bytes(CacheKey key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) Math.min(size(outputs), 1 << 20));
        BitWriter writer = BitWriter.into(bytes);
        writer.write(VERSION);
        writeKey(writer, key);
        writer.write(until.toEpochMilli());
        writer.write(outputs.size());
        for (Tensor output : outputs) {
            writer.write(output);
        }
        writer.flush();
        writer.write((int) checksum(bytes.toByteArray(), bytes.size()));
        writer.flush();
        return bytes.toByteArray();
    }

    /** What the bytes say, if they were written by {@link #bytes} for this key and are whole. */
    static Optional<StoredAnswer> read(byte[] bytes, CacheKey key) {
        if (bytes.length < FRAME || bytes[0] != VERSION) {
            return Optional.empty();
        }
        try {
            BitReader reader = new BitReader(bytes);
            reader.readByte();
            CacheKey its = new CacheKey(reader.readLong(), reader.readLong(), reader.readLong(), reader.readLong());
            if (!its.equals(key) || !isWhole(bytes)) {
                return Optional.empty();
            }
            Instant until = Instant.ofEpochMilli(reader.readLong());
            int count = reader.readInt();
            if (count < 0 || count > MOST_OUTPUTS) {
                return Optional.empty();
            }
            List<Tensor> outputs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                outputs.add(reader.readTensor());
            }
            return reader.left() == Integer.BYTES
                    ? Optional.of(new StoredAnswer(List.copyOf(outputs), until))
                    : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            // Whole, and yet nothing that this version writes.
            return Optional.empty();
        }
    }

    /** How many bytes outputs take at least. */
    static long size(List<Tensor> outputs) {
        long size = FRAME;
        for (Tensor output : outputs) {
            size += switch (output) {
                case Tensor.Bytes _,Tensor.Booleans _ -> output.length();
                case Tensor.Shorts _ -> 2L * output.length();
                case Tensor.Floats _,Tensor.Ints _ -> 4L * output.length();
                case Tensor.Doubles _,Tensor.Longs _ -> 8L * output.length();
                case Tensor.Strings texts -> length(texts);
            };
        }
        return size;
    }

    private static long length(Tensor.Strings texts) {
        long size = 0;
        for (String text : texts.values()) {
            size += Integer.BYTES + (long) text.length() * Character.BYTES;
        }
        return size;
    }

    private static void writeKey(BitWriter writer, CacheKey key) {
        writer.write(key.first());
        writer.write(key.second());
        writer.write(key.third());
        writer.write(key.fourth());
    }

    private static boolean isWhole(byte[] bytes) {
        int covered = bytes.length - Integer.BYTES;
        long said = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            said |= (bytes[covered + i] & 0xffL) << (8 * i);
        }
        return said == checksum(bytes, covered);
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
