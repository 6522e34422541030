package io.modelyard.predict;

import io.modelyard.model.Experiment;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.traffic.Draw;
import io.modelyard.traffic.Split;
import io.modelyard.traffic.TypeView;

import java.util.List;
import java.util.Optional;

/**
 * What a request brings to an experiment: its headers, and what its first row says.
 *
 * @param random drawn once for the request
 * @param view of the type, and
 * @param experiment that runs: the manifests of its versions say where a feature stands in a row that is an array
 */
record RequestDraw(double random, RequestHeaders headers, PredictionRequest request, TypeView view,
        Experiment experiment)
        implements
            Draw {

    @Override
    public Optional<String> value(Experiment.HashOn on) {
        if (on.header() != null) {
            return Optional.ofNullable(headers.get(on.header())).map(String::strip).filter(text -> !text.isEmpty());
        }
        return on.input() == null ? Optional.empty() : FirstRow.value(request, on.input(), column(on.input()));
    }

    /** The place of the feature in a row of the first input that has it; -1 where no manifest tells. */
    private int column(String feature) {
        for (Split.Chosen arm : Split.arms(view, experiment)) {
            for (TensorSpec input : arm.model().manifest().inputs()) {
                List<String> names = input.features().stream().map(Feature::name).toList();
                if (names.contains(feature)) {
                    return names.indexOf(feature);
                }
            }
        }
        return -1;
    }
}
