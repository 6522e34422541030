import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Trains the sample model {@code breast-cancer}: whether a tumour is malignant (0) or benign (1), from 30 measurements.
 *
 * <pre>
 * java -cp target/modelyard.jar examples/TrainBreastCancer.java examples/data/breast_cancer.csv model.ubj 60 3
 * </pre>
 *
 * The last two arguments are the number of trees and their depth. Every fifth row is held out; the accuracy and log loss on
 * those rows are printed. The same data and arguments give the same model.
 */
public final class TrainBreastCancer {
    private TrainBreastCancer() {}

    public static void main(String[] args) throws IOException, XGBoostError {
        List<String> lines = Files.readAllLines(Path.of(args[0]));
        int trees = Integer.parseInt(args[2]);
        int depth = Integer.parseInt(args[3]);
        String[] header = lines.getFirst().split(",");
        String[] features = Arrays.copyOf(header, header.length - 1);

        List<float[]> training = new ArrayList<>();
        List<float[]> heldOut = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",");
            float[] row = new float[cells.length];
            for (int j = 0; j < cells.length; j++) {
                row[j] = Float.parseFloat(cells[j]);
            }
            (i % 5 == 0 ? heldOut : training).add(row);
        }

        DMatrix trainingSet = matrix(training, features);
        DMatrix testSet = matrix(heldOut, features);
        Map<String, Object> parameters = Map.of("objective", "binary:logistic", "max_depth", depth, "eta", 0.2, "seed",
                7,
                "nthread", 1, "tree_method", "exact");
        Booster booster = XGBoost.train(trainingSet, parameters, trees, Map.of(), null, null);
        booster.saveModel(args[1]);

        float[][] predictions = booster.predict(testSet);
        int right = 0;
        double logLoss = 0;
        for (int i = 0; i < predictions.length; i++) {
            float benign = predictions[i][0];
            float label = heldOut.get(i)[features.length];
            right += (benign > 0.5f) == (label == 1f) ? 1 : 0;
            logLoss -= Math.log(label == 1f ? benign : 1 - benign);
        }
        System.out.printf("held-out rows: %d, accuracy: %.4f, log loss: %.4f%n", predictions.length,
                (double) right / predictions.length, logLoss / predictions.length);
    }

    /** All columns but the last are features; the last is the label. */
    private static DMatrix matrix(List<float[]> rows, String[] features) throws XGBoostError {
        int width = features.length;
        float[] values = new float[rows.size() * width];
        float[] labels = new float[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * width, width);
            labels[i] = rows.get(i)[width];
        }
        DMatrix matrix = new DMatrix(values, rows.size(), width, Float.NaN);
        matrix.setLabel(labels);
        matrix.setFeatureNames(features);
        return matrix;
    }
}
