package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/**
 * What an input takes besides values of its dtype: {@code null} where something is put in for it, and words at columns
 * whose words stand for numbers. Words are for inputs of a dtype that {@link #takesWords}. Immutable.
 */
public final class Acceptance {
    /** Nothing but values of the dtype. */
    public static final Acceptance NOTHING_MORE = new Acceptance(false, Set.of(), Map.of());

    private final boolean missingAnywhere;
    private final boolean[] missing;
    private final @Nullable Vocabulary[] vocabularies;

    /**
     * @param missingAnywhere whether null is taken at every place
     * @param missing columns of a flat row at which null is taken
     * @param vocabularies column of a flat row → its words
     */
    public Acceptance(boolean missingAnywhere, Set<Integer> missing, Map<Integer, Vocabulary> vocabularies) {
        this.missingAnywhere = missingAnywhere;
        this.missing = new boolean[end(missing)];
        missing.forEach(column -> this.missing[column] = true);
        this.vocabularies = new Vocabulary[end(vocabularies.keySet())];
        vocabularies.forEach((column, words) -> this.vocabularies[column] = words);
    }

    private static int end(Set<Integer> columns) {
        return columns.stream().mapToInt(column -> column + 1).max().orElse(0);
    }

    /** Whether the places of words fit the dtype, and so may words. */
    public static boolean takesWords(DataType dtype) {
        return switch (dtype) {
            case FLOAT32, FLOAT64, INT32, INT64 -> true;
            case INT8, INT16, UINT8, BOOL, STRING -> false;
        };
    }

    boolean hasWords() {
        return vocabularies.length > 0;
    }

    /** Whether null is taken at a column; what is not flat has one column. */
    boolean takesMissing(int column) {
        return missingAnywhere || (column < missing.length && missing[column]);
    }

    @Nullable
    Vocabulary vocabulary(int column) {
        return column < vocabularies.length ? vocabularies[column] : null;
    }
}
