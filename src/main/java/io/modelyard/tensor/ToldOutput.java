package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One output of a model and how it is told.
 *
 * @param spec its labels are told with it; without labels its values are
 * @param values the first axis counts the rows
 * @param decided for each row the place of its label, −1 where it has none; null where the greatest value decides
 * @param chosen for each value whether it was chosen; told instead of the values where there are no labels, and as a list
 *        of labels where there are. Null where nothing was chosen
 * @param top for each row the places of its greatest values, the greatest first, equally many for each row; null where all
 *        values are told
 */
public record ToldOutput(TensorSpec spec, Tensor values, int @Nullable [] decided, boolean @Nullable [] chosen,
        int @Nullable [] top) {

    /** As the model gave it. */
    public static ToldOutput plain(TensorSpec spec, Tensor values) {
        return new ToldOutput(spec, values, null, null, null);
    }

    /** Each as the model gave it, with its labels or without. */
    public static List<ToldOutput> plain(List<TensorSpec> specs, List<Tensor> values, boolean labels) {
        ToldOutput[] told = new ToldOutput[specs.size()];
        for (int i = 0; i < told.length; i++) {
            TensorSpec spec = specs.get(i);
            told[i] = plain(labels || spec.labels().isEmpty() ? spec : spec.withLabels(List.of()), values.get(i));
        }
        return List.of(told);
    }
}
