package io.modelyard.predictioncache;

import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Tensor;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses a part of all inputs by their content, in some ten nanoseconds: from a few values of each tensor, not all. Equal inputs
 * are chosen together. From time to time it chooses others, because a few inputs that are asked for all the time may all have been left
 * out. Nothing depends on the choice but which inputs are looked up, so a hash that callers can outwit will do. Safe for use by
 * many threads.
 */
final class InputSample {
    private static final int VALUES = 8;
    private static final int PERIOD = 8192;
    /** As many bits as a double holds. */
    private static final int BITS = 53;

    private final AtomicInteger asked = new AtomicInteger();

    /** Where the rows stand among all, from 0 to 1: below a share if they belong to it. */
    double place(InputRows rows) {
        long hash = mix(asked.getAndIncrement() / PERIOD + 1L);
        for (Tensor tensor : rows.tensors()) {
            hash = mix(hash + tensor.length());
            int step = Math.max(1, tensor.length() / VALUES);
            for (int i = 0; i < tensor.length(); i += step) {
                hash = mix(hash ^ bits(tensor, i));
            }
        }
        return (hash >>> (Long.SIZE - BITS)) * 0x1p-53;
    }

    private static long bits(Tensor tensor, int i) {
        return switch (tensor) {
            case Tensor.Floats floats -> Float.floatToRawIntBits(floats.values()[i]);
            case Tensor.Doubles doubles -> Double.doubleToRawLongBits(doubles.values()[i]);
            case Tensor.Bytes bytes -> bytes.values()[i];
            case Tensor.Shorts shorts -> shorts.values()[i];
            case Tensor.Ints ints -> ints.values()[i];
            case Tensor.Longs longs -> longs.values()[i];
            case Tensor.Booleans booleans -> booleans.values()[i] ? 1 : 0;
            case Tensor.Strings strings -> strings.values()[i].hashCode();
        };
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). */
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
