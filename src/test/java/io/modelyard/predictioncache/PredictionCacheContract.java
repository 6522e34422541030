package io.modelyard.predictioncache;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Array;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What every tier does. */
public abstract class PredictionCacheContract {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final AtomicInteger KEYS = new AtomicInteger();

    /** The tier; the same at every call in one test. */
    protected abstract PredictionCache cache();

    /** Lets time pass for the tier. */
    protected abstract void pass(Duration time);

    protected static CacheKey key() {
        int number = KEYS.incrementAndGet();
        return new CacheKey(number * 0x9e3779b97f4a7c15L, number, -number, 4);
    }

    protected final Lookup find(CacheKey key) {
        return cache().find(key, Runnable::run).toCompletableFuture().join();
    }

    /** Storing may take a moment. */
    protected final Lookup.Hit store(CacheKey key, List<Tensor> outputs, Duration ttl) {
        cache().store(key, outputs, ttl);
        Eventually.isTrue("it is kept", () -> find(key) instanceof Lookup.Hit);
        return (Lookup.Hit) find(key);
    }

    private static Tensor floats(float... values) {
        return new Tensor.Floats(Shape.of(values.length), values);
    }

    /** Values of every kind, with their odd ones. */
    private static List<Tensor> all() {
        return List.of(
                new Tensor.Floats(Shape.of(2, 3),
                        new float[]{0f, -0f, Float.NaN, Float.intBitsToFloat(0x7fc00abc),
                                Float.intBitsToFloat(0xff800001),
                                Float.NEGATIVE_INFINITY}),
                new Tensor.Doubles(Shape.of(3, 1),
                        new double[]{-0.0, Double.longBitsToDouble(0x7ff8000000000123L), Double.MIN_VALUE}),
                new Tensor.Bytes(Shape.of(2), new byte[]{-128, 127}, DataType.INT8),
                new Tensor.Bytes(Shape.of(2), new byte[]{-128, 127}, DataType.UINT8),
                new Tensor.Shorts(Shape.of(1, 2), new short[]{Short.MIN_VALUE, 7}),
                new Tensor.Ints(Shape.of(2), new int[]{Integer.MIN_VALUE, 7}),
                new Tensor.Longs(Shape.of(2), new long[]{Long.MIN_VALUE, 7}),
                new Tensor.Booleans(Shape.of(3), new boolean[]{true, false, true}),
                new Tensor.Strings(Shape.of(4), new String[]{"", "\ud800", "é\u0000", "\ud83d\ude00"}),
                new Tensor.Floats(Shape.of(0, 4), new float[0]), new Tensor.Longs(Shape.of(), new long[]{1}));
    }

    private static void demandSame(List<Tensor> found, List<Tensor> stored) {
        assertThat(found).hasSameSizeAs(stored);
        for (int i = 0; i < stored.size(); i++) {
            Tensor expected = stored.get(i);
            Tensor is = found.get(i);
            assertThat(is.dataType()).isEqualTo(expected.dataType());
            assertThat(is.shape()).isEqualTo(expected.shape());
            for (int at = 0; at < expected.length(); at++) {
                assertThat(bits(is.array(), at)).isEqualTo(bits(expected.array(), at));
            }
        }
    }

    private static Object bits(Object array, int at) {
        return switch (Array.get(array, at)) {
            case Float value -> Float.floatToRawIntBits(value);
            case Double value -> Double.doubleToRawLongBits(value);
            case Object value -> value;
        };
    }

    @Test
    void whatWasNeverStoredIsAMiss() {
        assertThat(find(key())).isEqualTo(new Lookup.Miss());
    }

    @Test
    void whatWasStoredIsThereToTheLastBit() {
        demandSame(store(key(), all(), LONG).outputs(), all());
        demandSame(store(key(), List.of(), LONG).outputs(), List.of());
        float[] many = new float[50_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = Float.intBitsToFloat(i * 0x9e3779b9);
        }
        demandSame(store(key(), List.of(floats(many)), LONG).outputs(), List.of(floats(many)));
    }

    @Test
    void otherKeysAreOtherPlaces() {
        CacheKey key = key();
        store(key, List.of(floats(1)), LONG);
        for (CacheKey other : List.of(new CacheKey(key.first() + 1, key.second(), key.third(), key.fourth()),
                new CacheKey(key.first(), key.second() + 1, key.third(), key.fourth()),
                new CacheKey(key.first(), key.second(), key.third() + 1, key.fourth()),
                new CacheKey(key.first(), key.second(), key.third(), key.fourth() + 1))) {
            assertThat(find(other)).isEqualTo(new Lookup.Miss());
        }
    }

    @Test
    void theLatestIsKept() {
        CacheKey key = key();
        store(key, List.of(floats(1)), LONG);
        cache().store(key, List.of(floats(2)), LONG);
        Eventually.isTrue("the latest", () -> find(key) instanceof Lookup.Hit hit
                && ((Tensor.Floats) hit.outputs().getFirst()).values()[0] == 2);
    }

    @Test
    void itIsKeptAsLongAsSaidAndNotLonger() {
        CacheKey key = key();
        CacheKey longer = key();
        Lookup.Hit hit = store(key, List.of(floats(1)), Duration.ofSeconds(40));
        store(longer, List.of(floats(1)), LONG);
        assertThat(hit.left()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
        pass(Duration.ofSeconds(20));
        assertThat(find(key)).isInstanceOfSatisfying(Lookup.Hit.class,
                still -> assertThat(still.left()).isLessThanOrEqualTo(Duration.ofSeconds(20)));
        pass(Duration.ofSeconds(20));
        assertThat(find(key)).isEqualTo(new Lookup.Miss());
        assertThat(find(longer)).isInstanceOf(Lookup.Hit.class);
    }

    @Test
    void manyAtOnceGetTheirOwn() {
        List<CompletableFuture<Void>> all = java.util.stream.IntStream.range(0, 64)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    CacheKey key = key();
                    demandSame(store(key, List.of(floats(i, 2 * i)), LONG).outputs(), List.of(floats(i, 2 * i)));
                }, Thread::startVirtualThread)).toList();
        all.forEach(CompletableFuture::join);
    }
}
