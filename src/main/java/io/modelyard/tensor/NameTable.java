package io.modelyard.tensor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the place of a name in a list from its UTF-8 bytes, without making a string: an open hash table, half empty at
 * least. Immutable.
 */
final class NameTable {
    private final byte[][] names;
    /** Names that JSON must write with an escape. */
    private final boolean[] escaped;
    private final int[] buckets;

    /** @param names distinct */
    NameTable(List<String> names) {
        this.names = names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        escaped = new boolean[this.names.length];
        buckets = new int[Math.max(4, Integer.highestOneBit(this.names.length) << 2)];
        Arrays.fill(buckets, -1);
        for (int place = 0; place < this.names.length; place++) {
            escaped[place] = names.get(place).chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\');
            byte[] name = this.names[place];
            int bucket = hash(name, 0, name.length) & (buckets.length - 1);
            while (buckets[bucket] >= 0) {
                bucket = (bucket + 1) & (buckets.length - 1);
            }
            buckets[bucket] = place;
        }
    }

    /**
     * Where the string closes whose content starts at {@code from}, if that is the name at {@code place}, written without
     * escapes; -1 otherwise, and where there is no such place.
     */
    int closeOf(int place, byte[] text, int from, int end) {
        if (place < 0 || place >= names.length || escaped[place]) {
            return -1;
        }
        int close = from + names[place].length;
        return close < end && text[close] == '"' && is(place, text, from, close) ? close : -1;
    }

    /** The place of the name that stands in {@code text} from {@code from} up to {@code to}, or -1. */
    int find(byte[] text, int from, int to) {
        int bucket = hash(text, from, to) & (buckets.length - 1);
        while (buckets[bucket] >= 0) {
            if (is(buckets[bucket], text, from, to)) {
                return buckets[bucket];
            }
            bucket = (bucket + 1) & (buckets.length - 1);
        }
        return -1;
    }

    private boolean is(int place, byte[] text, int from, int to) {
        byte[] name = names[place];
        return Arrays.equals(name, 0, name.length, text, from, to);
    }

    private static int hash(byte[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + text[i];
        }
        return hash ^ hash >>> 15;
    }
}
