package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A booster in memory: one input of shape {@code [-1, features]}, a main output whose name says what it is, and on request
 * the margin.
 *
 * <table>
 * <caption>The main output</caption>
 * <tr><th>objective<th>name<th>a row
 * <tr><td>binary:logistic<td>probabilities<td>the probability of the second class
 * <tr><td>multi:softprob<td>probabilities<td>one for each class
 * <tr><td>multi:softmax<td>class<td>the index of the likeliest class
 * <tr><td>all others<td>prediction<td>one value, or one for each target or quantile
 * </table>
 */
final class XgboostModel implements LoadedModel {
    private static final String INPUT = "features";
    private static final String MARGIN = "margin";

    private final Booster booster;
    private final Predictor predictor;
    private final CheckedModel model;
    private final Signature signature;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Predicts a row of missing values, to see how many values a row has. */
    XgboostModel(Booster booster, CheckedModel model) throws XGBoostError {
        this.booster = booster;
        this.model = model;
        this.predictor = Predictor.of(booster, model);
        float[] row = new float[model.features()];
        Arrays.fill(row, Float.NaN);
        TensorSpec input = TensorSpec.of(INPUT, DataType.FLOAT32, Shape.of(Shape.ANY, model.features()))
                .withFeatures(model.featureNames().stream().map(Feature::named).toList());
        TensorSpec main = output(mainOutput(model.objective()), predictor.predict(row, 1, row.length, false));
        TensorSpec margin = output(MARGIN, predictor.predict(row, 1, row.length, true)).asOnRequest();
        this.signature = new Signature(List.of(input), List.of(main, margin), true);
    }

    private static String mainOutput(String objective) {
        return switch (objective) {
            case "binary:logistic", "multi:softprob" -> "probabilities";
            case "multi:softmax" -> "class";
            default -> "prediction";
        };
    }

    private static TensorSpec output(String name, float[][] oneRow) {
        int width = oneRow[0].length;
        return TensorSpec.of(name, DataType.FLOAT32, width == 1 ? Shape.of(Shape.ANY) : Shape.of(Shape.ANY, width));
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public List<String> warnings() {
        return model.warnings();
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, List<String> outputs) {
        if (closed.get()) {
            throw new IllegalStateException("the model is closed");
        }
        if (!(inputs.getFirst() instanceof Tensor.Floats rows)) {
            throw new IllegalArgumentException("the input is float32, not " + inputs.getFirst().dataType().jsonName());
        }
        List<Tensor> answers = new ArrayList<>(outputs.size());
        for (String output : outputs) {
            answers.add(predict(rows, output));
        }
        return answers;
    }

    private Tensor predict(Tensor.Floats input, String output) {
        Shape row = signature.output(output)
                .orElseThrow(() -> new IllegalArgumentException("there is no output '" + output + "'")).shape().row();
        int rows = Math.toIntExact(input.shape().dim(0));
        int width = Math.toIntExact(row.elements());
        float[] answer = new float[Math.multiplyExact(rows, width)];
        if (rows > 0) {
            float[][] predicted;
            try {
                predicted = predictor.predict(input.values(), rows, model.features(), output.equals(MARGIN));
            } catch (XGBoostError e) {
                throw new InferenceException(NativeError.reason(e), e);
            }
            for (int i = 0; i < rows; i++) {
                System.arraycopy(predicted[i], 0, answer, i * width, width);
            }
        }
        return new Tensor.Floats(row.times(rows), answer);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            booster.dispose();
        }
    }
}
