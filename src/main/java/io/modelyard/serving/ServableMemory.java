package io.modelyard.serving;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a servable takes of this process' memory.
 *
 * @param estimatedBytes what room was made for, before it was loaded
 * @param basis what the estimate rests on
 * @param measuredBytes by how much the process' native memory grew when it was loaded and warmed up; empty where that could
 *        not be told, or not yet
 */
public record ServableMemory(long estimatedBytes, Basis basis, OptionalLong measuredBytes) {

    /** Where an estimate comes from, the best first. */
    public enum Basis {
        /** What the same digest took when it was loaded here before. */
        MEASURED,
        /** What the same digest took in the process in which it was tried. */
        TRIAL,
        /** The sizes of its files, times what models of its runtime take for each byte of them. */
        FILES;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    ServableMemory withMeasured(OptionalLong bytes) {
        return new ServableMemory(estimatedBytes, basis, bytes);
    }

    /** What it counts for against the limit. */
    public long bytes() {
        return measuredBytes.orElse(estimatedBytes);
    }
}
